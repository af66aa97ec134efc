import { atOnce, inTurns, mapInParts, type WorkInParts } from '../base/turns.js';
import type { Dataset, FloatArray } from '../data/dataset.js';
import { checkExampleWeights } from '../data/example-weights.js';
import { levelConstants } from './level-constants.js';
import { checkLengths, checkSquares } from './checks.js';
import type { Moments } from './moments.js';
import { momentsFromShiftedSums } from './shifted-sums.js';
import { type SumsInPlace, SparseSums, splitColumns } from './sparse-sums.js';
import { BLOCK_ROWS, SumsAbout, unrolledDot } from './sums-about.js';

/** m examples, column by column, with one target or more. */
export interface MomentColumns {
  /** d columns of [m]. */
  features: readonly FloatArray[];
  /** t columns of [m]. */
  targets: readonly FloatArray[];
  featureNames: readonly string[];
  targetNames: readonly string[];
  /** [m] How much each example counts. Default: all the same. */
  exampleWeights?: FloatArray | undefined;
}

/**
 * The moments of a dataset, on the CPU in f64: one pass for the means and one, of m·d²/2 multiply-adds, about them.
 * An example of weight k counts as k examples; `exampleWeights`, [m], stand in place of the dataset's own.
 *
 * Throws `SHAPE_MISMATCH` for weights of another number, `NON_FINITE_VALUE`, `INVALID_OPTION` for a weight under 0 and
 * `EMPTY_DATA` when all are 0.
 *
 *     const moments = momentsOfDataset(createDataset({ features: [[1], [2], [6]], targets: [2, 4, 9] }));
 *     moments.means // [3]
 */
export function momentsOfDataset(
  dataset: Dataset,
  exampleWeights: ArrayLike<number> | undefined = dataset.exampleWeights,
): Moments {
  return momentsOfColumns(columnsOf(dataset), exampleWeights);
}

/** The same in turns of the event loop. */
export function momentsInTurns(dataset: Dataset): Promise<Moments> {
  return inTurns(addUpColumns(columnsOf(dataset), dataset.exampleWeights));
}

export function columnsOf({ columns, targets, featureNames, targetName, exampleWeights }: Dataset): MomentColumns {
  return { features: columns, targets: [targets], featureNames, targetNames: [targetName], exampleWeights };
}

/**
 * `momentsOfDataset` for columns that are in no dataset, several targets among them. Throws as that does, and
 * `NON_FINITE_VALUE` for values that are not finite, counting rows from `firstRow`.
 */
export function momentsOfColumns(...input: Parameters<typeof addUpColumns>): Moments {
  return atOnce(addUpColumns(...input));
}

/** Multiply-adds of a part of the work: some milliseconds. */
const WORK_OF_PART = 2 ** 22;

/**
 * The same in parts: a column for its center, then some rows of all for their products, which an engine may add up in its own
 * way.
 */
export function* addUpColumns(
  input: MomentColumns,
  exampleWeights?: ArrayLike<number>,
  firstRow = 0,
  openSums: (shift: Float64Array) => SumsAbout = (shift) => new SumsAbout(shift),
): WorkInParts<Moments> {
  const columns = [...input.features, ...input.targets];
  const names = [...input.featureNames, ...input.targetNames];
  checkLengths(columns, names);
  if (exampleWeights) checkExampleWeights(exampleWeights, columns[0]?.length ?? 0, firstRow);
  const weights = exampleWeights && Float64Array.from(exampleWeights);
  const centers = yield* mapInParts(columns, (column) => centerOf(column, weights));
  const exampleCount = columns[0]?.length ?? 0;
  const about = yield* sumsOf(columns, centers, weights, openSums);
  columns.forEach((column, i) => {
    const squares = about.products[i * columns.length + i] as number;
    checkSquares(squares, centers[i]?.isConstant ?? false, { column, name: names[i] as string, firstRow });
  });
  const { shift, sums, products } = about;
  const count = weights ? sum(weights, exampleCount) : exampleCount;
  const shifted = { count, shift, sums, products };
  levelConstants(shifted, columns, weights);
  return momentsFromShiftedSums(shifted, input.featureNames, input.targetNames);
}

/** The sums of all rows about the centers. */
function* sumsOf(
  columns: readonly FloatArray[],
  centers: readonly ColumnCenter[],
  weights: Float64Array | undefined,
  openSums: (shift: Float64Array) => SumsAbout,
): WorkInParts<SumsInPlace> {
  const exampleCount = columns[0]?.length ?? 0;
  const places = splitColumns(columns);
  const { dense, sparse } = places;
  const denseColumns = dense.map((i) => columns[i] as FloatArray);
  const about = openSums(Float64Array.from(dense, (i) => centers[i]?.center ?? 0));
  const rest =
    sparse.length > 0
      ? new SparseSums(
          columns,
          places,
          Float64Array.from(centers, ({ center }) => center),
        )
      : null;
  const rows = BLOCK_ROWS * Math.ceil(WORK_OF_PART / (dense.length ** 2 + sparse.length) / BLOCK_ROWS);
  for (let from = 0; from < exampleCount; from += rows) {
    const to = Math.min(from + rows, exampleCount);
    yield* weights ? about.addWeighted(denseColumns, weights, from, to) : about.add(denseColumns, from, to);
    rest?.add(weights, from, to);
    yield;
  }
  return rest?.join(about) ?? about;
}

interface ColumnCenter {
  center: number;
  isConstant: boolean;
}

/** The value where there is one only, else the mean, among the examples that count. */
function centerOf(column: FloatArray, weights: Float64Array | undefined): ColumnCenter {
  const first = weights ? weights.findIndex((weight) => weight > 0) : 0;
  const value = column[first] as number;
  let at = first + 1;
  while (at < column.length && (column[at] === value || weights?.[at] === 0)) at++;
  if (at >= column.length) return { center: value, isConstant: true };
  if (!weights) return { center: sum(column, column.length) / column.length, isConstant: false };
  return { center: unrolledDot(weights, column, column.length) / sum(weights, weights.length), isConstant: false };
}

/** Four sums side by side, so that an addition need not wait for the one before. */
function sum(values: FloatArray, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    sum0 += values[i] as number;
    sum1 += values[i + 1] as number;
    sum2 += values[i + 2] as number;
    sum3 += values[i + 3] as number;
  }
  for (; i < length; i++) sum0 += values[i] as number;
  return sum0 + sum1 + (sum2 + sum3);
}
