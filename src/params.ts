import type { Vector } from './vector';

/** One named tensor inside θ. */
export interface Param {
  name: string;
  shape: number[];
  /** Where it starts in θ, in numbers. */
  offset: number;
  size: number;
  /** `kernel` has its last axis as filters; `bias` is what filter normalisation leaves out (rank ≤ 1). */
  role: 'kernel' | 'bias';
}

/** How named tensors lie one after the other in the flat vector θ. */
export interface ParamLayout {
  params: Param[];
  /** Length of θ. */
  dim: number;
}

/** Lays tensors out in the order given: rank ≥ 2 is a kernel with its last axis as filters, rank ≤ 1 a bias. */
export function layoutOf(shapes: readonly { name: string; shape: readonly number[] }[]): ParamLayout {
  const params: Param[] = [];
  let offset = 0;
  for (const { name, shape } of shapes) {
    const size = shape.reduce((product, side) => product * side, 1);
    params.push({ name, shape: [...shape], offset, size, role: shape.length >= 2 ? 'kernel' : 'bias' });
    offset += size;
  }
  return { params, dim: offset };
}

/** The part of θ that belongs to one tensor, as a view: writing to it writes to θ. */
export function view<A extends Vector>(theta: A, param: Param): A {
  return theta.subarray(param.offset, param.offset + param.size) as A;
}

/**
 * Throws unless a point (or a direction) is a typed array of floats, as long as the layout asks for, and finite.
 * One pass over θ: `relu` and `max` make ordinary losses of NaN, so that a loss does not betray it.
 */
export function checkPoint(layout: ParamLayout, v: unknown, what = 'theta'): asserts v is Vector {
  if (!(v instanceof Float32Array || v instanceof Float64Array))
    throw new TypeError(`${what} must be a Float32Array or Float64Array, got ${kindOf(v)}`);
  if (v.length !== layout.dim)
    throw new RangeError(
      `${what} must have ${layout.dim} numbers (one per ${what === 'state' ? 'weight besides theta' : 'parameter'}), got ${v.length}`,
    );
  if (allFinite(v)) return;
  const i = v.findIndex((number: number) => !Number.isFinite(number));
  throw new RangeError(`${what} must be finite, got ${v[i]} at ${i}`);
}

/** Throws unless a state has as many finite numbers as there are weights besides θ. */
export function checkState(length: number, state: unknown): asserts state is Vector {
  checkPoint({ params: [], dim: length }, state, 'state');
}

function allFinite(v: Vector): boolean {
  return v instanceof Float32Array ? finiteFloats(v) : v.every(Number.isFinite);
}

/**
 * 0·x is NaN for what is not finite. Four sums side by side, and of one array type only, which V8 makes four times as
 * quick: a check must not take as long as a small gradient.
 */
function finiteFloats(v: Float32Array): boolean {
  const length = v.length;
  let a = 0;
  let b = 0;
  let c = 0;
  let d = 0;
  let i = 0;
  for (; i + 3 < length; i += 4) {
    a += v[i]! * 0;
    b += v[i + 1]! * 0;
    c += v[i + 2]! * 0;
    d += v[i + 3]! * 0;
  }
  for (; i < length; i++) a += v[i]! * 0;
  return a + b + c + d === 0;
}

/** What a value is, for an error message. */
export function kindOf(value: unknown): string {
  if (typeof value === 'string') return `the string '${value}'`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (value instanceof Promise) return 'a Promise (await it)';
  return value.constructor?.name ?? 'an object';
}
