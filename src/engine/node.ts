import { createRequire } from 'node:module';
import path from 'node:path';
import util from 'node:util';

// What of the backends needs Node; a browser build puts its own file in this one's place.

const load = createRequire(__filename);

/** The backend asked for with LOSSLAB_BACKEND, if any. */
export function wantedBackend(): string | undefined {
  return process.env.LOSSLAB_BACKEND || undefined;
}

/** Loads tfjs-node, which registers the backend `tensorflow`; returns why it could not. */
export function loadNative(): string | undefined {
  restoreUtil();
  // TensorFlow's start-up lines are of no use in a notebook; who wants them sets 0.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  try {
    load('@tensorflow/tfjs-node');
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  }
}

/** Node 24 dropped two helpers that tfjs-node 4.22 calls. */
function restoreUtil(): void {
  const old = util as unknown as Record<string, unknown>;
  old.isArray ??= Array.isArray;
  old.isNullOrUndefined ??= (x: unknown) => x === null || x === undefined;
}

/** Where the WebAssembly files lie, ending in a separator. */
export function wasmFolder(): string {
  return `${path.dirname(load.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'))}${path.sep}`;
}
