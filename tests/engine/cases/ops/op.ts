import { type Case, sized, type Tensor, type Tf } from '../case';
import { drawn, type Range, seedOf } from '../numbers';
import { scored } from '../score';

interface Options {
  /** Between which numbers the inputs lie; one range for all, or one for each. */
  range?: Range | Range[];
  double?: false;
}

/** An op of tfjs-core as a case. In the shapes of its inputs, N is the batch size. */
export function op(
  tf: Tf,
  name: string,
  shapes: number[][],
  f: (...inputs: Tensor[]) => Tensor | Tensor[],
  { range = [-1.5, 1.5], ...rest }: Options = {},
): Case {
  const seed = seedOf(name);
  const rangeOf = (i: number) => (Array.isArray(range[0]) ? range[i] : range) as Range;
  const point = (rows: number) =>
    shapes.map((shape, i) => drawn(tf, sized(shape, rows), seed + i, rangeOf(i)));
  return {
    name,
    kind: 'op',
    ...rest,
    build: (rows) => scored(tf, point(rows), seed, (at) => f(...at)),
  };
}
