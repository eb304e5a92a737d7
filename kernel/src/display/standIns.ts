import { inspect, types } from 'node:util';
import { isTensor, tensorText } from './tensor';

/** As deep and as far as the tensors of a model lie: its weights, its batches, a step's results. */
const DEPTH = 3;
const LENGTH = 100;

/**
 * The same value, or a copy of its arrays and plain objects in which each tensor is described as it is when it stands
 * alone, where Node would print its internals.
 */
export function withTensorsDescribed(value: unknown, depth: number = DEPTH): unknown {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return value;
  if (isTensor(value)) return { [inspect.custom]: () => tensorText(value) };
  if (depth === 0) return value;
  if (Array.isArray(value)) return replaced(value, Math.min(value.length, LENGTH), depth);
  return Object.getPrototypeOf(value) === Object.prototype ? replacedIn(value, depth) : value;
}

function replaced(array: readonly unknown[], length: number, depth: number): readonly unknown[] {
  const start = array.slice(0, length).map((each) => withTensorsDescribed(each, depth - 1));
  const isSame = start.every((each, at) => each === array[at]);
  return isSame ? array : [...start, ...array.slice(length)];
}

function replacedIn(value: object, depth: number): object {
  const keys = Object.keys(value);
  if (keys.length > LENGTH) return value;
  const described: Record<string, unknown> = {};
  for (const key of keys) {
    const held = Object.getOwnPropertyDescriptor(value, key)?.value;
    const standIn = withTensorsDescribed(held, depth - 1);
    if (standIn !== held) described[key] = standIn;
  }
  return Object.keys(described).length === 0 ? value : copyWith(value, described);
}

/** Getters stay getters. */
function copyWith(value: object, changes: Record<string, unknown>): object {
  const properties = Object.getOwnPropertyDescriptors(value) as Record<string, PropertyDescriptor>;
  for (const [key, change] of Object.entries(changes))
    properties[key] = { value: change, enumerable: true, writable: true, configurable: true };
  return Object.defineProperties({}, properties);
}
