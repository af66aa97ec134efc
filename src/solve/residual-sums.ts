import { isTurnOver, nextTurn, type WorkInParts } from '../base/turns.js';
import type { ColumnBlocks } from '../cpu/column-blocks.js';
import type { Dataset, FloatArray } from '../data/dataset.js';

/** Some examples, column by column. */
export interface Part {
  features: readonly FloatArray[];
  targets: FloatArray;
  /** The weight of each example; 1 if left out. */
  exampleWeights?: FloatArray | undefined;
}

export type Parts = AsyncIterable<Part> | Iterable<Part>;

/** Weights [d], and the prediction for features at their centres. */
export interface CenteredParameters {
  weights: Float64Array;
  atCenter: number;
}

/** Sums over all examples, with their weights, at some parameters, r being target − prediction. */
export interface ResidualSums {
  count: number; //           m, or the sum of the weights
  sum: number; //             Σ r
  squares: number; //         Σ r²
  products: Float64Array; //  [d] Σ r·(x − center)
}

/** Rows that plain loops work on at a time: their residuals stay in the first cache. */
const BLOCK_ROWS = 256;

/** Rows of a part of a dataset. */
const PART_ROWS = 65_536;

/** The examples of a dataset in parts, each a view; a source gives batches by itself. */
export function* partsOf({ columns, targets, exampleCount, exampleWeights }: Dataset): Iterable<Part> {
  for (let from = 0; from < exampleCount; from += PART_ROWS) {
    const to = Math.min(exampleCount, from + PART_ROWS);
    const part = (column: FloatArray) => column.subarray(from, to);
    yield {
      features: columns.map(part),
      targets: part(targets),
      exampleWeights: exampleWeights && part(exampleWeights),
    };
  }
}

/** One pass over all examples in f64, sums being of some hundred rows and of their totals. Rejects with the signal's reason. */
export async function residualSums(
  parts: Parts,
  parameters: CenteredParameters,
  centers: Float64Array,
  signal: AbortSignal | undefined,
): Promise<ResidualSums> {
  const blocks = await openBlocks();
  const sums = { count: 0, sum: 0, squares: 0, products: new Float64Array(centers.length) };
  const blockRows = blocks?.rowCount ?? BLOCK_ROWS;
  await eachBlock(parts, blockRows, signal, (part, from) => {
    const to = Math.min(from + blockRows, part.targets.length);
    // Rows that fill no block are few: those of small data are added up one after another, whatever the host.
    if (blocks && to - from === blockRows) addByVectors(blocks, part, from, parameters, centers, sums);
    else addRows(part, from, to, parameters, centers, sums);
  });
  return sums;
}

/** The vectors of WebAssembly, if the host has them; like an engine they are a part of their own in a bundle. */
async function openBlocks(): Promise<ColumnBlocks | null> {
  return (await import('../cpu/column-blocks.js')).openColumnBlocks();
}

/** Goes through all examples, so many rows of a part at a time; between blocks the thread is left now and then. */
export function eachBlock(
  parts: Parts,
  blockRows: number,
  signal: AbortSignal | undefined,
  visit: (part: Part, from: number) => void,
): Promise<void> {
  return eachBlockInParts(parts, blockRows, signal, (part, from) => {
    visit(part, from);
    return undefined;
  });
}

/** The same where the work on a block is in parts, between which the thread is left, too. */
export async function eachBlockInParts(
  parts: Parts,
  blockRows: number,
  signal: AbortSignal | undefined,
  visit: (part: Part, from: number) => WorkInParts<void> | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  for await (const part of parts) {
    signal?.throwIfAborted();
    for (let from = 0; from < part.targets.length; from += blockRows) {
      const work = visit(part, from);
      while (work && work.next().done !== true) if (isTurnOver()) await nextTurn(signal);
      if (isTurnOver()) await nextTurn(signal);
    }
  }
}

/** Adds a block of rows from `from` on, by vectors. */
function addByVectors(
  blocks: ColumnBlocks,
  { features, targets, exampleWeights }: Part,
  from: number,
  { weights, atCenter }: CenteredParameters,
  centers: Float64Array,
  sums: ResidualSums,
): void {
  const [size, rows] = [features.length, blocks.rowCount];
  blocks.reserve(size + 1);
  for (let j = 0; j < size; j++) blocks.center(j, features[j] as FloatArray, from, rows, centers[j] as number);
  blocks.center(size, targets, from, rows, atCenter);
  const residuals = blocks.subtract(weights, size, rows);
  if (exampleWeights) {
    addResiduals(residuals, exampleWeights, from, sums);
  } else {
    sums.count += rows;
    sums.sum += blocks.sumOf(size, rows);
    sums.squares += blocks.squaresOf(size, rows);
  }
  blocks.addProductsWith(size, rows, sums.products);
}

/** Adds rows `from` to before `to` by plain loops. */
function addRows(
  { features, targets, exampleWeights }: Part,
  from: number,
  to: number,
  { weights, atCenter }: CenteredParameters,
  centers: Float64Array,
  sums: ResidualSums,
): void {
  const rows = to - from;
  const residuals = new Float64Array(rows);
  for (let i = 0; i < rows; i++) residuals[i] = (targets[from + i] as number) - atCenter;
  features.forEach((column, j) => {
    const [weight, center] = [weights[j] as number, centers[j] as number];
    for (let i = 0; i < rows; i++) {
      residuals[i] = (residuals[i] as number) - weight * ((column[from + i] as number) - center);
    }
  });
  addResiduals(residuals, exampleWeights, from, sums);
  features.forEach((column, j) => {
    const center = centers[j] as number;
    let product = 0;
    for (let i = 0; i < rows; i++) product += (residuals[i] as number) * ((column[from + i] as number) - center);
    sums.products[j] = (sums.products[j] as number) + product;
  });
}

/** Adds the sums of some residuals and their squares, and multiplies each by the weight of its example. */
function addResiduals(
  residuals: Float64Array,
  exampleWeights: FloatArray | undefined,
  from: number,
  sums: ResidualSums,
): void {
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < residuals.length; i++) {
    const weight = exampleWeights ? (exampleWeights[from + i] as number) : 1;
    const residual = residuals[i] as number;
    if (exampleWeights) residuals[i] = weight * residual;
    count += weight;
    sum += weight * residual;
    squares += weight * residual * residual;
  }
  sums.count += count;
  sums.sum += sum;
  sums.squares += squares;
}
