import type { WorkInParts } from './turns.js';

/**
 * Counter-based random numbers: the value with number i depends on seed, stream and i alone, not on what was
 * drawn before. So the CPU, the GPU and any slice of the examples agree.
 *
 * Philox4x32-10, of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011.
 */

/** The streams of random numbers: each use of a seed draws from its own stream, so that no use changes another. */
export const STREAMS = {
  examples: 0,
  trueParameters: 1,
  initialParameters: 2,
  krylov: 3,
  folds: 4,
  validation: 5,
  batches: 6,
  batchOrder: 7,
} as const;

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const KEY_STEP_0 = 0x9e3779b9;
const KEY_STEP_1 = 0xbb67ae85;
const ROUNDS = 10;

/** The upper 32 bits of the 64-bit product of two u32. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = (middle & 0xffff) + aLow * bHigh;
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000)) >>> 0;
}

/** Four u32 for a counter of four u32 under a key of two, written into `out`. */
export function philox4x32(out: Uint32Array, counter: readonly number[], key: readonly number[]): void {
  let [c0 = 0, c1 = 0, c2 = 0, c3 = 0] = counter;
  let [k0 = 0, k1 = 0] = key;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0 >>> 0);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2 >>> 0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + KEY_STEP_0) | 0;
    k1 = (k1 + KEY_STEP_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** The numbers of one seed and stream, by index. */
export class CounterRandom {
  readonly #key: readonly [number, number];
  readonly #stream: number;
  readonly #counter: [number, number, number, number] = [0, 0, 0, 0];
  readonly #block = new Uint32Array(4);

  constructor(seed: number, stream: number) {
    this.#key = [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0];
    this.#stream = stream;
  }

  /**
   * The four words of block `block` of item `item`; `item` may exceed 2^32. The array is reused by the next call.
   */
  words(item: number, block: number): Uint32Array {
    this.#counter[0] = item >>> 0;
    this.#counter[1] = Math.floor(item / 2 ** 32) >>> 0;
    this.#counter[2] = block;
    this.#counter[3] = this.#stream;
    philox4x32(this.#block, this.#counter, this.#key);
    return this.#block;
  }
}

/** A word as a uniform number in [0, 1), one of 2^24 that f32 holds exactly. */
export function uniformOf(word: number): number {
  return (word >>> 8) * 2 ** -24;
}

/** A word as a uniform number in [-1, 1), exact in f32. */
export function signedUniformOf(word: number): number {
  return 2 * uniformOf(word) - 1;
}

/** Two words as one standard normal number, by Box and Muller; 1 − u keeps the logarithm's argument above 0. */
export function normalOf(word0: number, word1: number): number {
  return Math.sqrt(-2 * Math.log(1 - uniformOf(word0))) * Math.cos(2 * Math.PI * uniformOf(word1));
}

/** The other normal number that two words give, independent of `normalOf`: by the sine of the same angle. */
export function otherNormalOf(word0: number, word1: number): number {
  return Math.sqrt(-2 * Math.log(1 - uniformOf(word0))) * Math.sin(2 * Math.PI * uniformOf(word1));
}

/** `count` uniform numbers in [-1, 1) of one seed and stream. */
export function signedUniforms(seed: number, stream: number, count: number): Float64Array {
  const random = new CounterRandom(seed, stream);
  return Float64Array.from({ length: count }, (_, i) => signedUniformOf(random.words(0, i >> 2)[i & 3] as number));
}

/** Items of a shuffle in one part of the work: one or two milliseconds. */
const SHUFFLED_AT_ONCE = 2 ** 14;

/** The items in an order by chance, in place (Fisher and Yates): each changes places with one not yet past, itself included. */
export function* shuffle(items: Uint32Array, seed: number, stream: number): WorkInParts<void> {
  const random = new CounterRandom(seed, stream);
  for (let i = items.length - 1; i > 0; i--) {
    if (i % SHUFFLED_AT_ONCE === 0) yield;
    const other = Math.floor(((random.words(i, 0)[0] as number) / 2 ** 32) * (i + 1));
    const item = items[i] as number;
    items[i] = items[other] as number;
    items[other] = item;
  }
}
