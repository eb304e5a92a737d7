/**
 * A seed for one use of many, made from the seed of the whole: a positive 31-bit integer.
 * Never 0, which TensorFlow.js takes for "no seed". The mixing is the finalizer of MurmurHash3 (Appleby, 2008).
 */
export function childSeed(seed: number, ...path: number[]): number {
  let hash = Math.trunc(seed) | 0;
  for (const index of path) hash = mix(hash ^ mix(index + 0x9e3779b9));
  return (mix(hash) >>> 1) | 1;
}

function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
