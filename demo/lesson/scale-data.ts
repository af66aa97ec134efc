// What section 6 trains on: one feature and a line through points in a plane, or two and a plane through points in space.

import { SEED_PROGRAM, type SyntheticData, syntheticRegression } from '../../src/index.js';

export const LEAST_ROWS = 100;
export const MOST_ROWS = 10_000_000;

/** The sizes of the slider: 100, 200, 500, … */
export const ROW_STEPS: readonly number[] = [100, 1e3, 1e4, 1e5, 1e6]
  .flatMap((power) => [power, 2 * power, 5 * power])
  .concat(MOST_ROWS);

/** So far the points lie about their line or plane. */
export const NOISE = 0.3;

/** Features are drawn from −1 to 1. */
export const X_RANGE = [-1, 1] as const;
/** Weights and bias, too, so that the points stay within, but for the corners of some planes, and so does the first h(x). */
export const Y_RANGES = { line: [-2.5, 2.5], plane: [-3, 3] } as const;

/** The program of the lesson, with more epochs to watch. */
export const WATCHED = { ...SEED_PROGRAM, epochs: 1000 } as const;

const FLOAT_BYTES = 4;

/** What h(x) is: a line over one feature, or a plane over two. */
export const SHAPES = ['line', 'plane'] as const;
export type Shape = (typeof SHAPES)[number];

/** d of each. */
export const FEATURES: Readonly<Record<Shape, number>> = { line: 1, plane: 2 };

/** h(x) = w·x + b */
export interface Hypothesis {
  /** [d] */
  weights: readonly number[];
  bias: number;
}

/** What the data and the descent on them follow from. */
export interface ScaleSettings {
  shape: Shape;
  rows: number;
  seed: number;
  /** λ */
  rate: number;
}

export function scaleData({ shape, rows, seed }: Omit<ScaleSettings, 'rate'>): SyntheticData {
  return syntheticRegression({ rows, features: FEATURES[shape], noise: NOISE, seed });
}

/** GB/s of so many epochs: features and target of an example, which each epoch reads, counted once. */
export function gigabytesPerSecond(
  { shape, rows }: Pick<ScaleSettings, 'shape' | 'rows'>,
  epochsPerSecond: number,
): number {
  return (FLOAT_BYTES * (FEATURES[shape] + 1) * rows * epochsPerSecond) / 1e9;
}

/** As many rows as one buffer and one binding hold, up to the most that the section asks for. */
export function mostRowsOn(
  { maxBufferSize, maxStorageBufferBindingSize }: { maxBufferSize: number; maxStorageBufferBindingSize: number },
  shape: Shape,
): number {
  const bytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  return Math.min(MOST_ROWS, Math.floor(bytes / (FLOAT_BYTES * FEATURES[shape])));
}
