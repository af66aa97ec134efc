import { Dataset } from '../../src/data/dataset.js';
import type { Moments, MomentsParts } from '../../src/moments/moments.js';
import { expectClose } from './close.js';
import type { ExactMoments } from './exact.js';
import { normals, uniforms } from './examples.js';

/** Columns as they come: offsets far over their spreads, very different sizes, a pair that goes together. */
export function hardColumns(rows: number): Float64Array[] {
  const kelvin = uniforms(1, rows).map((value) => 285 + 35 * value);
  const year = uniforms(2, rows).map((value) => Math.round(1990 + 20 * value));
  const tiny = normals(3, rows).map((value) => 1e-6 * value);
  const large = normals(4, rows).map((value, i) => 1e6 * value + 3e3 * (kelvin[i] as number));
  const seconds = uniforms(5, rows).map((value) => 1.7e9 + 4e4 * value);
  const together = normals(6, rows).map((value, i) => 0.5 * (year[i] as number) + value);
  return [kelvin, year, tiny, large, seconds, together];
}

/** A target that hangs on every one of the hard columns, [rows]. */
export function hardTargets(rows: number): Float64Array {
  const noise = normals(7, rows);
  const [kelvin, year, tiny, large, seconds, together] = hardColumns(rows) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return noise.map(
    (value, i) =>
      2 * (kelvin[i] as number) -
      (year[i] as number) +
      3e5 * (tiny[i] as number) +
      1e-6 * (large[i] as number) +
      1e-4 * (seconds[i] as number) +
      (together[i] as number) +
      value,
  );
}

/** The parts of moments, to be compared or changed. */
export function partsOf(moments: Moments): MomentsParts {
  const { featureNames, targetNames, count, means, targetMeans, precision } = moments;
  const { scatter, crossScatter, targetScatter } = moments;
  return { featureNames, targetNames, count, means, targetMeans, scatter, crossScatter, targetScatter, precision };
}

/** Splits columns of [m] into parts of the given numbers of rows, and what is left over. */
export function split<T extends { slice(from: number, to: number): T; length: number }>(
  columns: readonly T[],
  sizes: readonly number[],
): T[][] {
  const ends = sizes.reduce<number[]>((list, size) => [...list, (list.at(-1) ?? 0) + size], []);
  const bounds = [0, ...ends, columns[0]?.length ?? 0];
  return bounds.slice(1).map((end, k) => columns.map((column) => column.slice(bounds[k] as number, end)));
}

/** Holds moments against others: means over the spread, scatter as correlations, so that no column hides another. */
export function expectMoments(actual: Moments, expected: ExactMoments, tolerance: number, because: string): void {
  const { featureCount: d, targetCount: t } = actual;
  const spread = (i: number) => Math.sqrt(expected.scatter[i]?.[i] as number) || 1;
  const all = Array.from({ length: d + t }, (_, i) => i);
  const scaled = (value: number, i: number, j: number) => value / spread(i) / spread(j);
  const exact = (i: number, j: number) => expected.scatter[i]?.[j] as number;
  const means = [...actual.means, ...actual.targetMeans];
  const deviation = (i: number) => spread(i) / Math.sqrt(actual.count);
  // Means are rounded themselves, and an offset of 1.7e9 with a spread of 2e4 leaves eleven digits of that.
  const roundings = expected.means.map((value, i) => (4 * 2 ** -53 * Math.abs(value)) / deviation(i));
  expectClose(
    means.map((value, i) => value / deviation(i)),
    expected.means.map((value, i) => value / deviation(i)),
    { absolute: tolerance + Math.max(...roundings), because },
  );
  const features = all.slice(0, d);
  expectClose(
    features.flatMap((i) => features.map((j) => scaled(actual.scatter[i * d + j] as number, i, j))),
    features.flatMap((i) => features.map((j) => scaled(exact(i, j), i, j))),
    { absolute: tolerance, because },
  );
  const targets = all.slice(0, t);
  expectClose(
    features.flatMap((i) => targets.map((k) => scaled(actual.crossScatter[i * t + k] as number, i, d + k))),
    features.flatMap((i) => targets.map((k) => scaled(exact(i, d + k), i, d + k))),
    { absolute: tolerance, because },
  );
  expectClose(
    targets.map((k) => scaled(actual.targetScatter[k] as number, d + k, d + k)),
    targets.map((k) => scaled(exact(d + k, d + k), d + k, d + k)),
    { absolute: tolerance, because },
  );
}

/** Moments in the form of exact ones, to be compared with others. */
export function asExpected(moments: Moments): ExactMoments {
  const { featureCount: d, targetCount: t } = moments;
  const entry = (i: number, j: number): number => {
    if (i < d && j < d) return moments.scatter[i * d + j] as number;
    if (i < d) return moments.crossScatter[i * t + j - d] as number;
    if (j < d) return moments.crossScatter[j * t + i - d] as number;
    return i === j ? (moments.targetScatter[i - d] as number) : Number.NaN;
  };
  const all = Array.from({ length: d + t }, (_, i) => i);
  return { means: [...moments.means, ...moments.targetMeans], scatter: all.map((i) => all.map((j) => entry(i, j))) };
}

/** d columns whose offsets and spreads differ, and a target, all exact in f32. */
export const wide = (rows: number, features: number) => {
  const columns = Array.from({ length: features + 1 }, (_, j) =>
    Float32Array.from(uniforms(j, rows), (u) => (1 + (j % 5)) * u + 3 * (j % 7)),
  );
  const targets = columns.pop() as Float32Array;
  return new Dataset(columns, targets, columns.map((_, j) => `x${j}`), 'y'); // prettier-ignore
};
