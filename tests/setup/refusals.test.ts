import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkNode } from '../../scripts/setup/node.mjs';
import { bareCheckout, folderOfPrograms, NO_NETWORK, setUp } from './checkout';

const PYTHON = { file: 'python.mjs', name: 'installPythonPackages' };
const OLD_PYTHON = 'echo 3 9 1';
const PYTHON_WITHOUT_VENV = 'echo 3 12 0';
const GOOD_PYTHON = 'echo 3 12 1';

/** What is wrong, what to type, and a status that says so; nothing was made that the next try would trip over. */
async function refusal(root: string, env: Record<string, string>) {
  const { status, output } = await setUp(root, env);
  expect(status).toBe(1);
  expect(existsSync(path.join(root, 'node_modules'))).toBe(false);
  expect(existsSync(path.join(root, '.venv'))).toBe(false);
  expect(existsSync(path.join(root, '.native', 'setup.lock'))).toBe(false);
  expect(output).toMatch(/^\n✗ .+\n {2}.+\n\n$/);
  return output;
}

describe('setup refuses before it has written anything', () => {
  it('without Python', async () => {
    const output = await refusal(bareCheckout(), { PATH: folderOfPrograms({}) });
    expect(output).toContain('Python 3.11 or newer is needed: none was found.');
    expect(output).toContain('sudo apt-get install python3 python3-venv');
  });

  it('with a Python that is too old, and says which', async () => {
    const output = await refusal(bareCheckout(), { PATH: folderOfPrograms({ python3: OLD_PYTHON }) });
    expect(output).toContain('Python 3.11 or newer is needed: python3 is 3.9.');
  });

  it('with a Python without venv, and names its package', async () => {
    const output = await refusal(bareCheckout(), {
      PATH: folderOfPrograms({ python3: PYTHON_WITHOUT_VENV }),
    });
    expect(output).toContain('python3 cannot make virtual environments');
    expect(output).toContain('sudo apt-get install python3.12-venv');
  });

  it('with a LOSSLAB_PYTHON that does not run', async () => {
    const output = await refusal(bareCheckout(), { LOSSLAB_PYTHON: '/nowhere/python3' });
    expect(output).toContain('/nowhere/python3 does not run');
  });

  it.runIf(process.platform === 'linux')('without a C++ compiler, and says how to do without', async () => {
    const output = await refusal(bareCheckout(), {
      PATH: folderOfPrograms({ python3: GOOD_PYTHON }),
      CXX: '',
    });
    expect(output).toContain('No C++ compiler was found (looked for g++, c++, clang++)');
    expect(output).toContain('sudo apt-get install g++');
    expect(output).toContain('LOSSLAB_BACKEND=wasm npm start');
  });

  it('on a Node that is too old', () => {
    for (const version of ['18.20.4', '20.18.3'])
      expect(() => checkNode(version)).toThrow(`this is ${version}`);
    for (const version of ['20.19.0', '22.0.0', '26.1.0']) expect(() => checkNode(version)).not.toThrow();
  });
});

describe('setup without a network', () => {
  it('names the Node packages, with the last lines of npm, and leaves no stamp', async () => {
    const root = bareCheckout();
    const { status, output } = await setUp(root, NO_NETWORK);
    expect(status).toBe(1);
    expect(output).toMatch(/^ {2}│ .*(ECONNREFUSED|127\.0\.0\.1:9)/m);
    expect(output).toContain('✗ Node packages (about 0.9 GB, a minute or two) failed');
    expect(output).toContain('Is the network reachable? When it is, run the same command again');
    expect(existsSync(path.join(root, 'node_modules', '.losslab-packages'))).toBe(false);
  });

  it('names JupyterLab, with the last lines of pip; the next try finds a usable .venv and ends well', async () => {
    const root = bareCheckout();
    const failed = await setUp(root, NO_NETWORK, PYTHON);
    expect(failed.status).toBe(1);
    expect(failed.output).toMatch(/^ {2}│ .*No matching distribution/m);
    expect(failed.output).toContain('✗ JupyterLab (about 330 MB, half a minute) failed');
    // Nothing to install: what would come from the network is left out.
    writeFileSync(path.join(root, 'requirements.txt'), '');
    const next = await setUp(root, NO_NETWORK, PYTHON);
    expect(next).toMatchObject({ status: 0 });
    expect(next.output).not.toContain('Python environment');
  });
});
