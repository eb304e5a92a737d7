import { tf } from '../backend';
import { CannotTrace, type Capture } from '../graph/recorder';
import { NO_XLA } from '../graph/session';
import { isInterrupted } from '../interrupted';
import { canUseXla } from '../node';
import { scoped } from '../scope';
import { buildForAnyRows, holdsAt } from './anyRows';
import { type AnyRows, type Built, build, type Example, NothingToCompute, type Traced } from './build';
import type { Draws } from './draws';
import { type FunctionInfo, forgetGraph, noteEager, noteGraph, say } from './functions';
import { type LeafShape, type Signature, shapeOf, signatureOf } from './signature';
import type { Leaf } from './tree';

/** What a compiled function remembers. */
export interface State {
  precision: 'float32' | 'float64';
  /** Whether results come as typed arrays. */
  arrays: boolean;
  /** Whether XLA may compile the graphs. */
  xla: boolean;
  /** Eager calls of a signature before its graph is built. */
  after: number;
  /** Whether large graphs wait for a few calls more. */
  patient: boolean;
  /** Of the examples' leaves. */
  shapes: LeafShape[] | undefined;
  /** Graphs by exact signature, the least recently used first. */
  exact: Map<string, Built>;
  /** By kind, the first sides seen, and the graph that serves any number of rows once another number came. */
  kinds: Map<string, Kind>;
  /** Eager calls to come before a signature's graph is built or, once it is, loaded. */
  waits: Map<string, number>;
  draws: Draws;
  info: FunctionInfo;
}

interface Kind {
  sides: number[];
  /** `false` when the function depends on the number of rows in other ways. */
  anyRows?: { built: ForAnyRows; args: number[] } | false;
}

type ForAnyRows = Built & { anyRows: AnyRows };

/** Signatures remembered of one function: one that is called with ever new numbers must not grow for ever. */
const MOST_SIGNATURES = 256;
/**
 * Nodes from which a graph is loaded one call later: loading it and its first run take about as long as an eager call
 * (LSTM, 100 steps, Hessian-vector product, 14,500 nodes: eager 520 ms, trace 760, load and first run 490, then 14 a
 * call), which is felt where there are many.
 */
const LARGE = 10_000;

/** The graph for these arguments, built when it is time; undefined when the function runs eagerly this time. */
export function find(state: State, run: Traced, args: readonly unknown[], leaves: Leaf[]): Built | undefined {
  if (state.info.eager !== undefined) return undefined;
  const signature = refusing(state, () => signatureOf(args, leaves, state.shapes));
  if (signature === undefined) return undefined;
  const known = knownFor(state, run, args, leaves, signature);
  if (known === undefined && isWaiting(state, signature.exact, state.after)) return undefined;
  const built =
    known === undefined
      ? refusing(state, () => buildFor(state, run, args, leaves, signature))
      : renewed(state, known, () => build(run, exampleOf(state, args, leaves)), signature);
  if (built === undefined) return undefined;
  const { nodes } = built.program;
  const isLate = state.patient && built.calls === 0 && nodes >= LARGE;
  if (isLate && isWaiting(state, `loading ${signature.exact}`, 1)) return undefined;
  built.calls++;
  return built;
}

/** Counts an eager call; once `calls` of them are done, no longer. */
function isWaiting({ waits, precision }: State, what: string, calls: number): boolean {
  if (precision === 'float64') return false;
  const done = waits.get(what) ?? 0;
  waits.delete(what);
  if (done >= calls) return false;
  waits.set(what, done + 1);
  dropOldest(waits);
  return true;
}

function knownFor(
  state: State,
  run: Traced,
  args: readonly unknown[],
  leaves: Leaf[],
  { exact: text, kind, sides }: Signature,
): Built | undefined {
  const { exact, kinds } = state;
  const built = exact.get(text);
  if (built === undefined) {
    const any = serving(kinds.get(kind()), sides);
    const rows = any && (sides[any.anyRows.rowsOf] as number);
    const holds = any && holdsAt(any.anyRows, run, () => exampleOf(state, args, leaves), rows as number);
    return holds ? any : undefined;
  }
  if (exact.size > 1) {
    exact.delete(text);
    exact.set(text, built);
  }
  return built;
}

function serving(kind: Kind | undefined, sides: number[]): ForAnyRows | undefined {
  if (!kind?.anyRows) return undefined;
  const { built, args } = kind.anyRows;
  const rows = sides[args[0] as number];
  const fits = sides.every((side, i) => (args.includes(i) ? side === rows : side === kind.sides[i]));
  // With one row, functions may squeeze or broadcast: that has a graph of its own.
  return fits && rows !== 1 && rows !== 0 ? built : undefined;
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
    if (state.xla && !example.xla) say(state.info, `runs without XLA: ${NO_XLA}`);
    return forAnyRows(state, run, example, signature) ?? build(run, example);
  });
  noteGraph(state.info, signature.exact, made);
  if (made.anyRows === undefined) remember(state, signature, made);
  return made;
}

/**
 * A tensor from outside that its owner has disposed of was replaced by another, perhaps (an optimizer's learning rate):
 * then the function is traced anew. If it was not, the function cannot run without its copy, which is kept.
 */
function renewed(state: State, old: Built, again: () => Built, signature: Signature): Built {
  if (old.outlives || !old.program.plan.captures.some(isDisposed)) return old;
  let made: Built;
  try {
    made = scoped(again);
  } catch (error) {
    if (isInterrupted()) throw error;
    old.outlives = true;
    return old;
  }
  made.calls = 1;
  disposeAll(state);
  noteGraph(state.info, signature.exact, made);
  remember(state, signature, made);
  return made;
}

function isDisposed({ data }: Capture): boolean {
  return data !== undefined && !tf.engine().state.tensorInfo.has(data);
}

function remember(state: State, { exact, kind, sides }: Signature, built: Built): void {
  state.exact.set(exact, built);
  const seen = state.kinds.get(kind());
  // What one row showed says nothing of others: the first larger number stands for the kind.
  if (seen === undefined || (seen.anyRows === undefined && seen.sides.includes(1)))
    state.kinds.set(kind(), { sides });
  for (const [text, old] of dropOldest(state.exact)) {
    old.program.dispose();
    forgetGraph(state.info, text);
  }
  for (const [, { anyRows }] of dropOldest(state.kinds)) if (anyRows) anyRows.built.program.dispose();
}

/** Takes out what is too much: a Map keeps the order in which keys were set. */
function dropOldest<T>(map: Map<string, T>): [string, T][] {
  const dropped = [...map].slice(0, Math.max(0, map.size - MOST_SIGNATURES));
  for (const [text] of dropped) map.delete(text);
  return dropped;
}

/** A second number of rows has come: one trace for all, when the function allows it. */
function forAnyRows(
  state: State,
  run: Traced,
  example: Example,
  { kind, sides }: Signature,
): Built | undefined {
  const seen = state.kinds.get(kind());
  const args = seen === undefined ? [] : rowArguments(seen.sides, sides);
  if (seen === undefined || seen.anyRows !== undefined || args.length === 0) return undefined;
  try {
    const built = buildForAnyRows(run, example, args);
    seen.anyRows = { built, args };
    return built;
  } catch (error) {
    if (isInterrupted()) throw error;
    // Also what the function itself throws: it may need more rows than it was tried with.
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
  return changed >= 0 && others && from !== 1 && to !== 1 && from !== 0 && to !== 0 ? args : [];
}

function exampleOf(state: State, args: readonly unknown[], leaves: Leaf[]): Example {
  const tensors = leaves.map((leaf, i) =>
    leaf instanceof tf.Tensor
      ? leaf
      : tf.tensor(Float32Array.from(leaf), shapeOf(leaf, state.shapes?.[i], i), 'float32'),
  );
  const doubles = leaves.map((leaf) => leaf instanceof Float64Array && state.precision === 'float64');
  return { args, leaves: tensors, precision: state.precision, doubles, xla: state.xla && canUseXla() };
}

function refusing<T>(state: State, attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch (error) {
    if (!(error instanceof CannotTrace) || isInterrupted()) throw error;
    refuse(state, error);
    return undefined;
  }
}

/** From now on the function runs eagerly, which is said once; in float64 it cannot. */
export function refuse({ precision, info }: State, error: Error): void {
  if (precision === 'float32') noteEager(info, error.message, error instanceof NothingToCompute);
  else throw new TypeError(`${info.name} cannot be computed in float64: ${error.message}`, { cause: error });
}

/** Frees every graph; the function may be called again and then builds anew. */
export function disposeAll(state: State): void {
  for (const built of state.exact.values()) built.program.dispose();
  for (const { anyRows } of state.kinds.values()) if (anyRows) anyRows.built.program.dispose();
  state.exact.clear();
  state.kinds.clear();
  state.waits.clear();
  state.info.graphs = [];
}
