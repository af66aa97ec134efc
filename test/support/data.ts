import { CounterRandom, signedUniformOf } from '../../src/base/random.js';

/** The sizes at which workgroups, quads and partials begin, end and are one short (see shaders/). */
export const RAGGED_ROWS = [1, 2, 3, 63, 64, 65, 255, 256, 257];
export const RAGGED_FEATURES = [1, 2, 3, 8, 16, 17, 64, 513];

/**
 * Ragged counts of rows with ragged counts of features: a quarter of the pairs, with every count of either among them.
 * The `turn` says which quarter.
 */
export function raggedPairs(turn: number): { rows: number; features: number }[] {
  return RAGGED_ROWS.flatMap((rows, i) =>
    RAGGED_FEATURES.filter((_, j) => (i + j + turn) % 4 === 0).map((features) => ({ rows, features })),
  );
}

/**
 * Seeded numbers that no two indices share and that are exact in f32: uniform in [-1, 1) · scale + offset, where
 * neither sign nor mean is balanced, so that a wrong index, sign or count shows.
 */
export function numbers(seed: number, count: number, scale = 1, offset = 0.25): Float64Array {
  return drawn(seed, count).map((uniform) => Math.fround(uniform * scale + offset));
}

/** As many as any test has asked for of a seed so far: most ask for the same ones again. */
const known = new Map<number, Float64Array>();

function drawn(seed: number, count: number): Float64Array {
  const before = known.get(seed) ?? new Float64Array(0);
  if (before.length >= count) return before.subarray(0, count);
  const random = new CounterRandom(seed, 9);
  const all = new Float64Array(count);
  all.set(before);
  for (let i = before.length; i < count; i++) all[i] = signedUniformOf(random.words(i, 0)[0] as number);
  known.set(seed, all);
  return all;
}

/** d columns of [m], each about its own offset. */
export function columns(seed: number, rows: number, features: number): Float64Array[] {
  return Array.from({ length: features }, (_, j) => numbers(seed + 1000 * (j + 1), rows, 1, 0.1 * ((j % 7) - 2)));
}

export function sumOfSizes(terms: ArrayLike<number>): number {
  return Array.from(terms).reduce((sum, term) => sum + Math.abs(term), 0);
}

/** A table of numbers that are exact in f32, [m, n] row-major. */
export const tableOf = (rows: number, columns: number) => numbers(5, rows * columns);
