import { inTurns, type WorkInParts } from '../base/turns.js';
import type { Dataset, FloatArray } from '../data/dataset.js';
import { totalWeight } from '../data/example-weights.js';
import type { Standardization } from '../descent/standardization.js';
import type { StoredColumn } from './fill.js';
import type { Shape } from './kernels/shape.js';
import { openThreads } from './threads/open-threads.js';
import type { Threads } from './threads/threads.js';
import { hasWasm } from './wasm-rows.js';

/**
 * Up to this many numbers are stored and added up in f64: they fit the caches, an epoch takes some microseconds, and a fit
 * keeps all digits of its data. Beyond it memory is the limit, and f32 takes half the time.
 */
const MOST_F64_NUMBERS = 2 ** 15;

/** f32 holds a column if its largest number is at most this, so that no product of two leaves f32, */
const LARGEST_F32 = 2 ** 40;
/** and at most this many times its range, so that rounding leaves 16 bits of the differences. */
const MOST_OFFSET = 2 ** 8;

/** Examples in the memory of the engine. */
export interface StoredExamples {
  threads: Threads;
  standardization: Standardization;
  /** m */
  count: number;
  /** [m] The weights as they are stored; undefined where all examples count the same. */
  weights: Float64Array | undefined;
  /** m, or the sum of these. */
  totalWeight: number;
}

/** The examples to store. */
export interface ExamplesToStore {
  dataset: Dataset;
  /** t columns of [m]. */
  targets: readonly FloatArray[];
  standardization: Standardization;
  /** The rows in the order in which to store them. Default: all as they come. */
  order?: Uint32Array | undefined;
  /** The number of threads. Default: as many as pay for these epochs. */
  threads?: number | undefined;
  epochs: number;
}

/** Stores examples, with turns of the event loop in between. Rejects with the reason of the signal. */
export async function storeExamples(examples: ExamplesToStore, signal?: AbortSignal): Promise<StoredExamples> {
  const { dataset, targets, standardization, order, epochs, threads: wanted } = examples;
  const { exampleWeights } = dataset;
  const columns = columnsToStore(examples);
  const count = order?.length ?? dataset.exampleCount;
  const storedBytes = await inTurns(chooseFormat(columns, count), signal);
  const shape: Shape = {
    featureCount: dataset.featureCount,
    targetCount: targets.length,
    isWeighted: exampleWeights !== undefined,
    storedBytes,
  };
  const kernels = (await hasWasm()) ? 'wasm' : 'loops';
  const threads = await openThreads(shape, count, { kernels, epochs, threads: wanted });
  try {
    await threads.fill(columns, order, signal);
  } catch (error) {
    threads.dispose();
    throw error;
  }
  const weights = exampleWeights && asStored(columns.at(-1) as StoredColumn, count, order, storedBytes);
  return { threads, standardization, count, weights, totalWeight: totalWeight(count, weights) };
}

function columnsToStore({ dataset, targets, standardization }: ExamplesToStore): StoredColumn[] {
  const features = dataset.columns.map((values, j) => {
    const { center, exponent } = standardization.columns[j] ?? { center: 0, exponent: 0 };
    return { values, center, scale: 2 ** -exponent };
  });
  const stored = targets.map((values, k) => ({ values, center: standardization.targetCenters[k] as number, scale: 1 }));
  const { exampleWeights } = dataset;
  if (!exampleWeights) return [...features, ...stored];
  return [...features, ...stored, { values: exampleWeights, center: 0, scale: weightScale(exampleWeights) }];
}

/** A power of two, so that the largest weight is near 1: a loss does not change when all weights do. */
function weightScale(weights: FloatArray): number {
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, weight);
  return 2 ** -Math.round(Math.log2(largest));
}

/** Looks at a column in each part of the work. */
function* chooseFormat(columns: readonly StoredColumn[], count: number): WorkInParts<Shape['storedBytes']> {
  if (columns.length * count <= MOST_F64_NUMBERS) return 8;
  for (const column of columns) {
    if (!isHeldByF32(column)) return 8;
    yield;
  }
  return 4;
}

/** True if f32 holds a column without losing what tells its numbers apart. */
function isHeldByF32({ values, center, scale }: StoredColumn): boolean {
  let [least, greatest] = [Infinity, -Infinity];
  let isExact = true;
  for (const value of values) {
    const stored = (value - center) * scale;
    if (stored < least) least = stored;
    if (stored > greatest) greatest = stored;
    isExact &&= Math.fround(stored) === stored;
  }
  const size = Math.max(greatest, -least);
  return size <= LARGEST_F32 && (isExact || size <= MOST_OFFSET * (greatest - least));
}

/** A column in the order and the format of the store. */
function asStored(
  { values, center, scale }: StoredColumn,
  count: number,
  order: Uint32Array | undefined,
  storedBytes: Shape['storedBytes'],
): Float64Array {
  return new Float64Array(count).map((_, i) => {
    const value = ((values[order ? (order[i] as number) : i] as number) - center) * scale;
    return storedBytes === 4 ? Math.fround(value) : value;
  });
}
