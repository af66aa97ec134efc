import type { Dataset, FloatArray } from '../dataset.js';
import { lostInDifference, TwofoldSum } from './twofold.js';

/** What the solution is to minimise: L + l2/2·Σ w² in training units, with or without a bias. */
export interface Problem {
  l2: number;
  standardize: boolean;
  intercept: boolean;
}

/**
 * The columns A of the problem min |y − A·x|²: a column of ones where there is an intercept, then the features, each less
 * a number near its mean and over a power of two, so that neither rounds: what the subtraction loses is kept beside it.
 * Below the examples stands a row for the penalty of each weight, √(m·l2) in training units, whose target is 0.
 */
export interface Design {
  /** n columns of [rowCount]. */
  high: readonly Float64Array[];
  /** What is to be added to them: exactly, they are the features as they came. */
  low: readonly Float64Array[];
  /** [rowCount] */
  targets: Float64Array;
  exampleCount: number;
  rowCount: number;
  intercept: boolean;
  /** [n] The size of an unknown of 1 as a weight in training units. */
  units: Float64Array;
  /** [d] What was taken off each feature, and the power of two that it was divided by. */
  centers: readonly number[];
  scales: readonly number[];
  /** Features of one value, where there is an intercept: columns of zeros. */
  constantFeatures: readonly number[];
}

export function designOf(dataset: Dataset, { l2, standardize, intercept }: Problem): Design {
  const { exampleCount, featureCount } = dataset;
  const penalties = l2 > 0 ? featureCount : 0;
  const rowCount = exampleCount + penalties;
  const extended = (values: ArrayLike<number>) => {
    const column = new Float64Array(rowCount);
    column.set(values);
    return column;
  };
  const ones = intercept ? [extended(new Float64Array(exampleCount).fill(1))] : [];
  const layouts = dataset.columns.map((column) => layoutOf(column, intercept));
  const spreads = layouts.map(({ deviation }) => (standardize ? deviation : 1));
  const high = dataset.columns.map((column, j) => {
    const { center, scale } = layouts[j] as ColumnLayout;
    const scaled = extended(Float64Array.from(column, (value) => (value - center) / scale));
    // Penalties are of w·spread, and x = w·scale.
    if (penalties > 0) scaled[exampleCount + j] = (Math.sqrt(exampleCount * l2) * (spreads[j] as number)) / scale;
    return scaled;
  });
  const low = dataset.columns.map((column, j) => {
    const { center, scale } = layouts[j] as ColumnLayout;
    return extended(Float64Array.from(column, (value) => lostInDifference(value, center) / scale));
  });
  return {
    high: [...ones, ...high],
    low: [...ones.map(() => new Float64Array(rowCount)), ...low],
    targets: extended(dataset.targets),
    exampleCount,
    rowCount,
    intercept,
    units: Float64Array.from([...ones.map(() => 1), ...layouts.map(({ scale }, j) => (spreads[j] as number) / scale)]),
    centers: layouts.map(({ center }) => center),
    scales: layouts.map(({ scale }) => scale),
    constantFeatures: layouts.flatMap(({ isZero }, j) => (isZero ? [j] : [])),
  };
}

/**
 * The unknowns as weights and bias for the features as they came. The bias, often a small difference of large terms, also
 * takes what the unknowns lack, which f64 cannot hold beside them.
 */
export function toCallerUnits(
  { intercept, centers, scales }: Design,
  unknowns: Float64Array, // [n]
  lacking: Float64Array, //  [n]
): { weights: Float64Array; bias: number } {
  const first = Number(intercept);
  const weights = Float64Array.from(scales, (scale, j) => (unknowns[j + first] as number) / scale);
  const bias = new TwofoldSum();
  for (const part of intercept ? [unknowns, lacking] : []) {
    bias.add(part[0] as number);
    centers.forEach((center, j) => bias.addProduct(-(part[j + 1] as number) / (scales[j] as number), center));
  }
  return { weights, bias: bias.value };
}

/** [n] What weights and bias for the features as they came are as unknowns. */
export function toUnknowns(
  { intercept, centers, scales }: Design,
  { weights, bias }: { weights: ArrayLike<number>; bias: number },
): Float64Array {
  const atCenters = centers.reduce((sum, center, j) => sum + (weights[j] as number) * center, bias);
  const scaled = scales.map((scale, j) => (weights[j] as number) * scale);
  return Float64Array.from(intercept ? [atCenters, ...scaled] : scaled);
}

interface ColumnLayout {
  center: number;
  /** A power of two not under the largest distance from the centre. */
  scale: number;
  /** The standard deviation, over m; 1 where it is 0. */
  deviation: number;
  isZero: boolean;
}

function layoutOf(column: FloatArray, intercept: boolean): ColumnLayout {
  const first = column[0] as number;
  const isConstant = column.every((value) => value === first);
  const mean = isConstant ? first : meanOf(column);
  const center = intercept ? mean : 0;
  const reach = largestDistance(column, center);
  const scale = reach > 0 ? 2 ** Math.ceil(Math.log2(reach)) : 1;
  let squares = 0; // of shares of the reach, which do not leave f64
  for (const value of column) squares += ((value - mean) / scale) ** 2;
  const deviation = isConstant ? 1 : scale * Math.sqrt(squares / column.length);
  return { center, scale, deviation, isZero: reach === 0 };
}

function meanOf(column: FloatArray): number {
  let mean = 0;
  for (const value of column) mean += value / column.length; // over the length first: a sum of large numbers may leave f64
  return mean;
}

function largestDistance(column: FloatArray, center: number): number {
  let reach = 0;
  for (const value of column) reach = Math.max(reach, Math.abs(value - center));
  return reach;
}
