import { scoped } from '../engine';
import type { Batch, ValueAndGradient } from '../loss';
import { meanOfRow } from './measure';
import type { Measuring } from './points';
import { chunksOf } from './rows';

// Gradients and Hessian-vector products are means over the rows: those of the pieces, each by its share, in float64.

/** Vectors in one graph: they share the passes up to the gradient; more of them cost memory. */
const VECTORS_AT_ONCE = 4;

export function gradient(
  { parts, graphs, state }: Measuring,
  theta: Float32Array,
  batch: Batch | undefined,
): ValueAndGradient<Float32Array> {
  const sum = shareSum(theta.length);
  let value = 0;
  for (const { share, take } of chunksOf(parts.rows, batch, parts.batchSize)) {
    const found = scoped(() => graphs.gradient(theta, take(), state));
    value += share * (meanOfRow(found.losses, 0, found.losses.length) + (found.penalty?.[0] ?? 0));
    sum.add(share, found.gradient);
  }
  return { value, gradient: sum.total() };
}

/** H(θ)·v for each vector. */
export function products(
  { parts, graphs, state }: Measuring,
  theta: Float32Array,
  vs: Float32Array[],
  batch: Batch | undefined,
): Float32Array[] {
  const sums = vs.map(() => shareSum(theta.length));
  for (const { share, take } of chunksOf(parts.rows, batch, parts.batchSize)) {
    for (let first = 0; first < vs.length; first += VECTORS_AT_ONCE) {
      const group = vs.slice(first, first + VECTORS_AT_ONCE);
      const found = scoped(() => graphs.products(theta, group, take(), state));
      found.forEach((product, i) => {
        sums[first + i]?.add(share, product);
      });
    }
  }
  return sums.map((sum) => sum.total());
}

interface ShareSum {
  add(share: number, part: Float32Array): void;
  total(): Float32Array;
}

/** Σ share·part; a single part is the sum itself. */
function shareSum(length: number): ShareSum {
  let only: Float32Array | undefined;
  let sum: Float64Array | undefined;
  const addTo = (total: Float64Array, share: number, part: Float32Array): void => {
    for (let i = 0; i < length; i++) total[i] = (total[i] as number) + share * (part[i] as number);
  };
  return {
    add: (share, part) => {
      if (share === 1) only = part;
      else {
        sum ??= new Float64Array(length);
        addTo(sum, share, part);
      }
    },
    total: () => only ?? Float32Array.from(sum ?? []),
  };
}
