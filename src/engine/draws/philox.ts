// Philox 4×32 with ten rounds, keyed and read as TensorFlow's stateless operations do, so that the bits are theirs.
// Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3", doi:10.1145/2063384.2063405.

type Words = [number, number, number, number];

const ROUNDS = 10;
const MULTIPLIERS = [0xd2511f53, 0xcd9e8d57] as const;
const WEYL = [0x9e3779b9, 0xbb67ae85] as const;
/** The key under which TensorFlow scrambles a pair of seeds. */
const SCRAMBLE = [0x3ec8f720, 0x02461e29] as const;

/** `length` uniform float32 numbers in [0, 1) with 23 random bits each, those of TensorFlow's StatelessRandomUniform. */
export function philoxUniform(seed: readonly [number, number], length: number): Float32Array {
  const numbers = new Float32Array(length);
  const [key0, key1, high0, high1] = scramble(seed);
  const block: Words = [0, 0, 0, 0];
  for (let i = 0; i < length; i += 4) {
    // Fewer than 2³² numbers a tensor: the counter's second word stays 0.
    philox(block, i / 4, 0, high0, high1, key0, key1);
    // What is written past the end of a typed array is dropped.
    for (let j = 0; j < 4; j++) numbers[i + j] = ((block[j] as number) & 0x7fffff) / 2 ** 23;
  }
  return numbers;
}

/** Seeds are sign-extended to 64 bits and encrypted once: neighbouring seeds share nothing. */
function scramble([seed0, seed1]: readonly [number, number]): Words {
  const out: Words = [0, 0, 0, 0];
  philox(out, seed0, seed0 >> 31, seed1, seed1 >> 31, SCRAMBLE[0], SCRAMBLE[1]);
  return out;
}

function philox(out: Words, c0: number, c1: number, c2: number, c3: number, k0: number, k1: number): void {
  for (let round = 0; round < ROUNDS; round++) {
    const low0 = Math.imul(MULTIPLIERS[0], c0);
    const low1 = Math.imul(MULTIPLIERS[1], c2);
    const high0 = multiplyHigh(MULTIPLIERS[0], c0);
    const high1 = multiplyHigh(MULTIPLIERS[1], c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL[0]) | 0;
    k1 = (k1 + WEYL[1]) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The upper 32 bits of the product of two unsigned 32-bit numbers, from products of their halves. */
function multiplyHigh(a: number, b: number): number {
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  const carry = a0 * b1 + (middle & 0xffff);
  return (a1 * b1 + (middle >>> 16) + (carry >>> 16)) | 0;
}
