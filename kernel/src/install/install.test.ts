import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { venvBin } from '../../../scripts/setup/paths.mjs';
import { kernelFolder } from './folders';
import { install, uninstall } from './install';
import { losslabSpec } from './spec';

const home = mkdtempSync(path.join(tmpdir(), 'losslab-install-'));
afterAll(() => rmSync(home, { recursive: true }));

let count = 0;
/** A place of its own, not there yet, with a blank and letters beyond ASCII. */
const somewhere = () => ({ prefix: path.join(home, `Größe λ ${++count}`) });

describe('the kernelspec', () => {
  it('names Node and the kernel by absolute paths, so that no PATH is needed', () => {
    const { argv } = losslabSpec();
    expect(argv[0]).toBe(process.execPath);
    expect(argv.at(-1)).toBe('{connection_file}');
    expect(argv.at(-2)).toMatch(/dist[/\\]main\.js$/);
    expect(path.isAbsolute(argv.at(-2) ?? '')).toBe(true);
  });

  it('gives Node the options asked for, before the program', () => {
    const { argv } = losslabSpec({ nodeOptions: ['--max-old-space-size=8192'] });
    expect(argv.indexOf('--max-old-space-size=8192')).toBeGreaterThan(0);
    expect(argv.indexOf('--max-old-space-size=8192')).toBeLessThan(argv.length - 2);
  });

  it('has options of its own that this Node takes', () => {
    const { argv } = losslabSpec();
    const done = spawnSync(argv[0] ?? '', [...argv.slice(1, -2), '-e', ''], { encoding: 'utf8' });
    expect(done).toMatchObject({ status: 0, stderr: '' });
  });

  it('says what VS Code and JupyterLab ask for: the language typescript, interrupts by message', () => {
    expect(losslabSpec({ env: { A: '1' } })).toMatchObject({
      display_name: 'TypeScript (losslab)',
      language: 'typescript',
      interrupt_mode: 'message',
      metadata: { debugger: expect.any(Boolean), supported_encryption: 'curve' },
      env: { A: '1' },
    });
  });
});

describe('an install', () => {
  it('is found by Jupyter, with its logos', () => {
    const place = somewhere();
    const folder = install({ place });
    const logos = ['logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg'];
    expect(readdirSync(folder).sort()).toEqual(['kernel.json', ...logos]);
    const program =
      'import json; from jupyter_client.kernelspec import KernelSpecManager as M; print(json.dumps(M().get_all_specs()))';
    const env = { ...process.env, JUPYTER_PATH: path.join(place.prefix, 'share', 'jupyter') };
    const { stdout } = spawnSync(venvBin('python'), ['-c', program], { env, encoding: 'utf8' });
    const found = JSON.parse(stdout).losslab;
    expect(found.resource_dir).toBe(folder);
    expect(found.spec).toMatchObject(losslabSpec());
  });

  it('leaves alone what has not changed', () => {
    const place = somewhere();
    const times = () =>
      readdirSync(install({ place })).map(
        (name) => statSync(path.join(kernelFolder(place, 'losslab'), name)).mtimeMs,
      );
    expect(times()).toEqual(times());
  });

  it('again with other options replaces kernel.json', () => {
    const place = somewhere();
    const read = (folder: string) => JSON.parse(readFileSync(path.join(folder, 'kernel.json'), 'utf8'));
    expect(read(install({ place })).env).toEqual({ TF_CPP_MIN_LOG_LEVEL: '2' });
    expect(read(install({ place, env: { A: '1' }, displayName: 'Mine' }))).toMatchObject({
      env: { A: '1' },
      display_name: 'Mine',
    });
  });

  it('that can not write leaves no kernel and no half file', () => {
    const place = somewhere();
    const folder = kernelFolder(place, 'losslab');
    // A folder in the place of kernel.json can not be replaced, whoever asks.
    mkdirSync(path.join(folder, 'kernel.json'), { recursive: true });
    expect(() => install({ place })).toThrow();
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is taken away by uninstall, and by none other', () => {
    const place = somewhere();
    const mine = install({ place, name: 'mine' });
    const ours = install({ place });
    expect(uninstall({ place })).toBe(ours);
    expect(uninstall({ place })).toBeUndefined();
    expect([existsSync(ours), existsSync(mine)]).toEqual([false, true]);
  });

  it.each(['..', 'a/b', '', 'Größe', 'A'])('under the name "%s" is refused', (name) => {
    expect(() => install({ place: somewhere(), name })).toThrow(RangeError);
    expect(() => uninstall({ place: somewhere(), name })).toThrow(RangeError);
  });
});

describe('the command line', () => {
  const cli = path.resolve(__dirname, '..', '..', 'dist', 'cli.js');
  const run = (args: string[], env: Record<string, string> = {}) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], {
      encoding: 'utf8',
      env: { ...process.env, JUPYTER_DATA_DIR: path.join(home, 'user'), ...env },
    });
    return { status, stdout, stderr };
  };
  const specIn = (folder: string, name = 'losslab') =>
    JSON.parse(readFileSync(path.join(folder, 'kernels', name, 'kernel.json'), 'utf8'));

  it('installs for the user by default, with all that was asked for', () => {
    const options = [
      '--name',
      'big',
      '--display-name',
      'Big',
      '--env',
      'A=b=c',
      '--env=B=',
      '--node-options=--expose-gc --stack-size=2000',
    ];
    const done = run(['install', ...options]);
    expect(done).toMatchObject({ status: 0, stderr: '' });
    expect(done.stdout).toContain(path.join(home, 'user', 'kernels', 'big'));
    const spec = specIn(path.join(home, 'user'), 'big');
    expect(spec).toMatchObject({ display_name: 'Big', env: { A: 'b=c', B: '' } });
    expect(spec.argv).toEqual(expect.arrayContaining(['--expose-gc', '--stack-size=2000']));
  });

  it('installs below a prefix and takes away again', () => {
    const { prefix } = somewhere();
    expect(run(['install', '--prefix', prefix]).status).toBe(0);
    expect(specIn(path.join(prefix, 'share', 'jupyter')).language).toBe('typescript');
    expect(run(['uninstall', `--prefix=${prefix}`]).status).toBe(0);
    expect(run(['uninstall', `--prefix=${prefix}`])).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no kernel lies in'),
    });
  });

  it('--sys-prefix alone is the environment of the python on the PATH, else the folder given', () => {
    const { prefix } = somewhere();
    mkdirSync(path.join(prefix, 'bin'), { recursive: true });
    const venv = spawnSync(venvBin('python'), ['-m', 'venv', '--without-pip', prefix]);
    expect(venv.status).toBe(0);
    expect(run(['install', '--sys-prefix', '--name', 'x'], { PATH: path.join(prefix, 'bin') }).status).toBe(
      0,
    );
    expect(specIn(path.join(prefix, 'share', 'jupyter'), 'x').language).toBe('typescript');
    const other = somewhere();
    expect(run(['install', '--sys-prefix', other.prefix]).status).toBe(0);
    expect(specIn(path.join(other.prefix, 'share', 'jupyter')).language).toBe('typescript');
    expect(run(['install', '--sys-prefix'], { PATH: '' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no python was found'),
    });
  });

  it.each([
    [['install', '--frob'], "Unknown option '--frob'"],
    [['install', '--user', '--prefix', '/x'], '--user and --prefix exclude each other'],
    [['install', '--prefix', '/x', '--sys-prefix'], '--prefix and --sys-prefix exclude each other'],
    [['install', '--prefix='], '--prefix needs a folder'],
    [['install', '--env', 'novalue'], '--env needs NAME=VALUE, got "novalue"'],
    [['install', 'here'], 'unexpected argument "here"'],
    [['instal'], 'unknown command "instal"'],
  ])('%j is refused in one line', (args, message) => {
    const { status, stdout, stderr } = run(args);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it.runIf(process.platform === 'linux')('a folder that can not be written is named', () => {
    // Not even root makes a folder there.
    const { status, stderr } = run(['install', '--prefix', '/sys']);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^losslab-kernel: \/sys\/share\/jupyter\S* cannot be written \(E(PERM|ACCES|ROFS)\)/,
    );
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('a file where a folder should be is named', () => {
    const { status, stderr } = run(['install', '--prefix', cli]);
    expect(status).toBe(1);
    expect(stderr).toContain(cli);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  });

  it('fetched by npx says that it runs from a cache', () => {
    const folder = path.join(home, '_npx', 'kernel');
    cpSync(path.resolve(__dirname, '..', '..', 'dist'), path.join(folder, 'dist'), { recursive: true });
    cpSync(path.resolve(__dirname, '..', '..', 'assets'), path.join(folder, 'assets'), { recursive: true });
    const args = [path.join(folder, 'dist', 'cli.js'), 'install', '--prefix', somewhere().prefix];
    expect(spawnSync(process.execPath, args, { encoding: 'utf8' }).stdout).toContain('npm install --global');
    expect(run(['install', '--prefix', somewhere().prefix]).stdout).not.toContain('npm install --global');
  });

  it('tells its version, and its options without being asked', () => {
    expect(run(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const args of [[], ['--help'], ['install', '-h']])
      expect(run(args)).toMatchObject({ status: 0, stdout: expect.stringContaining('--sys-prefix') });
  });
});
