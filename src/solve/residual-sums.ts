import type { Dataset, FloatArray } from '../data/dataset.js';
import type { ExampleSource } from '../data/source.js';
import { checkedBatches } from '../data/source-batches.js';

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

/** Rows that are worked on at a time: their residuals stay in the first cache. */
const BLOCK_ROWS = 256;

/** Rows of a part of a dataset. */
const PART_ROWS = 65_536;

/** Between two waits the loop holds the thread for about this long. */
const SLICE_MS = 50;

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

/** The parts of a source, like those of `partsOf`. */
export function sourceParts(source: ExampleSource): Parts {
  return checkedBatches(source);
}

/** One pass over all examples in f64, sums being of 256 and of their totals. Rejects with the signal's reason. */
export async function residualSums(
  parts: Parts,
  parameters: CenteredParameters,
  centers: Float64Array,
  signal: AbortSignal | undefined,
): Promise<ResidualSums> {
  const sums = { count: 0, sum: 0, squares: 0, products: new Float64Array(centers.length) };
  await eachBlock(parts, BLOCK_ROWS, signal, (part, from) => addBlock(part, from, parameters, centers, sums));
  return sums;
}

/** Goes through all examples, so many rows of a part at a time; between blocks the thread is left now and then. */
export async function eachBlock(
  parts: Parts,
  blockRows: number,
  signal: AbortSignal | undefined,
  visit: (part: Part, from: number) => void,
): Promise<void> {
  let sliceMs = performance.now();
  signal?.throwIfAborted();
  for await (const part of parts) {
    signal?.throwIfAborted();
    for (let from = 0; from < part.targets.length; from += blockRows) {
      visit(part, from);
      if (performance.now() - sliceMs <= SLICE_MS) continue;
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      sliceMs = performance.now();
    }
  }
}

function addBlock(
  { features, targets, exampleWeights }: Part,
  from: number,
  { weights, atCenter }: CenteredParameters,
  centers: Float64Array,
  sums: ResidualSums,
): void {
  const rows = Math.min(BLOCK_ROWS, targets.length - from);
  const residuals = new Float64Array(rows);
  for (let i = 0; i < rows; i++) residuals[i] = (targets[from + i] as number) - atCenter;
  features.forEach((column, j) => {
    const [weight, center] = [weights[j] as number, centers[j] as number];
    for (let i = 0; i < rows; i++) {
      residuals[i] = (residuals[i] as number) - weight * ((column[from + i] as number) - center);
    }
  });
  let [count, sum, squares] = [0, 0, 0];
  for (let i = 0; i < rows; i++) {
    const weight = exampleWeights ? (exampleWeights[from + i] as number) : 1;
    const residual = residuals[i] as number;
    residuals[i] = weight * residual;
    count += weight;
    sum += weight * residual;
    squares += weight * residual * residual;
  }
  features.forEach((column, j) => {
    const center = centers[j] as number;
    let product = 0;
    for (let i = 0; i < rows; i++) product += (residuals[i] as number) * ((column[from + i] as number) - center);
    sums.products[j] = (sums.products[j] as number) + product;
  });
  sums.count += count;
  sums.sum += sum;
  sums.squares += squares;
}
