import type { Dataset, FloatArray } from '../dataset.js';
import { checkedWeights, checkLengths, checkSquares } from './checks.js';
import type { Moments } from './moments.js';
import { momentsFromShiftedSums, type ShiftedSums } from './shifted-sums.js';

/** m examples, column by column, with one target or more. */
export interface MomentColumns {
  /** d columns of [m]. */
  features: readonly FloatArray[];
  /** t columns of [m]. */
  targets: readonly FloatArray[];
  featureNames: readonly string[];
  targetNames: readonly string[];
}

/** Rows that are centred at a time: with 64 columns they still fit the second cache. A multiple of 4. */
const BLOCK_ROWS = 256;

/**
 * The moments of a dataset, on the CPU in f64: one pass for the means and one, of m·d²/2 multiply-adds, about them.
 * An example of weight k counts as k examples; `exampleWeights` are [m], each 0 or more.
 *
 * Throws `SHAPE_MISMATCH` for weights of another number, `NON_FINITE_VALUE`, `INVALID_OPTION` for a weight under 0 and
 * `EMPTY_DATA` when all are 0.
 *
 *     const moments = momentsOfDataset(createDataset({ features: [[1], [2], [6]], targets: [2, 4, 9] }));
 *     moments.means // [3]
 */
export function momentsOfDataset(dataset: Dataset, exampleWeights?: ArrayLike<number>): Moments {
  return momentsOfColumns(columnsOf(dataset), exampleWeights);
}

export function columnsOf({ columns, targets, featureNames, targetName }: Dataset): MomentColumns {
  return { features: columns, targets: [targets], featureNames, targetNames: [targetName] };
}

/**
 * `momentsOfDataset` for columns that are in no dataset, several targets among them. Throws as that does, and
 * `NON_FINITE_VALUE` for values that are not finite, counting rows from `firstRow`.
 */
export function momentsOfColumns(given: MomentColumns, exampleWeights?: ArrayLike<number>, firstRow = 0): Moments {
  const columns = [...given.features, ...given.targets];
  const names = [...given.featureNames, ...given.targetNames];
  checkLengths(columns, names);
  const weights = exampleWeights && checkedWeights(exampleWeights, columns[0]?.length ?? 0, firstRow);
  const centers = columns.map((column) => centerOf(column, weights));
  const sums = sumsAbout(
    Float64Array.from(centers, ({ center }) => center),
    columns,
    weights,
  );
  columns.forEach((column, i) => {
    const squares = sums.products[i * columns.length + i] as number;
    checkSquares(squares, centers[i]?.isConstant ?? false, { column, name: names[i] as string, firstRow });
  });
  return momentsFromShiftedSums(sums, given.featureNames, given.targetNames);
}

/** The value where there is one only, else the mean, among the examples that count. */
function centerOf(column: FloatArray, weights: Float64Array | undefined): { center: number; isConstant: boolean } {
  const first = weights ? weights.findIndex((weight) => weight > 0) : 0;
  const value = column[first] as number;
  let at = first + 1;
  while (at < column.length && (column[at] === value || weights?.[at] === 0)) at++;
  if (at >= column.length) return { center: value, isConstant: true };
  if (!weights) return { center: sum(column, column.length) / column.length, isConstant: false };
  return { center: dot(weights, column, column.length) / sum(weights, weights.length), isConstant: false };
}

/**
 * The sums of src/reference/moments.ts, a block of rows at a time: centred once for all the products that they take
 * part in, and every sum is one of few terms added to the sum of the blocks.
 */
function sumsAbout(
  shift: Float64Array,
  columns: readonly FloatArray[],
  weights: Float64Array | undefined,
): ShiftedSums {
  const size = columns.length;
  const exampleCount = columns[0]?.length ?? 0;
  const sums = new Float64Array(size);
  const products = new Float64Array(size * size);
  const centred = columns.map(() => new Float64Array(BLOCK_ROWS));
  const weighted = new Float64Array(BLOCK_ROWS);
  for (let from = 0; from < exampleCount; from += BLOCK_ROWS) {
    const rows = Math.min(BLOCK_ROWS, exampleCount - from);
    columns.forEach((column, i) => center(column, from, rows, shift[i] as number, centred[i] as Float64Array));
    for (let i = 0; i < size; i++) {
      let left = centred[i] as Float64Array;
      if (weights) {
        for (let row = 0; row < rows; row++) weighted[row] = (weights[from + row] as number) * (left[row] as number);
        left = weighted;
      }
      sums[i] = (sums[i] as number) + sum(left, rows);
      for (let j = i; j < size; j++) {
        const at = i * size + j;
        products[at] = (products[at] as number) + dot(left, centred[j] as Float64Array, rows);
      }
    }
  }
  return { count: weights ? sum(weights, exampleCount) : exampleCount, shift, sums, products };
}

function center(column: FloatArray, from: number, rows: number, shift: number, out: Float64Array): void {
  for (let row = 0; row < rows; row++) out[row] = (column[from + row] as number) - shift;
}

/** Four sums side by side, so that an addition need not wait for the one before; `dot` likewise. */
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

function dot(a: Float64Array, b: FloatArray, length: number): number {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    sum0 += (a[i] as number) * (b[i] as number);
    sum1 += (a[i + 1] as number) * (b[i + 1] as number);
    sum2 += (a[i + 2] as number) * (b[i + 2] as number);
    sum3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < length; i++) sum0 += (a[i] as number) * (b[i] as number);
  return sum0 + sum1 + (sum2 + sum3);
}
