import { execFileSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { inRoot, native, venv, venvBin } from '../../scripts/setup/paths.mjs';
import { isRunning, isSame } from '../../scripts/setup/process.mjs';
import { TENSORFLOW, wheelFor } from '../../scripts/setup/wheel.mjs';
import { bareCheckout, beginSetup, folderOfPrograms, setUp } from './checkout';

const NODE = { file: 'node.mjs', name: 'installNodePackages' };
const PYTHON = { file: 'python.mjs', name: 'installPythonPackages' };
const NATIVE = { file: 'native.mjs', name: 'installNative' };

/** An npm that is as slow as one likes: it begins node_modules, starts a child, and waits. */
const SLOW_NPM = 'mkdir -p node_modules/half; sleep 300 & echo $! > node_modules/half/child; wait';
const QUICK_NPM = 'rm -rf node_modules; mkdir -p node_modules/whole';

/** A Python that says it is one and makes no .venv: setup ends after the Node packages. */
const NODE_PACKAGES_ONLY = {
  LOSSLAB_BACKEND: 'wasm',
  LOSSLAB_PYTHON: inRoot('tests', 'setup', 'no-python.sh'),
};

const withNpm = (script: string) => ({
  PATH: `${folderOfPrograms({ npm: script })}${path.delimiter}${process.env.PATH}`,
});

const has = (root: string, ...parts: string[]) => existsSync(path.join(root, ...parts));

async function childOfNpm(root: string): Promise<number> {
  const file = path.join(root, 'node_modules', 'half', 'child');
  while (!existsSync(file) || readFileSync(file, 'utf8') === '') await pause(20);
  return Number(readFileSync(file, 'utf8'));
}

describe('a setup that is ended in the middle of a step', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s ends all it started, says so, and the next run works', async (signal, expected) => {
    const root = bareCheckout();
    const running = beginSetup(root, withNpm(SLOW_NPM), NODE);
    const child = await childOfNpm(root);
    running.process.kill(signal);
    const { status, output } = await running.ended;
    expect(status).toBe(expected);
    expect(output).toContain(`Interrupted (${signal}).`);
    await expect.poll(() => isRunning(child)).toBe(false);
    const next = await setUp(root, withNpm(QUICK_NPM), NODE);
    expect(next).toMatchObject({ status: 0 });
    expect(has(root, 'node_modules', 'whole')).toBe(true);
    expect(has(root, 'node_modules', 'half')).toBe(false);
  });

  it('by SIGKILL leaves a lock and a step behind: the next run takes over and ends that step', async () => {
    const root = bareCheckout();
    const running = beginSetup(root, { ...withNpm(SLOW_NPM), ...NODE_PACKAGES_ONLY });
    const child = await childOfNpm(root);
    running.process.kill('SIGKILL');
    await running.ended;
    expect(isRunning(child)).toBe(true);
    expect(has(root, '.native', 'setup.lock')).toBe(true);
    const next = await setUp(root, { ...withNpm(QUICK_NPM), ...NODE_PACKAGES_ONLY });
    expect(next.output).toContain('✓ Node packages');
    expect(next.output).not.toContain('waiting');
    await expect.poll(() => isRunning(child)).toBe(false);
    expect(has(root, '.native', 'setup.lock')).toBe(false);
  });

  it('is waited for by a second one, which says so in one line', async () => {
    const root = bareCheckout();
    const first = beginSetup(root, { ...withNpm(`${QUICK_NPM}; sleep 2`), ...NODE_PACKAGES_ONLY });
    while (!has(root, 'node_modules', 'whole')) await pause(20);
    const second = beginSetup(root, { ...withNpm(SLOW_NPM), ...NODE_PACKAGES_ONLY });
    await Promise.all([first.ended, second.ended]);
    const line = `Another setup of this checkout is running (process ${first.process.pid}): waiting for it.`;
    expect(second.output().split(line)).toHaveLength(2);
    // The first has installed the Node packages; the second finds them.
    expect(first.output()).toContain('✓ Node packages');
    expect(second.output()).not.toContain('Node packages');
  });
});

it('a process is told from a later one with the same number', () => {
  expect(isSame({ pid: process.pid, born: 'at another time' })).toBe(false);
});

describe('a .venv', () => {
  it('whose Python is gone, or that was cut short, is made anew', async () => {
    const root = bareCheckout();
    writeFileSync(path.join(root, 'requirements.txt'), '');
    const python = path.join(root, path.relative(inRoot(), venvBin('python')));
    expect(await setUp(root, {}, PYTHON)).toMatchObject({ status: 0 });
    expect((await setUp(root, {}, PYTHON)).output).toBe('');
    // A Python that was removed leaves a link to nothing.
    rmSync(python);
    symlinkSync('/nowhere/python3', python);
    expect((await setUp(root, {}, PYTHON)).output).toContain('✓ Python environment in .venv');
    expect((await setUp(root, {}, PYTHON)).output).toBe('');
    // Killed before pip was there.
    const lib = path.join(root, path.relative(inRoot(), venv), 'lib');
    rmSync(lib, { recursive: true });
    rmSync(path.join(root, '.venv', '.losslab-packages'));
    expect((await setUp(root, {}, PYTHON)).output).toContain('✓ Python environment in .venv');
  });
});

const wheel = wheelFor();

/** The two packages the addon is compiled from, and the library, by a link. */
function checkoutWithLibrary(): string {
  const root = bareCheckout();
  for (const part of [
    '@tensorflow/tfjs-node/binding',
    '@tensorflow/tfjs-node/package.json',
    'node-api-headers',
  ])
    cpSync(inRoot('node_modules', part), path.join(root, 'node_modules', part), { recursive: true });
  mkdirSync(path.join(root, '.native'));
  const library = `tensorflow-${TENSORFLOW}`;
  symlinkSync(path.join(native, library), path.join(root, '.native', library));
  return root;
}

const addonOf = (root: string) =>
  path.join(root, 'node_modules', '@tensorflow', 'tfjs-node', 'lib', 'napi-v8', 'tfjs_binding.node');

describe.runIf(wheel && existsSync(path.join(native, `tensorflow-${TENSORFLOW}`)))('the native addon', () => {
  it('half compiled, with a broken link, is compiled and linked anew, and loads', async () => {
    const root = checkoutWithLibrary();
    writeFileSync(path.join(root, '.native', 'tfjs_binding.node'), 'half of it');
    mkdirSync(path.dirname(addonOf(root)), { recursive: true });
    symlinkSync('/nowhere/tfjs_binding.node', addonOf(root));
    const first = await setUp(root, {}, NATIVE);
    expect(first.output).toContain('✓ TensorFlow: compile the Node addon');
    const program = 'process.stdout.write(require(process.argv[1]).TF_Version)';
    const version = execFileSync(process.execPath, ['-e', program, addonOf(root)], { encoding: 'utf8' });
    expect(version).toBe(TENSORFLOW);
    expect(await setUp(root, {}, NATIVE)).toEqual({ status: 0, output: '' });
  });

  it('that does not compile shows the last lines of the compiler, and leaves none', async () => {
    const root = checkoutWithLibrary();
    const env = {
      CXX: path.join(
        folderOfPrograms({ cxx: 'if [ "$1" = --version ]; then exit 0; fi; echo no luck; exit 3' }),
        'cxx',
      ),
    };
    const { status, output } = await setUp(root, env, NATIVE);
    expect(status).toBe(1);
    expect(output).toContain('  │ no luck\n');
    expect(output).toContain('LOSSLAB_BACKEND=wasm npm start');
    expect(existsSync(addonOf(root))).toBe(false);
  });
});

/** A wheel of our own, a few bytes long, at the place pip looks in. */
function tinyWheel(root: string): Record<string, string> {
  const name = `${wheel?.package.replace('-', '_')}-${TENSORFLOW}`;
  const program = `import sys, zipfile
with zipfile.ZipFile(sys.argv[1] + '-cp312-cp312-${wheel?.platform}.whl', 'w') as archive:
  for name in ['tensorflow/${wheel?.libraries[0]}', 'tensorflow/include/a.h', 'tensorflow/python/big.py']:
    archive.writestr(name, 'x')
  info = '${name}.dist-info/'
  archive.writestr(info + 'METADATA', 'Metadata-Version: 2.1\\nName: ${wheel?.package}\\nVersion: ${TENSORFLOW}\\n')
  archive.writestr(info + 'WHEEL', 'Wheel-Version: 1.0\\nRoot-Is-Purelib: false\\nTag: cp312-cp312-${wheel?.platform}\\n')
  archive.writestr(info + 'RECORD', '')`;
  execFileSync(venvBin('python'), ['-c', program, path.join(root, name)]);
  return { PIP_NO_INDEX: '1', PIP_FIND_LINKS: pathToFileURL(root).href };
}

describe.runIf(wheel)('the TensorFlow library', () => {
  it('half downloaded or half unpacked is fetched anew; of the wheel only libraries and headers are kept', async () => {
    const root = checkoutWithLibrary();
    const library = path.join(root, '.native', `tensorflow-${TENSORFLOW}`);
    rmSync(library);
    symlinkSync(venv, path.join(root, '.venv'));
    for (const folder of ['download', 'partial/tensorflow/include'])
      mkdirSync(path.join(root, '.native', folder), { recursive: true });
    writeFileSync(path.join(root, '.native', 'download', `${wheel?.package}-1.whl`), 'half');
    writeFileSync(path.join(root, '.native', 'partial', 'tensorflow', 'include', 'half.h'), '');
    const { output } = await setUp(root, tinyWheel(root), NATIVE);
    expect(output).toContain('✓ TensorFlow: unpack');
    expect(readdirSync(library).sort()).toEqual(['include', wheel?.libraries[0]]);
    expect(readdirSync(path.join(library, 'include'))).toEqual(['a.h']);
    expect(readdirSync(path.join(root, '.native'))).not.toContain('partial');
    expect(readdirSync(path.join(root, '.native'))).not.toContain('download');
  });
});
