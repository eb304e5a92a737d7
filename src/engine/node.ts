import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';

// What of the backends needs Node; a browser build puts its own file in this one's place.

const load = createRequire(__filename);

/** The backend asked for with LOSSLAB_BACKEND, if any. */
export function wantedBackend(): string | undefined {
  return process.env.LOSSLAB_BACKEND || undefined;
}

/**
 * Loads tfjs-node, which registers the backend `tensorflow`; returns why it could not.
 * @throws Error when it is of another version than this engine was written for.
 */
export function loadNative(): string | undefined {
  restoreUtil();
  checkVersion();
  // TensorFlow's start-up lines are of no use in a notebook; who wants them sets 0.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  allowXla();
  try {
    quietly(() => load('@tensorflow/tfjs-node'));
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** What TensorFlow's library says while it is loaded, before TF_CPP_MIN_LOG_LEVEL reaches it. */
const START_UP =
  /^(WARNING: All log messages before absl::InitializeLog|I\d{4} .*(oneDNN custom operations are on|cpu_feature_guard)|To enable the following instructions)/;

/** Keeps TensorFlow's start-up lines back, and nothing else that is written to stderr meanwhile. */
function quietly(start: () => void): void {
  const quiet = process.env.TF_CPP_MIN_LOG_LEVEL === '0' ? undefined : quietAddon();
  quiet?.hold();
  try {
    start();
  } finally {
    const lines = quiet?.release().split(/(?<=\n)/) ?? [];
    const rest = lines.filter((line) => !START_UP.test(line)).join('');
    if (rest !== '') process.stderr.write(rest);
  }
}

/** Compiled by setup beside tfjs-node's addon; absent where that one is the prebuilt one. */
function quietAddon(): { hold(): void; release(): string } | undefined {
  try {
    const addon = load.resolve('@tensorflow/tfjs-node/lib/napi-v8/tfjs_binding.node');
    return load(path.join(path.dirname(addon), 'quiet.node'));
  } catch {
    return undefined;
  }
}

/** The version whose private parts the engine knows. */
const TFJS_NODE = '4.22.0';

function checkVersion(): void {
  const found = versionOf('@tensorflow/tfjs-node');
  if (found === undefined || found === TFJS_NODE) return;
  throw new Error(
    `losslab needs @tensorflow/tfjs-node ${TFJS_NODE} exactly, since it uses private parts of it, got ${found}; ` +
      `run npm install --save-exact @tensorflow/tfjs-node@${TFJS_NODE}, or set LOSSLAB_BACKEND=cpu to run without it`,
  );
}

function versionOf(name: string): string | undefined {
  try {
    return (load(`${name}/package.json`) as { version: string }).version;
  } catch {
    return undefined;
  }
}

const XLA_FLAG = '--tf_xla_cpu_global_jit';
let xlaAllowed = false;

/** TensorFlow reads its flags once, when it starts; this one lets a graph ask for XLA, and changes no other. */
function allowXla(): void {
  const flags = process.env.TF_XLA_FLAGS ?? '';
  xlaAllowed = flags.includes(XLA_FLAG) || !isLoaded('@tensorflow/tfjs-node');
  if (xlaAllowed && !flags.includes(XLA_FLAG)) process.env.TF_XLA_FLAGS = `${flags} ${XLA_FLAG}`.trim();
}

function isLoaded(name: string): boolean {
  try {
    return load.cache[load.resolve(name)] !== undefined;
  } catch {
    return false;
  }
}

/** Whether TensorFlow was started so that a graph can ask for XLA: not when tfjs-node was loaded before this library. */
export function canUseXla(): boolean {
  return xlaAllowed;
}

/** The file of tfjs-node's addon, once it is loaded. */
export function addonPath(): string {
  const found = Object.keys(load.cache).find((file) => path.basename(file) === 'tfjs_binding.node');
  if (found === undefined) throw new Error('the native backend is not loaded: run npm run setup');
  return found;
}

/** Two helpers that tfjs-node 4.22 calls: Node 22 warns of them, Node 24 dropped them. */
function restoreUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isArray = Array.isArray;
  old.isNullOrUndefined = (x: unknown) => x === null || x === undefined;
}

/** Where the WebAssembly files lie, ending in a separator. */
export function wasmFolder(): string {
  return `${path.dirname(load.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'))}${path.sep}`;
}
