// Summaries where features are linearly dependent: what the data determine has an error, and the rest has none.

import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { Moments } from '../src/moments/moments.js';
import type { ModelSummary } from '../src/model/summary/model-summary.js';
import { solveExact } from '../src/solve-exact.js';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';

/** Rows of area, A, B, C, rent: each in one of three districts. */
const ALL_DUMMIES = `
  146,1,0,0,459.87 176,0,1,0,593.05 75,0,0,1,210.94 181,1,0,0,559.25 173,0,1,0,590.09 162,0,0,1,478.47
  163,1,0,0,509.88 45,0,1,0,205.76 62,0,0,1,177.79 48,1,0,0,160.05 173,0,1,0,589.15 92,0,0,1,255.96
  96,1,0,0,303.78 180,0,1,0,613.8 84,0,0,1,244.44 192,1,0,0,602.41 90,0,1,0,332.01 125,0,0,1,368.86
  172,1,0,0,530.74 165,0,1,0,568.4 114,0,0,1,321.87 92,1,0,0,292.18 186,0,1,0,626.15 170,0,0,1,491.58
  150,1,0,0,464.75 170,0,1,0,589.7 66,0,0,1,193.11 51,1,0,0,174.8 75,0,1,0,292.9 194,0,0,1,569.53 151,1,0,0,470.57
  94,0,1,0,364.62 123,0,0,1,361.4 68,1,0,0,227.74 175,0,1,0,592.96 123,0,0,1,359.52 191,1,0,0,595.9
  139,0,1,0,485.43 193,0,0,1,569.94 42,1,0,0,145.63 197,0,1,0,660.42 63,0,0,1,176.1 149,1,0,0,470.09
  95,0,1,0,355.23 122,0,0,1,360.92 75,1,0,0,246.91 54,0,1,0,227.7 136,0,0,1,400.03 101,1,0,0,324.9 53,0,1,0,234.81
  88,0,0,1,255.41 157,1,0,0,493.48 84,0,1,0,329 116,0,0,1,343.47 181,1,0,0,562.35 87,0,1,0,339.25 67,0,0,1,189.94
  195,1,0,0,604.56 172,0,1,0,591.27 197,0,0,1,581.21
`;

function datasetOf(text: string, names: readonly string[]): Dataset {
  const rows = text
    .trim()
    .split(/\s+/)
    .map((row) => row.split(',').map(Number));
  const column = (j: number) => Float64Array.from(rows, (row) => row[j] as number);
  const columns = Object.fromEntries(names.map((name, j) => [name, column(j)]));
  return createDataset({ columns, targets: column(names.length) });
}

/** The numbers of moments. */
function partsOf({ featureNames, targetNames, count, means, targetMeans, crossScatter, targetScatter }: Moments) {
  return { featureNames, targetNames, count, means, targetMeans, crossScatter, targetScatter };
}

/** The summary of the exact model by the examples, and by their moments. */
async function summariesOf(dataset: Dataset, options = {}): Promise<ModelSummary[]> {
  const model = await solveExact(dataset, options);
  return [await model.summary(dataset), await model.summary(momentsOfDataset(dataset))];
}

const determinedIn = ({ rows }: ModelSummary) => rows.flatMap(({ name, standardError }) => (standardError === null ? [] : [name])); // prettier-ignore

const errorOf = ({ rows }: ModelSummary, name: string) => rows.find((row) => row.name === name)?.standardError as number; // prettier-ignore

describe('a standard error', () => {
  it('is there for the area, where dummies of all districts add up to the intercept', async () => {
    const dataset = datasetOf(ALL_DUMMIES, ['area', 'A', 'B', 'C']);
    for (const summary of await summariesOf(dataset)) {
      expect(determinedIn(summary)).toEqual(['area']);
      expect(summary).toMatchObject({ degreesOfFreedom: 56, conditionNumber: null });
      const { value, standardError, t } = summary.rows[0]!;
      const because = 'numpy, pinv of AᵀA';
      expectClose([value, standardError as number], [2.9981528358259, 0.01204142948895457], { relative: 1e-10, because }); // prettier-ignore
      expect(t).toBe(value / (standardError as number));
      const [, a, b, c] = summary.rows.map((row) => row.value) as [number, number, number, number];
      expectClose([b - a, c - a], [51.791337552243235, -30.138650029793983], { relative: 1e-10, because });
      expectClose([summary.residualStandardError as number], [4.577205372110563], { relative: 1e-10, because });
      expect(summary.errorsFromOptimum).toBeLessThan(1e-6);
    }
  });

  it('is there for each district without an intercept', async () => {
    const dataset = datasetOf(ALL_DUMMIES, ['area', 'A', 'B', 'C']);
    for (const summary of await summariesOf(dataset, { fitIntercept: false })) {
      expect(determinedIn(summary)).toEqual(['area', 'A', 'B', 'C']);
      expect(summary.degreesOfFreedom).toBe(56);
    }
  });

  it('is there for the bias, where one feature is twice the other', async () => {
    const dataset = datasetOf('1,2,4.5 2,4,6.8 3,6,6.5', ['u', 'v']);
    for (const summary of await summariesOf(dataset)) {
      expect(determinedIn(summary)).toEqual(['bias']);
      const [u, v, bias] = summary.rows.map(({ value }) => value) as [number, number, number];
      const found = [u + 2 * v, bias, errorOf(summary, 'bias')];
      const because = 'numpy, the regression on u alone';
      expectClose(found, [1, 3.9333333333333333, 1.621384867602], { relative: 1e-12, because });
      expect(summary.degreesOfFreedom).toBe(1);
      expect(String(summary)).toContain('y: 3 examples, 1 degree of freedom\n');
    }
  });

  it('is what it is without the copy, where one feature of several is a copy', async () => {
    const { columns, targets } = examples(7, 50, 3);
    const [a, b, c] = columns as [Float64Array, Float64Array, Float64Array];
    const years = b.map((value) => 2000 + value);
    const plain = createDataset({ columns: { a, b: years, c }, targets });
    const [expected] = await summariesOf(plain);
    const copies = createDataset({ columns: { a, b: years, copy: c.map((value) => 0.5 * value - 7), c }, targets });
    for (const summary of await summariesOf(copies)) {
      expect(determinedIn(summary)).toEqual(['a', 'b']); // c = 2·copy + 14, so that the bias is open
      const errors = ['a', 'b'].map((name) => errorOf(summary, name));
      const wanted = ['a', 'b'].map((name) => errorOf(expected as ModelSummary, name));
      expectClose(errors, wanted, { relative: 1e-9, because: 'sums in f64' });
    }
    const multiples = createDataset({ columns: { a, b: years, copy: c.map((value) => 4 * value), c }, targets });
    for (const summary of await summariesOf(multiples)) {
      expect(determinedIn(summary)).toEqual(['a', 'b', 'bias']);
      expectClose([errorOf(summary, 'bias')], [errorOf(expected as ModelSummary, 'bias')], { relative: 1e-7, because: 'years of 2000 and a spread of 1' }); // prettier-ignore
    }
  });

  it('is missing for all features of a sum, and for no other', async () => {
    const column = (seed: number) => uniforms(seed, 40);
    const [a, b, c, d] = [column(1), column(2), column(3), column(4)];
    const sum = a.map((value, i) => value + 1e-3 * (b[i] as number) - 20 * (c[i] as number));
    const data = createDataset({ columns: { a, b, c, d, sum }, targets: uniforms(5, 40) });
    for (const summary of await summariesOf(data)) {
      expect(determinedIn(summary)).toEqual(['d', 'bias']);
      expect(summary.degreesOfFreedom).toBe(35);
    }
  });

  it('is there for features that are nearly dependent', async () => {
    const [a, b] = [uniforms(1, 40), uniforms(2, 40)];
    const near = a.map((value, i) => value + 1e-5 * (b[i] as number));
    for (const summary of await summariesOf(createDataset({ columns: { a, near }, targets: uniforms(5, 40) }))) {
      expect(determinedIn(summary)).toEqual(['a', 'near', 'bias']);
      expect(errorOf(summary, 'a')).toBeGreaterThan(1e3);
    }
  });

  it('by moments in f32, is missing for what depends on others, however little, beside nearly dependent features', async () => {
    const column = (seed: number) => uniforms(seed, 400);
    const [a, b, c, d] = [column(1), column(2), column(3), column(4)];
    const sumOf = (x: Float64Array, share: number, y: Float64Array) =>
      x.map((value, i) => value + share * (y[i] as number));
    const summaryBeside = async (share: number) => {
      const columns = { a, near: sumOf(a, share, b), c, d, sum: sumOf(d, 0.05, c) };
      const exact = momentsOfDataset(createDataset({ columns, targets: column(5) }));
      // As sums in f32 are off by roundings, the two triangles by the same.
      const scatter = exact.scatter.map((value, at) => value * (1 + 1e-8 * Math.sin(Math.floor(at / 5) * (at % 5))));
      const rounded = new Moments({ ...partsOf(exact), scatter, precision: 'f32' });
      return (await solveExact(rounded)).summary(rounded);
    };
    expect(determinedIn(await summaryBeside(0.5))).toEqual(['a', 'near', 'bias']);
    const open = determinedIn(await summaryBeside(0.004)).filter((name) => ['c', 'd', 'sum'].includes(name));
    expect(open).toEqual([]);
  });

  it('is missing for a constant feature, with its copy, and for no other', async () => {
    const a = uniforms(1, 30);
    const ones = new Float64Array(30).fill(0.1);
    const data = createDataset({ columns: { a, ones, twos: ones.map((one) => 20 * one) }, targets: uniforms(5, 30) });
    for (const summary of await summariesOf(data)) {
      expect(determinedIn(summary)).toEqual(['a', 'bias']);
      expect(summary.degreesOfFreedom).toBe(28);
    }
  });
});
