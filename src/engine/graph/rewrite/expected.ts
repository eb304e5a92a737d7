import { createHash, type Hash } from 'node:crypto';
import { DType, type GraphNode } from '../graph';
import type { Recording } from '../record';
import { EXACT, type Law, type Variation, type Varying } from './batch';
import { ends, positions, type Sized, step } from './steps';

// The laws of a graph for any number of rows were found at three numbers of them. JavaScript may branch at others:
// whether a recording there is what the graph computes is seen from what is kept here of the first.

/** Of a float: a formula of two roundings and a constant that was rounded once may differ by so much. */
const TWO_PLACES = 2 ** -22;

/** What has to come again with another number of rows. */
export interface Expected {
  /** A digest of all steps and of the constants that do not vary. */
  steps: string;
  /** Constants that vary, by their place among the nodes, and their shape where that does not. */
  varying: { at: number; varying: Varying; shape: readonly number[] }[];
  precision: 'float32' | 'float64';
}

export function expectedOf(
  recording: Recording,
  found: Variation,
  precision: 'float32' | 'float64',
): Expected {
  const varying = recording.nodes.flatMap((node, at) => {
    const one = found.get(node);
    return one === undefined ? [] : [{ at, varying: one, shape: shapeOf(node) }];
  });
  return { steps: digest(recording, new Set(varying.map(({ at }) => at))), varying, precision };
}

/** Whether a recording takes the expected steps, and its constants follow the laws. */
export function follows({ steps, varying, precision }: Expected, { rows, recording }: Sized): boolean {
  if (digest(recording, new Set(varying.map(({ at }) => at))) !== steps) return false;
  return varying.every((one) => {
    const node = recording.nodes[one.at] as GraphNode;
    const sides = one.varying.shape?.map((law) => numberAt(law, rows, asIs)) ?? one.shape;
    return (
      String(sides) === String(shapeOf(node)) && hasNumbers(one.varying, node, rows, precision, recording)
    );
  });
}

function hasNumbers(
  { value, shape, exact }: Varying,
  node: GraphNode,
  rows: number,
  precision: 'float32' | 'float64',
  { doubles }: Recording,
): boolean {
  const whole = node.outputs[0]?.dtype === DType.int32;
  const asWritten = exact && precision === 'float64';
  const numbers = asWritten ? doubles.get(node) : node.value;
  const wanted = value.map((law) =>
    numberAt(law, rows, whole || precision === 'float64' ? asIs : Math.fround),
  );
  const near = whole ? 0 : asWritten ? EXACT : TWO_PLACES;
  const isNear = (number: number, i: number): boolean => {
    const expected = wanted[shape === undefined ? i : 0] as number;
    return Object.is(expected, number) || Math.abs(expected - number) <= near * Math.abs(number);
  };
  return numbers?.every(isNear) ?? false;
}

const asIs = (number: number): number => number;

/** As the graph computes it. */
function numberAt(law: Law, rows: number, round: (x: number) => number): number {
  if ('numerator' in law) return round(round(law.numerator) / round(rows));
  return round(round(round(law.slope) * round(rows)) + round(law.offset));
}

const shapeOf = (node: GraphNode): readonly number[] => node.outputs[0]?.shape ?? [];

function digest(recording: Recording, varying: ReadonlySet<number>): string {
  const at = positions(recording);
  const hash = createHash('sha256').update(ends(recording, at));
  recording.nodes.forEach((node, i) => {
    hash.update(step(node, at));
    if (node.op === 'Const' && !varying.has(i)) addConstant(hash, node, recording.doubles.get(node));
  });
  return hash.digest('base64');
}

function addConstant(hash: Hash, node: GraphNode, doubles: Float64Array | undefined): void {
  hash.update(`(${shapeOf(node)})`);
  for (const list of [node.value, doubles])
    if (list !== undefined) hash.update(new Uint8Array(list.buffer, list.byteOffset, list.byteLength));
}
