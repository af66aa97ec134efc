// What section 6 trains on: one feature, so that the data are points in a plane.

import { SEED_PROGRAM, type SyntheticData, syntheticRegression } from '../../src/index.js';

export const LEAST_ROWS = 100;
export const MOST_ROWS = 10_000_000;

/** The sizes of the slider: 100, 200, 500, … */
export const ROW_STEPS: readonly number[] = [100, 1e3, 1e4, 1e5, 1e6]
  .flatMap((power) => [power, 2 * power, 5 * power])
  .concat(MOST_ROWS);

/** So far the points lie about their line. */
export const NOISE = 0.3;

/** Of the picture: weights and biases are drawn from −1 to 1, so that the points stay within, and the first line. */
export const X_RANGE = [-1, 1] as const;
export const Y_RANGE = [-2.5, 2.5] as const;

/** The program of the lesson, with more epochs to watch. */
export const WATCHED = { ...SEED_PROGRAM, epochs: 1000 } as const;

/** x and y of an example, in f32: what each epoch reads of it, counted once. */
const BYTES_PER_ROW = 8;

/** What the data and the descent on them follow from. */
export interface ScaleSettings {
  rows: number;
  seed: number;
  /** λ */
  rate: number;
}

export function scaleData({ rows, seed }: Pick<ScaleSettings, 'rows' | 'seed'>): SyntheticData {
  return syntheticRegression({ rows, features: 1, noise: NOISE, seed });
}

/** GB/s of so many epochs. */
export function gigabytesPerSecond(rows: number, epochsPerSecond: number): number {
  return (BYTES_PER_ROW * rows * epochsPerSecond) / 1e9;
}

/** As many rows as one buffer and one binding hold, up to the most that the section asks for. */
export function mostRowsOn({
  maxBufferSize,
  maxStorageBufferBindingSize,
}: {
  maxBufferSize: number;
  maxStorageBufferBindingSize: number;
}): number {
  return Math.min(MOST_ROWS, Math.floor(Math.min(maxBufferSize, maxStorageBufferBindingSize) / 4));
}
