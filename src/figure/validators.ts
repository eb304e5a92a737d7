// The pieces of the figure's validator: each checks one thing at one path and returns it typed.

import { LIMITS } from './schema';

export type Json = Record<string, unknown>;

export function fail(path: string, expected: string, got: string): never {
  throw new TypeError(`${path}: expected ${expected}, got ${got}`);
}

export function object(path: string, json: unknown): Json {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    fail(path, 'an object', typeName(json));
  return json as Json;
}

export function list(path: string, json: unknown, least: number, most: number): unknown[] {
  if (!Array.isArray(json)) fail(path, 'a list', typeName(json));
  const items = json as unknown[];
  if (items.length < least || items.length > most)
    fail(path, `${least} to ${most} items`, String(items.length));
  return items;
}

export function text(path: string, json: unknown): string {
  if (typeof json !== 'string') fail(path, 'a text', typeName(json));
  const string = json as string;
  if (string.length > LIMITS.text) fail(path, `at most ${LIMITS.text} characters`, String(string.length));
  return string;
}

export function oneOf(path: string, json: unknown, names: readonly string[]): string {
  if (!names.includes(json as string)) fail(path, names.map((name) => `'${name}'`).join(' or '), show(json));
  return json as string;
}

export function number(path: string, json: unknown): number {
  if (!Number.isFinite(json)) fail(path, 'a finite number', show(json));
  return json as number;
}

export function whole(path: string, json: unknown, least: number, most: number): void {
  if (!Number.isInteger(json) || (json as number) < least || (json as number) > most)
    fail(path, `a whole number from ${least} to ${most}`, show(json));
}

/** Two finite numbers, the first below the second; both positive where the scale is log. */
export function range(path: string, json: unknown, scale: string): void {
  const items = list(path, json, 2, 2);
  const low = number(`${path}[0]`, items[0]);
  const high = number(`${path}[1]`, items[1]);
  if (low >= high) fail(path, 'two rising numbers', `${low} and ${high}`);
  if (scale === 'log' && low <= 0) fail(path, 'positive numbers on a log scale', String(low));
}

export function axis(path: string, json: unknown): void {
  const { label, scale, range: ends } = object(path, json);
  text(`${path}.label`, label);
  range(`${path}.range`, ends, oneOf(`${path}.scale`, scale, ['linear', 'log']));
}

/** Checks a list of numbers, plain or base64, and returns its length. */
export function numbers(path: string, json: unknown, least: number, most: number): number {
  const length = Array.isArray(json) ? plain(path, json, most) : packed(path, json);
  if (length < least || length > most) fail(path, `${least} to ${most} numbers`, String(length));
  return length;
}

/** As many numbers as another list of the panel holds. */
export function numbersAs(path: string, json: unknown, length: number): void {
  const got = numbers(path, json, 0, Number.POSITIVE_INFINITY);
  if (got !== length) fail(path, `${length} numbers`, String(got));
}

function plain(path: string, items: unknown[], most: number): number {
  if (items.length <= most)
    items.forEach((x, i) => {
      if (x !== null) number(`${path}[${i}]`, x);
    });
  return items.length;
}

function packed(path: string, json: unknown): number {
  if (typeof json !== 'object' || json === null) fail(path, 'a list of numbers', typeName(json));
  const { float32, length } = json as Json;
  if (typeof float32 !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(float32))
    fail(`${path}.float32`, 'base64', typeof float32 === 'string' ? 'other characters' : typeName(float32));
  const string = float32 as string;
  const padding = string.endsWith('==') ? 2 : string.endsWith('=') ? 1 : 0;
  const bytes = (string.length / 4) * 3 - padding;
  if (length !== bytes / 4) fail(`${path}.length`, String(bytes / 4), show(length));
  return length as number;
}

function show(json: unknown): string {
  return typeof json === 'string'
    ? `'${json.slice(0, 40)}'`
    : typeof json === 'number'
      ? String(json)
      : typeName(json);
}

function typeName(json: unknown): string {
  if (json === null) return 'null';
  if (json === undefined) return 'nothing';
  return Array.isArray(json) ? 'a list' : `a ${typeof json}`;
}
