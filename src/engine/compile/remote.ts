import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import type { FeedValues, Kept, MapOptions, Pool, RawNumbers } from '../pool';
import type { Built } from './build';
import { insideOf } from './compile';
import { find } from './find';
import { portable } from './portable';
import { type Leaf, leavesOf, withLeaves } from './tree';

/** A compiled function in the hands of a pool. */
export interface Remote<A extends readonly unknown[]> {
  /**
   * Calls the function `count` times, wherever there is a process; results in order, tensors as numbers.
   * @param argsOf the arguments of call i, shaped as the example's.
   */
  map(count: number, argsOf: (i: number) => A, options?: MapOptions): Promise<unknown[]>;
  dispose(): void;
}

/**
 * Ships a compiled function's graph for arguments like the example's. Leaves of the example that come again in a call
 * (the same object) are sent to each process once, all others with their call.
 * @returns undefined where the function runs eagerly, draws random numbers or assigns variables, all of which needs
 * this process.
 */
export function remote<A extends readonly unknown[]>(
  pool: Pool,
  compiled: object,
  example: A,
): Remote<A> | undefined {
  const { state, run } = insideOf(compiled);
  const leaves = leavesOf(example);
  const built = nativeBackend() === undefined ? undefined : find(state, run, example, leaves);
  if (built === undefined || built.assigned.length > 0 || built.args.includes(leaves.length))
    return undefined;
  const shipped = pool.load(portable(built.program.plan));
  const kept = new Map<Leaf, Kept>();
  const keep = (leaf: Leaf): Kept => {
    const known = kept.get(leaf);
    if (known !== undefined) return known;
    const made = pool.keep(feedOf(leaf));
    kept.set(leaf, made);
    return made;
  };
  const feeds = (given: Leaf[]) =>
    built.args.map((i) => (given[i] === leaves[i] ? keep(given[i] as Leaf) : feedOf(given[i] as Leaf)));
  return {
    map: async (count, argsOf, options) => {
      const results = await shipped.map(count, (i) => feeds(leavesOf(argsOf(i))), options);
      return results.map((numbers) => resultOf(built, numbers));
    },
    dispose: () => {
      shipped.dispose();
      for (const one of kept.values()) one.dispose();
    },
  };
}

function resultOf({ result }: Built, numbers: RawNumbers[]): unknown {
  return withLeaves(result, numbers);
}

function feedOf(leaf: Leaf): FeedValues {
  return leaf instanceof tf.Tensor
    ? { values: leaf.dataSync() as RawNumbers, shape: leaf.shape }
    : { values: leaf, shape: [leaf.length] };
}
