import { readFileSync } from 'node:fs';
import os from 'node:os';
import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import { addonPath, canUseXla } from '../node';

/** What computes, as far as it decides the bits of a result. */
export interface EngineStamp {
  /** TensorFlow.js's name of the backend: `tensorflow` (native), `wasm` or `cpu`. */
  backend: string;
  /** TensorFlow's version; null on other backends. */
  tensorflow: string | null;
  tfjs: string;
  /** Threads that share one op of a graph on all cores, and of eager work; null on other backends. */
  threads: number | null;
  /** Whether small graphs run in the calling thread (native/session.h is compiled into the addon). */
  callingThread: boolean;
  /** Whether a graph may ask for XLA. */
  xla: boolean;
}

/**
 * What a result may keep to say what computed it: with the same stamp, on the same machine, its bits are the same.
 * @example
 * ```ts
 * engineStamp(); // { backend: 'tensorflow', tensorflow: '2.21.0', tfjs: '4.22.0', threads: 2, … }
 * ```
 */
export function engineStamp(): EngineStamp {
  const native = nativeBackend();
  const { version } = tf as unknown as { version: Record<string, string> };
  return {
    backend: tf.getBackend(),
    tensorflow: native === undefined ? null : String(native.binding.TF_Version),
    tfjs: version.tfjs ?? version['tfjs-core'] ?? 'unknown',
    threads: native === undefined ? null : threads(),
    callingThread: native !== undefined && hasSession(),
    xla: native !== undefined && canUseXla(),
  };
}

/** TensorFlow's own rule: the variable, else one a core. */
function threads(): number {
  const asked = Number(process.env.TF_NUM_INTRAOP_THREADS);
  return Number.isInteger(asked) && asked > 0 ? asked : os.availableParallelism();
}

let found: boolean | undefined;

/** The addon does not tell, but a name that only session.h looks up lies in its file. */
function hasSession(): boolean {
  found ??= readFileSync(addonPath()).includes('use_global_threadpool_E');
  return found;
}
