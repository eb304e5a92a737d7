import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import { workOf } from '../graph/mode';
import type { FeedValues, Kept, MapOptions, Pool, RawNumbers } from '../pool';
import type { Built } from './build';
import { find } from './find';
import { insideOf } from './inside';
import { portable } from './portable';
import { type Leaf, leavesOf, withLeaves } from './tree';

/** A compiled function in the hands of a pool. */
export interface Remote {
  /**
   * Calls the function `count` times, wherever there is a process; results in order, tensors as numbers. What all calls
   * have in common (the same object) is sent to each process once, tensors once for all maps.
   * @param argsOf the arguments of call i, shaped as the example's.
   */
  map(count: number, argsOf: (i: number) => readonly unknown[], options?: MapOptions): Promise<unknown[]>;
  dispose(): void;
}

/** Multiplications of one call with arguments like these; undefined where the function runs eagerly. */
export function workOfCall(compiled: object, example: readonly unknown[]): number | undefined {
  const built = builtFor(compiled, example);
  return built && workOf(built.program.plan.graph.nodes);
}

/**
 * Ships a compiled function's graph for arguments like the example's.
 * @returns undefined where the function runs eagerly, draws random numbers or assigns variables, all of which needs
 * this process.
 */
export function remote(pool: Pool, compiled: object, example: readonly unknown[]): Remote | undefined {
  const built = builtFor(compiled, example);
  const seed = leavesOf(example).length;
  if (built === undefined || built.assigned.length > 0 || built.args.includes(seed)) return undefined;
  const shipped = pool.load(portable(built.program.plan));
  const tensors = new WeakMap<tf.Tensor, Kept>();
  return {
    map: async (count, argsOf, options) => {
      const common = keepCommon(
        pool,
        tensors,
        [0, Math.min(1, count - 1)].map((i) => leavesOf(argsOf(i))),
      );
      const feedsOf = (i: number) => {
        const leaves = leavesOf(argsOf(i));
        return built.args.map((k) => common.kept.get(leaves[k] as Leaf) ?? feedOf(leaves[k] as Leaf));
      };
      try {
        const results = await shipped.map(count, feedsOf, options);
        return results.map((numbers) => resultOf(built, numbers));
      } finally {
        common.release();
      }
    },
    dispose: shipped.dispose,
  };
}

function builtFor(compiled: object, example: readonly unknown[]): Built | undefined {
  if (nativeBackend() === undefined) return undefined;
  const { state, run } = insideOf(compiled);
  return find(state, run, example, leavesOf(example));
}

/** Leaves that two calls share are kept; those that are no tensors until `release`. */
function keepCommon(
  pool: Pool,
  tensors: WeakMap<tf.Tensor, Kept>,
  [first = [], second = []]: Leaf[][],
): { kept: Map<Leaf, Kept>; release(): void } {
  const kept = new Map<Leaf, Kept>();
  const passing: Kept[] = [];
  first.forEach((leaf, i) => {
    if (leaf !== second[i]) return;
    const known = leaf instanceof tf.Tensor ? tensors.get(leaf) : undefined;
    const one = known ?? pool.keep(feedOf(leaf));
    if (leaf instanceof tf.Tensor) tensors.set(leaf, one);
    else passing.push(one);
    kept.set(leaf, one);
  });
  return { kept, release: () => passing.forEach((one) => void one.dispose()) };
}

function resultOf({ result }: Built, numbers: RawNumbers[]): unknown {
  return withLeaves(result, numbers);
}

function feedOf(leaf: Leaf): FeedValues {
  return leaf instanceof tf.Tensor
    ? { values: leaf.dataSync() as RawNumbers, shape: leaf.shape }
    : { values: leaf, shape: [leaf.length] };
}
