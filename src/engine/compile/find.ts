import { tf } from '../backend';
import { CannotTrace } from '../graph/recorder';
import { scoped } from '../scope';
import { type Built, build, buildForAnyRows, type Example, type Traced } from './build';
import { type FunctionInfo, noteEager, noteGraph } from './functions';
import { type LeafShape, type Signature, shapeOf, signatureOf } from './signature';
import type { Leaf } from './tree';

/** What a compiled function remembers. */
export interface State {
  precision: 'float32' | 'float64';
  /** Whether results come as typed arrays. */
  arrays: boolean;
  after: number;
  /** Of the examples' leaves. */
  shapes: LeafShape[] | undefined;
  /** Graphs by exact signature. */
  exact: Map<string, Built>;
  /** By kind, the first sides seen, and the graph that serves any number of rows once another number came. */
  kinds: Map<string, Kind>;
  /** Eager calls so far, by exact signature. */
  calls: Map<string, number>;
  info: FunctionInfo;
}

interface Kind {
  sides: number[];
  /** `false` when the function depends on the number of rows in other ways. */
  anyRows?: { built: Built; args: number[] } | false;
}

/** Signatures remembered of one function: one that is called with ever new numbers must not grow for ever. */
const MOST_SIGNATURES = 256;

/** The graph for these arguments, built when it is time; undefined when the function runs eagerly this time. */
export function find(state: State, run: Traced, args: readonly unknown[], leaves: Leaf[]): Built | undefined {
  if (state.info.eager !== undefined) return undefined;
  const signature = signatureOf(args, leaves, state.shapes);
  const known = state.exact.get(signature.exact) ?? serving(state.kinds.get(signature.kind), signature.sides);
  if (known !== undefined) return known;
  const calls = state.calls.get(signature.exact) ?? 0;
  if (calls < state.after && state.precision === 'float32') {
    state.calls.set(signature.exact, calls + 1);
    return undefined;
  }
  return refusing(state, () => buildFor(state, run, args, leaves, signature));
}

function serving(kind: Kind | undefined, sides: number[]): Built | undefined {
  if (!kind?.anyRows) return undefined;
  const { built, args } = kind.anyRows;
  const rows = sides[args[0] as number];
  const fits = sides.every((side, i) => (args.includes(i) ? side === rows : side === kind.sides[i]));
  // With one row, functions may squeeze or broadcast: that has a graph of its own.
  return fits && rows !== 1 ? built : undefined;
}

function buildFor(
  state: State,
  run: Traced,
  args: readonly unknown[],
  leaves: Leaf[],
  signature: Signature,
): Built {
  const made = scoped(() => {
    const example = exampleOf(state, args, leaves);
    return forAnyRows(state, run, example, signature) ?? build(run, example);
  });
  if (!made.anyRows) remember(state, signature, made);
  noteGraph(state.info, signature.exact, made);
  return made;
}

function remember(state: State, { exact, kind, sides }: Signature, built: Built): void {
  state.exact.set(exact, built);
  if (!state.kinds.has(kind)) state.kinds.set(kind, { sides });
  const [oldest] = state.exact.keys();
  if (state.exact.size <= MOST_SIGNATURES || oldest === undefined) return;
  state.exact.get(oldest)?.program.dispose();
  state.exact.delete(oldest);
}

/** A second number of rows has come: one trace for all, when the function allows it. */
function forAnyRows(
  state: State,
  run: Traced,
  example: Example,
  { kind, sides }: Signature,
): Built | undefined {
  const seen = state.kinds.get(kind);
  const args = seen === undefined ? [] : rowArguments(seen.sides, sides);
  if (seen === undefined || seen.anyRows !== undefined || args.length === 0) return undefined;
  try {
    const built = buildForAnyRows(run, example, args);
    seen.anyRows = { built, args };
    return built;
  } catch (error) {
    if (!(error instanceof CannotTrace)) throw error;
    seen.anyRows = false;
    return undefined;
  }
}

/** Positions whose first side is the number of rows: all that changed did so from one number to another. */
function rowArguments(before: number[], now: number[]): number[] {
  const changed = now.findIndex((side, i) => side !== before[i]);
  const [from, to] = [before[changed], now[changed]];
  const args = now.map((_, i) => i).filter((i) => before[i] === from && now[i] === to);
  const others = now.every((side, i) => args.includes(i) || side === before[i]);
  return changed >= 0 && others && from !== 1 && to !== 1 && to !== 0 ? args : [];
}

function exampleOf(state: State, args: readonly unknown[], leaves: Leaf[]): Example {
  const tensors = leaves.map((leaf, i) =>
    leaf instanceof tf.Tensor
      ? leaf
      : tf.tensor(Float32Array.from(leaf), shapeOf(leaf, state.shapes?.[i], i), 'float32'),
  );
  const doubles = leaves.map((leaf) => leaf instanceof Float64Array && state.precision === 'float64');
  return { args, leaves: tensors, precision: state.precision, doubles };
}

function refusing(state: State, attempt: () => Built): Built | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof CannotTrace)) throw error;
    if (state.precision === 'float64')
      throw new TypeError(`${state.info.name} cannot be computed in float64: ${error.message}`, {
        cause: error,
      });
    noteEager(state.info, error.message);
    return undefined;
  }
}

/** Frees every graph; the function may be called again and then builds anew. */
export function disposeAll(state: State): void {
  for (const built of state.exact.values()) built.program.dispose();
  for (const { anyRows } of state.kinds.values()) if (anyRows) anyRows.built.program.dispose();
  state.exact.clear();
  state.kinds.clear();
  state.calls.clear();
  state.info.graphs = [];
}
