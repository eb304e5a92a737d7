import { tf } from '../backend';
import type { NativeBackend, RawNumbers, TensorMeta } from '../graph/backend';
import { DType } from '../graph/graph';
import { isRecording, namingDisposed } from '../graph/record';
import type { AnyRows, Built, Traced } from './build';
import { eagerDraws, seedOfCall, wordsOf } from './draws';
import type { State } from './find';
import type { Feed } from './program';
import { shapeOf } from './signature';
import { type Leaf, leavesOf, opaqueIn, withLeaves } from './tree';

/** Runs a built graph: results in the nest of the function's own, assignments done. */
export function callBuilt(
  backend: NativeBackend,
  state: State,
  built: Built,
  leaves: readonly Leaf[],
): unknown {
  const metas = run(state, built, leaves);
  const count = built.types.length;
  if (metas.length > count) assign(backend, state, built, metas.slice(count));
  const values: unknown[] = [];
  for (let i = 0; i < count; i++) {
    const meta = metas[i] as TensorMeta;
    const isDouble = state.precision === 'float64' && built.types[i] === DType.float;
    values.push(state.arrays ? download(backend, meta, isDouble) : backend.createOutputTensor(meta));
  }
  return withLeaves(built.result, values);
}

function run(state: State, { program, args, anyRows }: Built, leaves: readonly Leaf[]): TensorMeta[] {
  const seed = seedOfCall(state.draws);
  try {
    const feeds = args.map((i) =>
      i === leaves.length ? seedFeed(seed) : feedOf(state, leaves[i] as Leaf, i),
    );
    return program.run(feeds, anyRows && rowsIn(state, leaves, anyRows));
  } finally {
    if (seed instanceof tf.Tensor) seed.dispose();
  }
}

function rowsIn({ shapes }: State, leaves: readonly Leaf[], { rowsOf }: AnyRows): number {
  return shapeOf(leaves[rowsOf] as Leaf, shapes?.[rowsOf], rowsOf)[0] as number;
}

function seedFeed(seed: tf.Tensor1D | number | undefined): Feed {
  return seed instanceof tf.Tensor ? seed : { values: wordsOf(seed), shape: [2] };
}

function feedOf(state: State, leaf: Leaf, position: number): Feed {
  if (leaf instanceof tf.Tensor) return leaf;
  const values =
    state.precision === 'float64' || leaf instanceof Float32Array ? leaf : Float32Array.from(leaf);
  return { values, shape: shapeOf(leaf, state.shapes?.[position], position) };
}

/** Doubles come as pairs of words; whole numbers and truth values as they are. */
function download(backend: NativeBackend, { id }: TensorMeta, isDouble: boolean): RawNumbers {
  const values = backend.binding.tensorDataSync(id);
  backend.binding.deleteTensor(id);
  return isDouble ? new Float64Array(values.buffer, values.byteOffset, values.length / 2) : values;
}

function assign(
  backend: NativeBackend,
  { precision }: State,
  { assigned }: Built,
  metas: TensorMeta[],
): void {
  metas.forEach((meta, i) => {
    const variable = assigned[i] as tf.Variable;
    const value =
      precision === 'float64' && variable.dtype === 'float32'
        ? tf.tensor(Float32Array.from(download(backend, meta, true)), variable.shape)
        : backend.createOutputTensor(meta);
    variable.assign(value);
    value.dispose();
  });
}

/** Runs the function itself, on tensors. */
export function callEagerly(
  state: State,
  traced: Traced,
  args: readonly unknown[],
  leaves: readonly Leaf[],
): unknown {
  if (state.precision === 'float64')
    throw new Error(
      `${state.info.name} computes in float64, which needs the native backend (this is ${tf.getBackend()}) and no ` +
        'gradient or trace around it',
    );
  return freeing(() => {
    const tensors = leaves.map((leaf, i) =>
      leaf instanceof tf.Tensor
        ? leaf
        : tf.tensor(Float32Array.from(leaf), shapeOf(leaf, state.shapes?.[i], i), 'float32'),
    );
    const own = leaves.every((leaf, i) => leaf === tensors[i])
      ? args
      : (withLeaves(args, tensors) as unknown[]);
    // While another function is traced, the draws are that one's.
    const result = isRecording() ? traced(own) : eagerDraws(state.draws, () => traced(own));
    return state.arrays ? downloaded(result) : result;
  });
}

/**
 * Frees what `run` makes and does not return, as a graph's own tensors are. What a promise goes on with, or an object
 * of a class holds, is not known: then nothing is freed. (`tf.tidy` refuses promises, and walks through typed arrays.)
 */
function freeing<T>(run: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  let kept: tf.Tensor[] = [];
  try {
    const result = run();
    const all = opaqueIn(result) !== undefined;
    kept = all
      ? [...(engine.state.activeScope?.track ?? [])]
      : leavesOf(result).filter((leaf) => leaf instanceof tf.Tensor);
    return result;
  } catch (error) {
    throw namingDisposed(error);
  } finally {
    engine.endScope(kept);
  }
}

function downloaded(result: unknown): unknown {
  const values = leavesOf(result).map((leaf) => (leaf instanceof tf.Tensor ? leaf.dataSync() : leaf));
  return withLeaves(result, values);
}
