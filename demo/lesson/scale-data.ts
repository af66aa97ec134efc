// What section 6 trains on: one feature and a line through points in a plane, or two and a plane through points in space.

import { SEED_PROGRAM, type SyntheticData, syntheticRegression } from '../../src/index.js';
import { LEAST_ROWS, MOST_ROWS, SCALE_BATCHES, type ScaleBatch, type Shape, SHAPES } from './scale-names.js';

export { LEAST_ROWS, MOST_ROWS, SCALE_BATCHES, type ScaleBatch, type Shape, SHAPES };

/** The most rows for a CPU worker, which has to make them, too. */
export const MOST_CPU_ROWS = 1_000_000;

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

/** d of each. */
export const FEATURES: Readonly<Record<Shape, number>> = { line: 1, plane: 2 };

/** h(x) = w·x + b */
export interface Hypothesis {
  /** [d] */
  weights: readonly number[];
  bias: number;
}

/** The numbers of a model, of a step or of what data were made from. */
export function hypothesisOf({ weights, bias }: { weights: Iterable<number>; bias: number }): Hypothesis {
  return { weights: [...weights], bias };
}

/** The settings that the data follow from. */
export interface ExampleSettings {
  shape: Shape;
  rows: number;
  seed: number;
}

/** The settings that the data and the descent on them follow from. */
export interface ScaleSettings extends ExampleSettings {
  batch: ScaleBatch;
  /** λ */
  rate: number;
}

/** Updates that an epoch makes: one for each batch. */
export function updatesPerEpoch({ rows, batch }: Pick<ScaleSettings, 'rows' | 'batch'>): number {
  return batch === 'all' ? 1 : Math.ceil(rows / Number(batch));
}

export function scaleData({ shape, rows, seed }: ExampleSettings): SyntheticData {
  return syntheticRegression({ rows, features: FEATURES[shape], noise: NOISE, seed });
}

/** GB/s of so many epochs: features and target of an example, which each epoch reads, counted once. */
export function gigabytesPerSecond(
  { shape, rows }: Pick<ScaleSettings, 'shape' | 'rows'>,
  epochsPerSecond: number,
): number {
  return (FLOAT_BYTES * (FEATURES[shape] + 1) * rows * epochsPerSecond) / 1e9;
}

/** The most rows that one buffer and one binding hold, up to the most that the section asks for. */
export function mostRowsOn(
  { maxBufferSize, maxStorageBufferBindingSize }: { maxBufferSize: number; maxStorageBufferBindingSize: number },
  shape: Shape,
): number {
  const bytes = Math.min(maxBufferSize, maxStorageBufferBindingSize);
  return Math.min(MOST_ROWS, Math.floor(bytes / (FLOAT_BYTES * FEATURES[shape])));
}

/** True if h(x) lies over or under the whole picture, or is no number any more. */
function isOutside({ weights, bias }: Hypothesis, shape: Shape): boolean {
  const [low, high] = Y_RANGES[shape];
  const reach = weights.reduce((sum, weight) => sum + Math.abs(weight), 0); // x is from −1 to 1
  return !(bias - reach <= high && bias + reach >= low);
}

/** A line this much steeper than the picture is high is as good as upright: it shows nothing of the points. */
const STEEPEST = 20;

/** True if nothing of h(x) is to be seen, or nothing that tells of it. */
export function hasLeft(hypothesis: Hypothesis, shape: Shape): boolean {
  const [low, high] = Y_RANGES[shape];
  const isUpright = hypothesis.weights.some((weight) => !(Math.abs(weight) < STEEPEST * (high - low)));
  return isUpright || isOutside(hypothesis, shape);
}
