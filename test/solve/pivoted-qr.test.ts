// The factor against its definition, and least squares by it against the oracle, which shares no code with it.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { createDataset } from '../../src/data/dataset.js';
import { leastSquares } from '../../src/reference/qr.js';
import { solveByQr } from '../../src/solve/by-qr.js';
import { conditionOf, timesNormal } from '../../src/solve/condition.js';
import { pivotedCholesky } from '../../src/solve/pivoted-cholesky.js';
import { PivotedQr } from '../../src/solve/pivoted-qr.js';
import { expectClose } from '../support/close.js';
import { examples, uniforms } from '../support/examples.js';

const PLAIN = { l2: 0, standardize: true, fitIntercept: true };
const columnsOf = (seed: number, m: number, n: number) =>
  Array.from({ length: n }, (_, j) => uniforms(100 * seed + j, m).map((value) => value + 0.2 * j));
const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => value * (b[i] as number)).reduce((sum, product) => sum + product, 0);
const because = 'some roundings of numbers near 1 for each of up to 17 reflections';

describe('QR', () => {
  it.each([
    [1, 1],
    [4, 4],
    [7, 3],
    [65, 17],
    [3, 5],
  ])('has Q·R = A, a Q that keeps lengths, and a triangular R in the order of the pivots: %i × %i', (m, n) => {
    const columns = columnsOf(m, m, n);
    const qr = atOnce(PivotedQr.of(columns.map((column) => column.slice())));
    const { rows, pivots, rank } = qr.upper;
    expect(rank).toBe(Math.min(m, n));
    columns.forEach((column, j) => {
      const product = new Float64Array(m);
      product.set(rows.map((row) => row[j] as number));
      atOnce(qr.apply(product));
      expectClose(product, column, { absolute: 1e-13, because });
      const rotated = column.slice();
      atOnce(qr.applyTransposed(rotated));
      expectClose([dot(rotated, rotated)], [dot(column, column)], { relative: 1e-13, because });
    });
    rows.forEach((row, k) => pivots.slice(0, k).forEach((j) => expect(row[j]).toBe(0)));
    const diagonal = pivots.map((j, k) => Math.abs(rows[k]?.[j] as number));
    expect(diagonal).toEqual(diagonal.toSorted((a, b) => b - a)); // most first
  });

  it('takes the fixed columns first', () => {
    const columns = columnsOf(2, 9, 4).map((column, j) => column.map((value) => value * 10 ** j));
    expect(atOnce(PivotedQr.of(columns, 2)).upper.pivots).toEqual([0, 1, 3, 2]);
  });

  it('finds what depends on others, and zeros', () => {
    const [a, b] = columnsOf(3, 12, 2) as [Float64Array, Float64Array];
    const sum = a.map((value, i) => 2 * value - (b[i] as number));
    const { upper } = atOnce(PivotedQr.of([a.slice(), new Float64Array(12), b.slice(), sum]));
    expect([upper.rank, upper.isDeficient]).toEqual([2, true]);
    expect(atOnce(PivotedQr.of([a.slice(), new Float64Array(12), b.slice()])).upper).toMatchObject({ rank: 2, isDeficient: false }); // prettier-ignore
  });
});

describe('Cholesky with pivoting', () => {
  it('has RᵀR = C, and solves by it', () => {
    const size = 9;
    const columns = columnsOf(5, 40, size).map((column) =>
      column.map((value) => value / Math.sqrt(dot(column, column))),
    );
    const matrix = Float64Array.from({ length: size * size }, (_, at) => {
      return dot(columns[Math.floor(at / size)] as Float64Array, columns[at % size] as Float64Array);
    });
    const factor = atOnce(pivotedCholesky(matrix, size, 1e-12));
    const vector = uniforms(1, size);
    const product = Float64Array.from(vector, (_, i) => dot(matrix.subarray(i * size, (i + 1) * size), vector));
    expectClose(timesNormal(factor, vector), product, { absolute: 1e-13, because });
    expectClose(factor.solveNormal(product), vector, {
      absolute: 1e-10,
      because: 'a condition number of some hundreds',
    });
    // The rank shows where a column is a copy.
    const twice = Float64Array.from({ length: 4 }, () => 1);
    expect(atOnce(pivotedCholesky(twice, 2, 1e-12))).toMatchObject({ rank: 1, isDeficient: true });
  });
});

describe('least squares', () => {
  it.each([
    [1, 1],
    [2, 1],
    [5, 2],
    [17, 16],
    [64, 3],
    [257, 8],
    [100, 33],
  ])('equals the oracle: %i examples of %i features', async (m, d) => {
    const dataset = examples(m, m, d);
    const { weights, bias, factor, isRefined } = atOnce(solveByQr(dataset, PLAIN));
    const oracle = leastSquares(dataset);
    const condition = {
      relative: 1e-9,
      absolute: 1e-10,
      because: 'the oracle keeps 16 digits less those of its condition',
    };
    expectClose([...weights, bias], [...oracle.weights, oracle.bias], condition);
    expect(isRefined).toBe(true);
    const six = { relative: 1e-4, because: 'eigenvalues to three digits and more: Lanczos stops there' };
    expectClose([await conditionOf(factor, 1)], [oracle.conditionNumber], six);
  });

  it('is blind to offsets and units', () => {
    const dataset = examples(3, 50, 2);
    const [x1, x2] = dataset.columns as [Float64Array, Float64Array];
    const moved = createDataset({
      columns: { x1: x1.map((value) => 2 ** 20 * value), x2: x2.map((value) => Math.fround(value) + 2 ** 20) },
      targets: dataset.targets,
    });
    const near = createDataset({
      columns: { x1, x2: x2.map((value) => Math.fround(value)) },
      targets: dataset.targets,
    });
    const [far, expected] = [atOnce(solveByQr(moved, PLAIN)), atOnce(solveByQr(near, PLAIN))];
    const [w1, w2] = expected.weights as unknown as [number, number];
    const last = {
      relative: 1e-13,
      because: 'x + 2^20 keeps 32 of the 53 bits, all that a number of f32 has below 2^20',
    };
    expectClose(far.weights, [w1 / 2 ** 20, w2], { ...last, relative: 1e-9 });
    expectClose([far.bias], [expected.bias - 2 ** 20 * w2], { ...last, relative: 1e-9 });
  });

  it('gives the line through the origin without a bias', () => {
    const dataset = createDataset({ features: [[1], [2], [3]], targets: [3, 4, 8] });
    const { weights, bias } = atOnce(solveByQr(dataset, { ...PLAIN, fitIntercept: false }));
    expect([[...weights], bias]).toEqual([[35 / 14], 0]); // Σxy/Σx²
  });

  it('gives a constant feature weight 0, whatever its value', () => {
    const dataset = examples(4, 30, 2);
    const alone = atOnce(solveByQr(dataset, PLAIN));
    const [x1, x2] = dataset.columns as [Float64Array, Float64Array];
    for (const value of [0, 0.1, -1e9 / 7]) {
      const columns = { x1, same: new Float64Array(30).fill(value), x2 };
      const { weights, bias, factor } = atOnce(solveByQr(createDataset({ columns, targets: dataset.targets }), PLAIN));
      expect([...weights, bias]).toEqual([alone.weights[0], 0, alone.weights[1], alone.bias]);
      expect(factor.isDeficient).toBe(false);
    }
  });

  it('gives dependent features the smallest weights in training units', () => {
    const dataset = examples(6, 40, 2);
    const [x1, x2] = dataset.columns as [Float64Array, Float64Array];
    const columns = { x1, copy: x1.map((value) => 4 * value - 7), x2 };
    const { weights, factor } = atOnce(solveByQr(createDataset({ columns, targets: dataset.targets }), PLAIN));
    expect(factor.isDeficient).toBe(true);
    const alone = atOnce(solveByQr(dataset, PLAIN)).weights;
    const expected = [(alone[0] as number) / 2, (alone[0] as number) / 8, alone[1] as number]; // halves, as z-scores
    expectClose(weights, expected, { relative: 1e-12, because });
    const raw = atOnce(
      solveByQr(createDataset({ columns, targets: dataset.targets }), {
        ...PLAIN,
        standardize: false,
      }),
    ).weights;
    const share = (alone[0] as number) / 17; // w + 4v = alone with the least w² + v²: w = alone/17, v = 4·alone/17
    expectClose(raw, [share, 4 * share, alone[1] as number], { relative: 1e-12, because });
  });

  it('leaves the dataset as it is', () => {
    const dataset = examples(8, 12, 3);
    const before = [...dataset.columns, dataset.targets].map((values) => values.slice());
    atOnce(solveByQr(dataset, { ...PLAIN, l2: 0.1 }));
    expect([...dataset.columns, dataset.targets]).toEqual(before);
  });
});
