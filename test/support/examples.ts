import { createDataset, Dataset, type FloatArray } from '../../src/data/dataset.js';
import { CounterRandom, normalOf, signedUniformOf } from '../../src/base/random.js';

/** Numbers of a stream that the library itself never draws from. */
const TEST_STREAM = 77;

/** `count` uniform numbers in [-1, 1): asymmetric, seeded, the same everywhere. */
export function uniforms(seed: number, count: number): Float64Array {
  const random = new CounterRandom(seed, TEST_STREAM);
  return Float64Array.from({ length: count }, (_, i) => signedUniformOf(random.words(i, 0)[0] as number));
}

/** `count` standard normal numbers. */
export function normals(seed: number, count: number): Float64Array {
  const random = new CounterRandom(seed, TEST_STREAM + 1);
  return Float64Array.from({ length: count }, (_, i) => {
    const words = random.words(i, 0);
    return normalOf(words[0] as number, words[1] as number);
  });
}

/** A dataset of m examples whose d features have offsets and sizes of their own, and noisy linear targets. */
export function examples(seed: number, exampleCount: number, featureCount: number): Dataset {
  const columns = Array.from({ length: featureCount }, (_, j) =>
    uniforms(1000 * seed + j, exampleCount).map((value) => (1 + j / 4) * value + 0.3 * (j % 3) - 0.2),
  );
  const noise = normals(1000 * seed + featureCount, exampleCount);
  const targets = noise.map((value, i) =>
    columns.reduce((sum, column, j) => sum + (0.7 - 0.4 * j) * (column[i] as number), 0.25 + 0.1 * value),
  );
  const named = Object.fromEntries(columns.map((column, j) => [`x${j + 1}`, column]));
  return createDataset({ columns: named, targets });
}

/** Some rows of a dataset, perhaps with other targets, which come for all rows. */
export function rowsOf(data: Dataset, rows: ArrayLike<number>, targets: ArrayLike<number> = data.targets): Dataset {
  const picked = (column: ArrayLike<number>) => Float64Array.from(rows, (row) => column[row] as number);
  return new Dataset(data.columns.map(picked), picked(targets), data.featureNames, data.targetName);
}

/** A dataset with other targets. */
export function withTargets(data: Dataset, targets: FloatArray): Dataset {
  return new Dataset(data.columns, targets, data.featureNames, data.targetName);
}

export function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum / values.length;
}

/** Mean of the products of two columns' deviations from their means. */
export function covariance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - meanA) * ((b[i] as number) - meanB);
  return sum / a.length;
}

/** Correlation of two columns. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return covariance(a, b) / Math.sqrt(covariance(a, a) * covariance(b, b));
}
