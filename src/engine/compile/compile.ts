import { checkOptions } from '../../options';
import { tf } from '../backend';
import { nativeBackend } from '../graph/backend';
import { isRecording } from '../graph/record';
import { CannotTrace } from '../graph/recorder';
import { withDoubleKernels } from '../secondOrder';
import type { Traced } from './build';
import { callBuilt, callEagerly } from './call';
import { disposeAll, find, refuse, type State } from './find';
import { register, say } from './functions';
import { noteInside } from './inside';
import type { Arrays, Doubles, Given } from './nests';
import { CannotLoad } from './program';
import { shapesOf } from './signature';
import { isLeaf, kindOf, type Leaf, leavesOf, withLeaves } from './tree';

export interface CompileOptions {
  /**
   * `float64`: the same function in true double precision; floats come in and go out as `Float64Array`. Default
   * `float32`.
   */
  precision?: 'float32' | 'float64';
  /** Its name in `engineInfo()` and in errors; the function's own by default. */
  name?: string;
  /**
   * How many calls of one signature run eagerly before its graph is built. By default 0 with examples, else 1, and
   * one more for a graph of 10,000 nodes: a trace costs about one eager call, and loading the graph another.
   */
  after?: number;
  /**
   * Makes the random draws of the sequence of calls repeatable. Without it each call draws anew. Draws that have a
   * seed of their own keep it.
   */
  seed?: number;
  /** Whether results come as typed arrays instead of tensors; always so in float64. Default false. */
  arrays?: boolean;
  /**
   * Lets XLA compile graphs that are a dense network's forward pass (others stay as they are): two to three times
   * quicker a call, one to three seconds at the first. Worth it for thousands of calls. Default false.
   */
  xla?: boolean;
}

/** A compiled function: called as the function it was made of. */
export interface Compiled<A extends unknown[], R> {
  (...args: A): R;
  /** Frees its graphs; a later call builds anew. Not needed: a forgotten function is freed too. */
  dispose(): void;
}

/**
 * Turns a function of tensors into TensorFlow graphs: what `tf.function` is in Python. The function is run once, its
 * ops are written down, and each later call is one call of TensorFlow.
 *
 * Tensors may stand in any nest of arrays and plain objects, in arguments and results; all else in the arguments
 * (numbers, texts) is part of the signature, and each signature has its graph. Another number of rows makes a graph for
 * any number of them: each new number of rows is checked by one recorded run, and has a graph of its own where the
 * function takes other steps. Variables are read anew at each call; what the function assigns to them is assigned at
 * each call. A variable among the arguments is that variable, with a graph of its own.
 *
 * Whatever else JavaScript does is done at the trace only: a number from outside (`let k`, an optimizer's learning
 * rate, the time) stays what it was, and `console.log` writes once; pass as an argument what changes. So do tensors from
 * outside, which are copied; one that was disposed and replaced is taken anew. In `float64` they count as the float32
 * numbers they hold: pass as an argument, or write inside the function, what is to have all digits. What the function
 * makes and does not return is freed.
 *
 * A function that cannot be traced (it is async, or reads a tensor's value) runs eagerly, which is said once. Inside a
 * gradient, inside another trace and on other backends it runs as it is.
 *
 * @param fn a synchronous function of tensors that returns tensors.
 * @param examples arguments to build for at once; for `float64` they give the shapes of the typed arrays.
 * @throws TypeError for examples that are no list, arguments without a shape or a disposed tensor; Error when a `float64` function cannot be
 * traced or an op has no double kernel.
 * @example
 * ```ts
 * import { compile, tf } from 'losslab';
 * const norm = compile((x: tf.Tensor) => x.square().sum().sqrt());
 * norm(tf.tensor1d([3, 4])).print(); // 5
 * const exact = compile((x: tf.Tensor) => x.mul(0.1), [tf.tensor1d([1])], { precision: 'float64' });
 * console.log(exact(Float64Array.of(1))); // 0.1
 * ```
 */
export function compile<A extends unknown[], R>(
  fn: (...args: A) => R,
  examples: A | undefined,
  options: CompileOptions & { precision: 'float64' },
): Compiled<Given<A>, Doubles<R>>;
export function compile<A extends unknown[], R>(
  fn: (...args: A) => R,
  examples: A | undefined,
  options: CompileOptions & { arrays: true },
): Compiled<A, Arrays<R>>;
export function compile<A extends unknown[], R>(
  fn: (...args: A) => R,
  examples?: A,
  options?: CompileOptions,
): Compiled<A, R>;
export function compile(
  fn: (...args: never[]) => unknown,
  examples?: unknown[],
  options: CompileOptions = {},
): Compiled<never[], unknown> {
  checkCall(fn, examples);
  const state = stateOf(examples, options, options?.name ?? (fn.name || 'a function'));
  const run = tracedIn(state.precision, fn);
  const call = (...args: unknown[]): unknown => {
    const leaves = aliveLeaves(state, args);
    const backend = nativeBackend();
    if (backend === undefined || isRecording() || hasTape()) return callEagerly(state, run, args, leaves);
    const built = find(state, run, args, leaves);
    if (built === undefined) return callEagerly(state, run, args, leaves);
    try {
      return callBuilt(backend, state, built, leaves);
    } catch (error) {
      if (!(error instanceof CannotLoad)) throw error;
      giveUp(state, error);
      return callEagerly(state, run, args, leaves);
    }
  };
  if (isAsync(fn)) refuse(state, new CannotTrace('it is async'));
  if (examples !== undefined && nativeBackend() !== undefined && !isRecording())
    prepare(state, run, examples);
  const dispose = disposerOf(state);
  register(call, state.info, dispose);
  noteInside(call, { state, run });
  return Object.assign(call, { dispose });
}

/** In float64 a function is only ever recorded, and takes ops that TensorFlow computes in double precision. */
function tracedIn(precision: State['precision'], fn: (...args: never[]) => unknown): Traced {
  const run: Traced = (args) => fn(...(args as never[]));
  return precision === 'float64' ? (args) => withDoubleKernels(() => run(args)) : run;
}

/** In a scope of its own: what frees a function's graphs must not see the function, or it is never forgotten. */
function disposerOf(state: State): () => void {
  return () => disposeAll(state);
}

function checkCall(fn: unknown, examples: unknown): void {
  if (typeof fn !== 'function')
    throw new TypeError(
      `compile takes a function of tensors, got ${describe(fn)}; of a model: compile((x) => model.apply(x))`,
    );
  if (examples === undefined || Array.isArray(examples)) return;
  throw new TypeError(
    `examples must be a list of arguments, such as [x], or undefined, got ${describe(examples)}; options come third`,
  );
}

function describe(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  return isLeaf(value)
    ? `a tensor of shape [${value instanceof tf.Tensor ? value.shape : value.length}]`
    : kindOf(value);
}

/** Full disks become free again; what TensorFlow refuses it always refuses. */
function giveUp(state: State, error: CannotLoad): void {
  if (error.forNow && state.precision === 'float64') throw error;
  if (error.forNow) say(state.info, `runs eagerly for now, since ${error.message}`);
  else {
    disposeAll(state);
    refuse(state, error);
  }
}

function stateOf(examples: unknown[] | undefined, options: CompileOptions, name: string): State {
  checkOptions(options, ['precision', 'name', 'after', 'seed', 'arrays', 'xla']);
  const { precision = 'float32', after = examples === undefined ? 1 : 0, seed } = options;
  if (precision !== 'float32' && precision !== 'float64')
    throw new RangeError(`precision must be 'float32' or 'float64', got ${String(precision)}`);
  if (!Number.isInteger(after) || after < 0)
    throw new RangeError(`after must be a whole number >= 0, got ${String(after)}`);
  if (seed !== undefined && !Number.isSafeInteger(seed))
    throw new RangeError(`seed must be a whole number, got ${String(seed)}`);
  return {
    precision,
    arrays: precision === 'float64' || options.arrays === true,
    xla: options.xla === true,
    after,
    patient: examples === undefined && options.after === undefined,
    shapes: examples && shapesOf(examples),
    exact: new Map(),
    kinds: new Map(),
    waits: new Map(),
    draws: { seed, calls: 0 },
    info: { name, precision, graphs: [] },
  };
}

/** Builds for the examples; floats of a double function are expected to come as Float64Arrays. */
function prepare(state: State, run: Traced, examples: readonly unknown[]): void {
  const leaves = aliveLeaves(state, examples);
  if (state.precision === 'float32') find(state, run, examples, leaves);
  else {
    const doubles = withLeaves(examples, leaves.map(asDoubles)) as unknown[];
    find(state, run, doubles, leavesOf(doubles));
  }
}

function asDoubles(leaf: Leaf): Leaf {
  if (leaf instanceof tf.Tensor) return leaf.dtype === 'float32' ? Float64Array.from(leaf.dataSync()) : leaf;
  return Float64Array.from(leaf);
}

function aliveLeaves({ info, shapes }: State, args: readonly unknown[]): Leaf[] {
  const leaves = finiteLeaves(args);
  if (leaves.length === 0 && info.precision === 'float64' && shapes !== undefined && shapes.length > 0)
    throw new TypeError(
      `${info.name} was given no typed array; pass numbers as Float64Array.of(…), shaped as in the examples`,
    );
  const dead = leaves.findIndex((leaf) => leaf instanceof tf.Tensor && leaf.isDisposed);
  if (dead < 0) return leaves;
  throw new TypeError(`${info.name} was given a disposed tensor (number ${dead + 1} of its arguments)`);
}

function finiteLeaves(args: readonly unknown[]): Leaf[] {
  try {
    return leavesOf(args);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new TypeError(
      'arguments must be nests without an end in themselves, got one that contains itself',
      {
        cause: error,
      },
    );
  }
}

/** Its assignments after the first await would escape a trace. */
function isAsync(fn: unknown): boolean {
  return Object.prototype.toString.call(fn) === '[object AsyncFunction]';
}

/** Whether a gradient is being taken: it must see the ops themselves. */
function hasTape(): boolean {
  return tf.engine().state.gradientDepth > 0;
}
