import type { Numbers } from './schema';

/** From this length on a list stands as base64, which is shorter; shorter lists stay readable. */
const LONG = 64;

/**
 * Numbers for a figure: short lists as decimals of `digits` significant digits, long ones as base64 Float32.
 * @param digits 5 by default: more than a figure of 1,280 pixels can show.
 */
export function encodeNumbers(values: ArrayLike<number>, digits = 5): Numbers {
  const list = Array.from(values);
  if (list.length >= LONG) return { float32: toBase64(Float32Array.from(list)), length: list.length };
  return list.map((x) => (Number.isFinite(x) ? Number(x.toPrecision(digits)) : null));
}

/** The numbers of a figure; what was not finite in a list comes back as NaN. */
export function decodeNumbers(numbers: Numbers): Float64Array {
  if (Array.isArray(numbers)) return Float64Array.from(numbers, (x) => x ?? Number.NaN);
  return Float64Array.from(fromBase64(numbers.float32));
}

/** How many numbers there are, without decoding them. */
export function lengthOf(numbers: Numbers): number {
  return numbers.length;
}

function toBase64(floats: Float32Array): string {
  const view = new DataView(new ArrayBuffer(floats.length * 4));
  floats.forEach((x, i) => {
    view.setFloat32(i * 4, x, true);
  });
  let text = '';
  for (let i = 0; i < view.byteLength; i++) text += String.fromCharCode(view.getUint8(i));
  return btoa(text);
}

function fromBase64(base64: string): Float32Array {
  const text = atob(base64);
  const view = new DataView(new ArrayBuffer(text.length));
  for (let i = 0; i < text.length; i++) view.setUint8(i, text.charCodeAt(i));
  return Float32Array.from({ length: text.length / 4 }, (_, i) => view.getFloat32(i * 4, true));
}
