import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { SetupError } from './errors.mjs';
import { inRoot, native, nodeModules, venvBin } from './paths.mjs';
import { ask, run } from './run.mjs';
import { hashOf, isDone, markDone, markUndone } from './stamp.mjs';
import { TENSORFLOW, unpackProgram, wheelFor } from './wheel.mjs';

const tfjsNode = path.join(nodeModules, '@tensorflow', 'tfjs-node');
const sessionHeader = inRoot('src', 'engine', 'native', 'session.h');
const quietSource = inRoot('src', 'engine', 'native', 'quiet.cc');
const library = path.join(native, `tensorflow-${TENSORFLOW}`);
const addon = path.join(native, 'tfjs_binding.node');
/** Found by the engine beside the other. */
const quietAddon = path.join(native, 'quiet.node');

/**
 * The native TensorFlow backend: tfjs-node's addon, built against the library of the PyPI wheel where there
 * is one, else by tfjs-node's own installer, else none, and the library runs on WebAssembly.
 */
export async function installNative() {
  if (wantsWasm()) return;
  const wheel = wheelFor();
  if (!wheel) return ownInstaller();
  await unpackWheel(wheel);
  await compileAddon(wheel);
  linkAddon();
}

const wantsWasm = () => process.env.LOSSLAB_BACKEND === 'wasm';

/** Said before the minutes of downloading, not after them. */
export function checkCompiler() {
  if (!wantsWasm() && wheelFor() && !existsSync(addon)) findCompiler();
}

/** @param {import('./wheel.mjs').Wheel} wheel */
async function unpackWheel(wheel) {
  if (existsSync(library)) return;
  const download = path.join(native, 'download');
  const partial = path.join(native, 'partial');
  for (const folder of [download, partial]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  // Any Python can fetch the wheel of one fixed Python: only the C++ library is taken from it.
  const target = [
    '--only-binary=:all:',
    '--python-version',
    '3.12',
    '--implementation',
    'cp',
    '--platform',
    wheel.platform,
  ];
  await run(
    venvBin('python'),
    [
      '-m',
      'pip',
      'download',
      '--no-deps',
      '--disable-pip-version-check',
      ...target,
      '--dest',
      download,
      `${wheel.package}==${TENSORFLOW}`,
    ],
    {
      label: `TensorFlow ${TENSORFLOW}: download (about 270 MB)`,
      grows: download,
      env: { TMPDIR: download },
      remedy:
        'Is the network reachable? When it is, run the same command again; or run without it: LOSSLAB_BACKEND=wasm npm start',
    },
  );
  await run(venvBin('python'), ['-c', unpackProgram(wheel), download, partial], {
    label: 'TensorFlow: unpack (0.9 GB)',
    grows: partial,
    remedy: `Is there 1.3 GB free below ${native}? When there is, run the same command again.`,
  });
  renameSync(path.join(partial, 'tensorflow'), library);
  for (const folder of [download, partial]) rmSync(folder, { recursive: true, force: true });
}

/** @param {import('./wheel.mjs').Wheel} wheel */
async function compileAddon(wheel) {
  const sources = readdirSync(path.join(tfjsNode, 'binding'))
    .filter((name) => name.endsWith('.cc'))
    .map((name) => path.join(tfjsNode, 'binding', name));
  const stamp = `${addon}.stamp`;
  const inputs = `${TENSORFLOW} ${process.platform}-${process.arch} ${hashOf([...sources, sessionHeader, quietSource])}`;
  if ([addon, quietAddon].every((file) => existsSync(file)) && isDone(stamp, inputs)) return;
  markUndone(stamp);
  await compile(
    tensorflowArguments(wheel, sources),
    addon,
    'TensorFlow: compile the Node addon (about 10 s)',
  );
  await compile([quietSource], quietAddon, 'TensorFlow: compile what keeps its start quiet');
  markDone(stamp, inputs);
}

/** @param {string[]} args sources, and what to link @param {string} output @param {string} label */
async function compile(args, output, label) {
  await run(findCompiler(), [...compilerArguments(), ...args, '-o', `${output}.partial`], {
    label,
    remedy:
      "The lines above are the compiler's. To run without the native backend: LOSSLAB_BACKEND=wasm npm start",
  });
  renameSync(`${output}.partial`, output);
}

function findCompiler() {
  const names = process.env.CXX ? [process.env.CXX] : ['g++', 'c++', 'clang++'];
  const found = names.find((name) => ask(name, ['--version']) !== undefined);
  if (found) return found;
  throw new SetupError(
    `No C++ compiler was found (looked for ${names.join(', ')}); the native TensorFlow backend is compiled with one.`,
    'Install one (Debian, Ubuntu: sudo apt-get install g++; macOS: xcode-select --install) and run the command again, or run without it: LOSSLAB_BACKEND=wasm npm start',
  );
}

function compilerArguments() {
  return [
    ...['-O2', '-std=c++17', '-shared', '-fPIC', '-DNAPI_VERSION=8'],
    `-I${path.join(nodeModules, 'node-api-headers', 'include')}`,
    ...(process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : []),
  ];
}

/** @param {import('./wheel.mjs').Wheel} wheel @param {string[]} sources */
function tensorflowArguments(wheel, sources) {
  const mac = process.platform === 'darwin';
  const origin = mac ? '@loader_path' : '$ORIGIN';
  return [
    ...['-include', sessionHeader, `-I${path.join(library, 'include')}`],
    ...sources,
    ...wheel.libraries.map((name) => path.join(library, name)),
    // Relative, so that the checkout can be moved.
    `-Wl,-rpath,${origin}/${path.basename(library)}`,
    ...(mac ? [] : ['-ldl']),
  ];
}

/** `npm ci` wipes node_modules, so the addon lies outside and is linked into the place tfjs-node looks at. */
function linkAddon() {
  const place = path.join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
  if (existsSync(place)) return;
  rmSync(place, { force: true });
  mkdirSync(path.dirname(place), { recursive: true });
  symlinkSync(path.relative(path.dirname(place), addon), place);
}

/** tfjs-node's own installer downloads a prebuilt library; where that fails WebAssembly remains. */
async function ownInstaller() {
  const stamp = path.join(tfjsNode, '.losslab-installer');
  if (isDone(stamp, TENSORFLOW)) return;
  try {
    await run(process.execPath, ['scripts/install.js', 'cpu', 'download'], {
      label: "TensorFlow: tfjs-node's own installer",
      cwd: tfjsNode,
      env: { PATH: [path.join(nodeModules, '.bin'), process.env.PATH].join(path.delimiter) },
      remedy: '',
    });
  } catch {
    // What that means for the user is said by the library, where it matters: at import.
    console.warn(
      `! No native TensorFlow for ${process.platform}-${process.arch}: losslab will run on WebAssembly.`,
    );
  }
  markDone(stamp, TENSORFLOW);
}
