import { tf } from '../backend';
import { philoxUniform } from './philox';

// Uniform numbers as an operation: no state, the seed an input. One kernel, the same bits on every backend.

const KERNEL = 'LosslabUniform';

type Kernel = Parameters<typeof tf.registerKernel>[0]['kernelFunc'];
type Backend = {
  readSync(id: object): ArrayLike<number>;
  write(v: Float32Array, s: number[], d: string): object;
};
interface Native {
  binding: Record<'TF_ATTR_TYPE' | 'TF_FLOAT' | 'TF_INT32', number>;
  executeSingleOutput(op: string, attributes: object[], inputs: tf.TensorInfo[]): tf.Tensor;
}

/**
 * Uniform numbers in [0, 1) that depend on `seed` and nothing else: the same bits on every backend.
 * They have no gradient and leave no trace on a tape.
 *
 * @param shape the shape of the result, float32.
 * @param seed two int32 numbers, shape [2].
 * @throws TypeError when the seed has another type or shape.
 * @see Salmon et al. 2011, doi:10.1145/2063384.2063405 (Philox 4×32-10)
 * @example
 * ```ts
 * const u = statelessUniform([2, 3], tf.tensor1d([1, 2], 'int32'));
 * ```
 */
export function statelessUniform(shape: readonly number[], seed: tf.Tensor1D): tf.Tensor {
  checkSeedTensor(seed);
  return untaped(() => tf.engine().runKernel(KERNEL, { seed }, { shape: [...shape] }) as tf.Tensor);
}

/** Throws unless `seed` is int32 of shape [2]. */
export function checkSeedTensor(seed: tf.Tensor): void {
  if (seed.dtype === 'int32' && seed.shape.length === 1 && seed.shape[0] === 2) return;
  throw new TypeError(
    `seed must be an int32 tensor of shape [2], got ${seed.dtype} of shape [${seed.shape}]`,
  );
}

/** Runs operations as if inside a kernel: no tape records them, nothing is saved for a gradient they do not have. */
export function untaped<T>(run: () => T): T {
  const { state } = tf.engine();
  state.kernelDepth++;
  try {
    return run();
  } finally {
    state.kernelDepth--;
  }
}

/** The shape goes in as a constant tensor, as TensorFlow's operation wants it. */
const native: Kernel = ({ inputs, attrs, backend }) => {
  const { binding } = backend as unknown as Native;
  const type = (name: string, value: number) => ({ name, type: binding.TF_ATTR_TYPE, value });
  const { TF_FLOAT, TF_INT32 } = binding;
  const attributes = [type('T', TF_INT32), type('dtype', TF_FLOAT), type('Tseed', TF_INT32)];
  const shape = tf.tensor1d(attrs?.shape as number[], 'int32');
  const seed = inputs.seed as tf.TensorInfo;
  const out = (backend as unknown as Native).executeSingleOutput('StatelessRandomUniform', attributes, [
    shape,
    seed,
  ]);
  shape.dispose();
  return out;
};

const inScript: Kernel = ({ inputs, attrs, backend }) => {
  const { readSync, write } = bound(backend as unknown as Backend);
  const shape = attrs?.shape as number[];
  const [first = 0, second = 0] = Array.from(readSync((inputs.seed as tf.TensorInfo).dataId));
  const values = philoxUniform([first, second], tf.util.sizeFromShape(shape));
  return { dataId: write(values, shape, 'float32'), shape, dtype: 'float32' };
};

function bound(backend: Backend): Backend {
  return { readSync: (id) => backend.readSync(id), write: (...a) => backend.write(...a) };
}

for (const backendName of ['tensorflow', 'cpu', 'wasm'])
  if (tf.getKernel(KERNEL, backendName) === undefined)
    tf.registerKernel({
      kernelName: KERNEL,
      backendName,
      kernelFunc: backendName === 'tensorflow' ? native : inScript,
    });
