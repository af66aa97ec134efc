import type { FloatArray } from '../data/dataset.js';
import type { FitSettings } from '../options/specs.js';
import { CounterRandom, shuffle, STREAMS } from '../base/random.js';
import type { WorkInParts } from '../base/turns.js';

/** The options that say how examples are dealt into batches. */
export type BatchSettings = Pick<FitSettings, 'batchSize' | 'shuffle' | 'seed'>;

/** An example that counts less than this share of the one that counts most is nothing to a sum in f32, and in no batch. */
const LEAST_SHARE = 2 ** -100;

/** Rounds of the network; four are enough for what looks like chance (Luby and Rackoff, 1988), and six cost little more. */
const ROUNDS = 6;

/**
 * Mini-batches: the examples, dealt once, and the order in which each epoch takes the batches. With `shuffle` both are by
 * chance, of streams of their own of the seed; which examples are together in a batch stays the same in all epochs.
 */
export class Batches {
  /** The rows that count, as they are dealt: batch after batch. */
  readonly rows: Uint32Array;
  /** Examples of each batch but the last, which may have fewer. */
  readonly size: number;
  readonly count: number;
  /** The order of an epoch permutes the numbers of twice as many bits; 0 for batches that are taken as they come. */
  readonly halfBits: number;
  readonly keys: readonly [number, number];

  /** Batches of rows that have been dealt. */
  constructor(rows: Uint32Array, { size, isShuffled, seed }: { size: number; isShuffled: boolean; seed: number }) {
    this.rows = rows;
    this.size = size;
    this.count = Math.ceil(rows.length / size);
    this.halfBits = isShuffled ? Math.ceil(Math.log2(this.count) / 2) : 0;
    const [first = 0, second = 0] = new CounterRandom(seed, STREAMS.batchOrder).words(0, 0);
    this.keys = [first, second];
  }

  /** The range of a batch among the dealt rows: its first row, and the row after its last. */
  range(batch: number): { first: number; end: number } {
    const first = batch * this.size;
    return { first, end: Math.min(first + this.size, this.rows.length) };
  }

  /** The batch at a place of an epoch's order. */
  at(place: number, epoch: number): number {
    if (this.halfBits === 0) return place;
    const [first, second] = this.keys;
    const key = mixed(mixed(epoch ^ first) ^ second);
    let batch = swapped(place, key, this.halfBits);
    while (batch >= this.count) batch = swapped(batch, key, this.halfBits);
    return batch;
  }
}

/**
 * The batches that the options ask for, or null for the full batch, which a size of all examples or more is as well.
 *
 *     atOnce(dealBatches(1000, undefined, { batchSize: 256, shuffle: true, seed: 0 })).count // 4
 */
export function* dealBatches(
  exampleCount: number,
  weights: FloatArray | undefined,
  { batchSize = 'full', shuffle: isShuffled = true, seed = 0 }: Partial<BatchSettings>,
): WorkInParts<Batches | null> {
  if (batchSize === 'full' || batchSize >= exampleCount) return null;
  let largest = 0;
  for (const weight of weights ?? []) largest = Math.max(largest, weight);
  const counts = (i: number) => (weights?.[i] as number) > LEAST_SHARE * largest;
  const all = new Uint32Array(exampleCount);
  for (let i = 0; i < exampleCount; i++) all[i] = i;
  const rows = weights ? all.filter((i) => counts(i)) : all;
  if (rows.length <= batchSize) return null;
  if (isShuffled) yield* shuffle(rows, seed, STREAMS.batches);
  return new Batches(rows, { size: batchSize, isShuffled, seed });
}

/** A permutation of the numbers of 2·halfBits bits, a Feistel network. The twin of shaders/shared/batch_order.wgsl, which says more. */
function swapped(number: number, key: number, halfBits: number): number {
  const mask = 2 ** halfBits - 1;
  let left = number >>> halfBits;
  let right = number & mask;
  for (let round = 1; round <= ROUNDS; round++) {
    const other = left ^ (mixed(right ^ (key + Math.imul(round, 0x9e3779b9))) & mask);
    left = right;
    right = other;
  }
  return ((left << halfBits) | right) >>> 0;
}

/** Every bit of what comes out depends on every bit of what goes in: the last steps of MurmurHash3 (Appleby, 2011). */
function mixed(word: number): number {
  let x = word;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
