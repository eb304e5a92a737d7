import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { loadNative, wantedBackend, wasmFolder } from './node';
import { installSecondOrder } from './secondOrder';

export { tf };

const WITHOUT_NATIVE =
  'losslab runs on the WebAssembly backend: the same results, a slice 9 to 14 times slower than natively; ' +
  'the few operations it lacks (complex numbers) are named in an error. It starts while the first lines run: ' +
  'await ready() to be sure of it.';

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

/**
 * Until WebAssembly is compiled the `cpu` backend serves; tensors made there move over when they are used. The backend
 * is made before it is chosen: while TensorFlow.js makes it, every operation would throw.
 */
async function startWasm(reason: string): Promise<void> {
  console.warn(`${reason}: ${WITHOUT_NATIVE}`);
  castForReal();
  await choose('cpu');
  setWasmPaths(wasmFolder());
  const make = tf.findBackendFactory('wasm') as () => Promise<tf.KernelBackend>;
  const made = await make();
  tf.removeBackend('wasm');
  tf.registerBackend('wasm', () => made, 2);
  await choose('wasm');
}

interface CpuBackend {
  data: { get(dataId: object): { values: ArrayLike<number> } };
  makeTensorInfo(shape: number[], dtype: tf.DataType, values: Float32Array): tf.TensorInfo;
}

/**
 * The cpu backend casts whole numbers to floats by name only: both tensors share one Int32Array. WebAssembly, where
 * they may go, would take its bytes for floats.
 */
function castForReal(): void {
  const kernel = tf.getKernel('Cast', 'cpu');
  const stock = kernel.kernelFunc;
  kernel.kernelFunc = (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo };
    const backend = call.backend as unknown as CpuBackend;
    if (call.attrs?.dtype !== 'float32' || x.dtype === 'float32' || x.dtype === 'complex64')
      return stock(call);
    return backend.makeTensorInfo(x.shape, 'float32', Float32Array.from(backend.data.get(x.dataId).values));
  };
}

async function choose(name: string): Promise<void> {
  if (!(await tf.setBackend(name))) throw new Error(`the ${name} backend did not start`);
}
