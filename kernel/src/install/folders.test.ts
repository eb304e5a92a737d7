import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { venvBin } from '../../../scripts/setup/paths.mjs';
import { kernelFolder, userDataFolder } from './folders';

const LINUX = { platform: 'linux', home: '/home/ann' } as const;
const MAC = { platform: 'darwin', home: '/Users/ann' } as const;
const WINDOWS = { platform: 'win32', home: 'C:\\Users\\ann' } as const;

describe("Jupyter's folder of the user", () => {
  it.each([
    ['Linux', { ...LINUX, env: {} }, '/home/ann/.local/share/jupyter'],
    ['Linux with XDG_DATA_HOME', { ...LINUX, env: { XDG_DATA_HOME: '/data' } }, '/data/jupyter'],
    ['macOS', { ...MAC, env: {} }, '/Users/ann/Library/Jupyter'],
    [
      'macOS with JUPYTER_PLATFORM_DIRS',
      { ...MAC, env: { JUPYTER_PLATFORM_DIRS: '1' } },
      '/Users/ann/Library/Application Support/jupyter',
    ],
    [
      'macOS without them by choice',
      { ...MAC, env: { JUPYTER_PLATFORM_DIRS: 'off' } },
      '/Users/ann/Library/Jupyter',
    ],
    [
      'Windows',
      { ...WINDOWS, env: { APPDATA: 'C:\\Users\\ann\\AppData\\Roaming' } },
      'C:\\Users\\ann\\AppData\\Roaming\\jupyter',
    ],
    ['Windows without APPDATA', { ...WINDOWS, env: {} }, 'C:\\Users\\ann\\.jupyter\\data'],
    ['any system with JUPYTER_DATA_DIR', { ...MAC, env: { JUPYTER_DATA_DIR: '/mine' } }, '/mine'],
  ])('on %s', (_, machine, expected) => {
    expect(userDataFolder(machine)).toBe(expected);
  });

  it.each([{}, { JUPYTER_PLATFORM_DIRS: '1' }, { JUPYTER_DATA_DIR: '/mine' }, { XDG_DATA_HOME: '/data' }])(
    'is the one that jupyter_core looks in, with %j',
    (env) => {
      const clean = { PATH: process.env.PATH, HOME: homedir(), ...env };
      const program = 'from jupyter_core.paths import jupyter_data_dir; print(jupyter_data_dir())';
      const { stdout } = spawnSync(venvBin('python'), ['-c', program], { env: clean, encoding: 'utf8' });
      const here = { platform: process.platform, home: homedir(), env };
      expect(userDataFolder(here)).toBe(stdout.trim());
    },
  );
});

it('a prefix holds its kernels below share/jupyter, a relative one too', () => {
  expect(kernelFolder({ prefix: '/opt/env' }, 'losslab')).toBe(
    path.resolve('/opt/env/share/jupyter/kernels/losslab'),
  );
  expect(path.isAbsolute(kernelFolder({ prefix: 'env' }, 'losslab'))).toBe(true);
});
