import { mapInParts, type WorkInParts } from '../base/turns.js';
import type { Dataset, FloatArray } from '../data/dataset.js';
import { spreadInParts } from '../data/column-layout.js';
import { totalWeight } from '../data/example-weights.js';
import { relativeWeights, rootsOf } from '../data/relative-weights.js';
import type { FitSettings } from '../options/specs.js';
import { lostInDifference, lostInProduct, TwofoldSum } from './twofold.js';

/** The problem to solve: minimize L + l2/2·Σ w² in training units, with or without a bias. */
export type Problem = Pick<FitSettings, 'l2' | 'standardize' | 'fitIntercept'>;

/**
 * The columns A of the problem min |y − A·x|²: a column of ones where there is an intercept, then the features, each less
 * a number near its mean and over a power of two, so that neither rounds: what the subtraction loses is kept beside it.
 * Below the examples stands a row for the penalty of each weight, √(m·l2) in training units, whose target is 0. A row of
 * an example that has a weight is times its root; m is the sum of the weights.
 */
export interface Design {
  /** n columns of [rowCount]. */
  high: readonly Float64Array[];
  /** The low-order parts of the columns: added to them, they give the features exactly as they came. */
  low: readonly Float64Array[];
  /** [rowCount], and what is to be added to them. */
  targets: Float64Array;
  lowTargets: Float64Array;
  /** m */
  count: number;
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

/** The design of examples, in parts of a column at most. */
export function* designOf(dataset: Dataset, { l2, standardize, fitIntercept }: Problem): WorkInParts<Design> {
  const { exampleCount, featureCount } = dataset;
  const exampleWeights = dataset.exampleWeights && relativeWeights(dataset.exampleWeights);
  const count = totalWeight(exampleCount, exampleWeights);
  const roots = rootsOf(exampleWeights, exampleCount);
  const rowCount = exampleCount + (l2 > 0 ? featureCount : 0);
  yield;
  const extended = (values: ArrayLike<number>) => {
    const column = new Float64Array(rowCount);
    column.set(values);
    return column;
  };
  const ones = fitIntercept ? [extended(roots)] : [];
  const layouts: ColumnLayout[] = [];
  for (const values of dataset.columns) layouts.push(yield* layoutOf(values, exampleWeights, fitIntercept));
  const spreads = layouts.map(({ deviation }) => (standardize ? deviation : 1));
  const columns = (valueOf: (x: number, root: number, layout: ColumnLayout) => number) =>
    mapInParts(dataset.columns, (values, j) => {
      const layout = layouts[j] as ColumnLayout;
      const column = new Float64Array(rowCount);
      for (let i = 0; i < exampleCount && !layout.isZero; i++)
        column[i] = valueOf(values[i] as number, roots[i] as number, layout);
      return column;
    });
  const high = yield* columns((x, root, { center, scale }) => ((x - center) / scale) * root);
  const low = yield* columns(
    (x, root, { center, scale }) =>
      lostInProduct((x - center) / scale, root) + (lostInDifference(x, center) / scale) * root,
  );
  layouts.forEach(({ scale, isZero }, j) => {
    // Penalties are of w·spread, and x = w·scale.
    if (l2 > 0 && !isZero)
      (high[j] as Float64Array)[exampleCount + j] = (Math.sqrt(count * l2) * (spreads[j] as number)) / scale;
  });
  const lowTargets = extended(roots.map((root, i) => lostInProduct(dataset.targets[i] as number, root)));
  yield;
  return {
    high: [...ones, ...high],
    low: [...ones.map(() => new Float64Array(rowCount)), ...low],
    targets: extended(roots.map((root, i) => (dataset.targets[i] as number) * root)),
    lowTargets,
    count,
    rowCount,
    intercept: fitIntercept,
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
  /** The standard deviation over m, without an intercept the root mean square; 1 where it is 0. */
  deviation: number;
  isZero: boolean;
}

/** The layout of a column, from the examples with a weight above 0. */
function* layoutOf(
  column: FloatArray,
  weights: FloatArray | undefined,
  fitIntercept: boolean,
): WorkInParts<ColumnLayout> {
  const { center, deviation, isConstant } = yield* spreadInParts(column, weights, fitIntercept);
  yield;
  if (isConstant) return { center, scale: 1, deviation: 1, isZero: true };
  let reach = 0;
  for (let i = 0; i < column.length; i++) {
    if (weights?.[i] !== 0) reach = Math.max(reach, Math.abs((column[i] as number) - center));
  }
  return { center, scale: 2 ** Math.ceil(Math.log2(reach)), deviation, isZero: false };
}
