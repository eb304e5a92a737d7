import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadNative, wantedBackend, wasmFolder } from './node';
import { installSecondOrder } from './secondOrder';

export { tf };

const WITHOUT_NATIVE =
  'losslab runs on the WebAssembly backend: the same results, a slice 9 to 14 times slower than natively; ' +
  'the few operations it lacks (complex numbers) are named in an error.';

const started = start(wantedBackend());
installSecondOrder();

/**
 * Resolves when the backend runs. The native one runs at once; WebAssembly needs a moment, in which what is not
 * asynchronous itself would run on the slow plain backend.
 * @example
 * ```ts
 * import { ready, tf } from 'losslab';
 * await ready();
 * console.log(tf.getBackend());
 * ```
 */
export function ready(): Promise<void> {
  return started;
}

/** The native backend when it is there, else WebAssembly; LOSSLAB_BACKEND (tensorflow, wasm, cpu) decides otherwise. */
function start(wanted: string | undefined): Promise<void> {
  if (wanted === 'cpu') return choose('cpu');
  if (wanted === 'wasm') return startWasm('LOSSLAB_BACKEND=wasm');
  if (wanted !== undefined && wanted !== 'tensorflow')
    throw new Error(`LOSSLAB_BACKEND must be tensorflow, wasm or cpu, got ${wanted}`);
  const problem = loadNative();
  if (problem === undefined) return choose('tensorflow');
  if (wanted === 'tensorflow')
    throw new Error(`the native backend could not be loaded: ${problem}. Run npm run setup.`);
  return startWasm(`no native TensorFlow (${problem}); npm run setup builds it`);
}

/** Until WebAssembly is compiled the `cpu` backend serves; tensors made there move over when they are used. */
async function startWasm(reason: string): Promise<void> {
  console.warn(`${reason}: ${WITHOUT_NATIVE}`);
  await choose('cpu');
  setWasmPaths(wasmFolder());
  await choose('wasm');
}

async function choose(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not start`);
}
