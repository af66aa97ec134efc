// Features that hold one value but for the rounding of the computation that made them.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import { mergeMoments } from '../src/moments/merge.js';
import { leastSquares } from '../src/reference/qr.js';
import { solveExact } from '../src/solve-exact.js';
import { expectClose } from './support/close.js';
import { examples, rowsOf } from './support/examples.js';

/** Rows of k, x, y, where k is 14.62 or the next number, and y is 2x + 1 with noise. */
const LAST_BIT = `
  14.62,0.3984,1.7238 14.62,-0.5628,-0.1483 14.620000000000001,0.5888,2.1246 14.620000000000001,0.0421,0.9186
  14.620000000000001,-1.5709,-2.139 14.62,1.0017,2.9546 14.620000000000001,-0.0979,0.8947
  14.620000000000001,0.6198,2.2271 14.62,1.8368,4.7666 14.62,0.2684,1.6139 14.62,-1.0745,-1.1985
  14.620000000000001,-0.681,-0.3946 14.62,1.0168,2.9813 14.620000000000001,-1.4568,-1.9588 14.62,0.2636,1.6094
  14.620000000000001,0.3753,1.6988 14.620000000000001,-1.1503,-1.3426 14.620000000000001,0.1693,1.258
  14.620000000000001,0.5562,2.2522 14.620000000000001,-0.7728,-0.5819 14.620000000000001,-0.4805,0.0232
  14.62,0.5438,2.0006 14.620000000000001,-1.2989,-1.5755 14.620000000000001,-0.8802,-0.8397
  14.620000000000001,0.9539,2.8399 14.62,0.0856,0.9662 14.620000000000001,-1.4162,-1.9982 14.62,0.0114,1.0398
  14.62,1.9412,4.9564 14.62,-1.5132,-2.1947 14.620000000000001,0.8159,2.646 14.620000000000001,0.7587,2.5339
  14.62,-0.1768,0.9486 14.62,0.6053,2.1092 14.62,-0.6741,-0.4174 14.620000000000001,1.5447,3.9821
  14.62,1.7202,4.5203 14.62,-0.88,-0.6579 14.620000000000001,-0.2137,0.5432 14.620000000000001,0.1319,1.413
  14.62,-0.6254,-0.0429 14.62,0.3527,1.6566 14.62,-1.0376,-1.0223 14.62,0.5774,2.1334 14.62,-0.3007,0.3332
  14.62,-0.0488,0.8542 14.620000000000001,0.4711,1.9168 14.62,0.9263,2.7224 14.62,-0.9837,-0.9775
  14.620000000000001,0.7893,2.657 14.620000000000001,0.8791,2.6627 14.620000000000001,-0.1152,0.7161
  14.62,1.5377,3.9833 14.62,-0.7646,-0.4924 14.620000000000001,-0.5454,-0.1022 14.62,0.3821,1.8562
  14.62,-0.6803,-0.393 14.620000000000001,1.3927,3.6377 14.62,0.198,1.4516 14.620000000000001,1.7195,4.4083
  14.62,-1.0541,-0.9948 14.620000000000001,-0.9495,-0.8281 14.620000000000001,1.3357,3.4079 14.62,-1.0481,-1.2943
  14.62,1.0756,3.1534 14.62,-0.8072,-0.6905 14.62,0.265,1.3049 14.620000000000001,1.1657,3.277
  14.62,-0.0592,1.0096 14.62,-1.1467,-1.2308 14.62,-0.4871,-0.0637 14.62,1.1385,3.3047 14.62,0.1946,1.4897
  14.62,0.7087,2.398 14.62,0.088,1.3524 14.620000000000001,0.2894,1.507 14.620000000000001,-0.187,0.8356
  14.62,-1.0126,-0.8726 14.62,0.5471,2.1454 14.62,0.1863,1.3944 14.62,-1.9782,-2.9538 14.62,0.0096,0.9251
  14.62,0.9758,3.049 14.620000000000001,1.936,4.9987 14.62,-1.3515,-1.6252 14.620000000000001,0.1167,1.261
  14.62,0.5614,2.1329 14.620000000000001,0.7614,2.4291 14.620000000000001,-0.694,-0.4541 14.62,0.5148,1.8845
  14.620000000000001,-0.4137,0.2204 14.62,-0.0417,0.8259 14.620000000000001,-0.5296,0.0241 14.62,0.3114,1.556
  14.62,-0.3855,0.3706 14.62,0.306,1.7683 14.620000000000001,-0.0811,0.9906 14.620000000000001,0.9197,2.9532
  14.620000000000001,1.686,4.341 14.620000000000001,-0.0749,0.8183
`;

function lastBit(): Dataset {
  const rows = LAST_BIT.trim()
    .split(/\s+/)
    .map((row) => row.split(',').map(Number));
  const column = (j: number) => Float64Array.from(rows, (row) => row[j] as number);
  return createDataset({ columns: { k: column(0), x: column(1) }, targets: column(2) });
}

/** numpy, the regression on x alone. */
const RIGHT = [0, 1.994858144461, 0.9969119795022];

const namesK = { code: 'CONSTANT_FEATURE', message: "Feature 'k' is constant: its weight is 0." };

describe('a feature that is constant but for the last bit', () => {
  const dataset = lastBit();
  const half = (from: number) =>
    rowsOf(
      dataset,
      Array.from({ length: 50 }, (_, i) => from + i),
    );

  it.each([
    ['QR', () => solveExact(dataset, { method: 'qr' }), 1e-12],
    ['moments', () => solveExact(dataset, { method: 'moments', backend: 'cpu' }), 1e-12],
    ['moments alone', () => solveExact(momentsOfDataset(dataset)), 1e-12],
    ['merged moments', () => solveExact(mergeMoments(momentsOfDataset(half(0)), momentsOfDataset(half(50)))), 1e-12],
    ['descent', () => fit(dataset, { backend: 'cpu', strategy: 'streaming', tolerance: 0, epochs: 200 }), 1e-10],
    ['descent on moments', () => fit(dataset, { backend: 'cpu', strategy: 'moments', tolerance: 0, epochs: 200 }), 1e-10], // prettier-ignore
  ] as const)('has weight 0 by %s, and is named', async (_, modelOf, relative) => {
    const { weights, bias, report } = await modelOf();
    expectClose([...weights, bias], RIGHT, { relative, because: 'twelve digits of the reference' });
    expect(report.warnings).toContainEqual(namesK);
    expect(report.warnings.map(({ code }) => code)).not.toContain('RANK_DEFICIENT');
  });

  it('is constant in parts together whose values differ by a rounding', async () => {
    const part = (k: number, from: number) => {
      const { columns, targets, featureNames } = half(from);
      return momentsOfDataset(new Dataset([targets.map(() => k), columns[1]!], targets, featureNames, 'y'));
    };
    const merged = mergeMoments(part(14.62, 0), part(14.620000000000001, 50));
    expect([...merged.scatter].map((value) => value === 0)).toEqual([true, true, true, false]);
    const { weights, bias, report } = await solveExact(merged);
    expectClose([...weights, bias], RIGHT, { relative: 1e-12, because: 'twelve digits of the reference' });
    expect(report.warnings).toContainEqual(namesK);
  });

  it('has no standard error, and takes none from others', async () => {
    const model = await solveExact(dataset);
    for (const data of [dataset, momentsOfDataset(dataset)]) {
      const { rows, degreesOfFreedom, conditionNumber } = await model.summary(data);
      expect(rows[0]).toEqual({ name: 'k', value: 0, standardError: null, t: null, p: null });
      const errors = rows.slice(1).map(({ standardError }) => standardError as number);
      expectClose(errors, [0.0115766400565, 0.0103213182343], { relative: 1e-10, because: 'numpy' });
      expect(degreesOfFreedom).toBe(98);
      expectClose([conditionNumber as number], [1], { relative: 1e-12, because: 'one feature' });
    }
  });

  it('is no obstacle to the least squares that the command line compares with', () => {
    const { weights, bias, conditionNumber } = leastSquares(dataset);
    expectClose([...weights, bias], RIGHT, { relative: 1e-12, because: 'twelve digits of the reference' });
    expect(conditionNumber).toBe(1);
  });
});

describe('a feature in f32', () => {
  const { columns, targets } = examples(5, 64, 1);
  const x = Float32Array.from(columns[0] as Float64Array);
  const dataset = (k: (i: number) => number) =>
    new Dataset([Float32Array.from(targets, (_, i) => k(i)), x], targets, ['k', 'x'], 'y');
  const solved = (data: Dataset) =>
    Promise.all([
      solveExact(data, { method: 'qr' }),
      solveExact(data, { method: 'moments', backend: 'cpu' }),
      fit(data, { backend: 'cpu', strategy: 'streaming', epochs: 20 }),
    ]);

  it('is constant where it differs by two roundings of f32', async () => {
    for (const { weights, report } of await solved(dataset((i) => 14.62 * (1 + (i % 3) * 2 ** -23)))) {
      expect(weights[0]).toBe(0);
      expect(report.warnings).toContainEqual(namesK);
    }
  });

  it('is none where one of its numbers differs by sixteen', async () => {
    for (const { weights, report } of await solved(dataset((i) => 1e6 + Number(i === 3)))) {
      expect(weights[0]).not.toBe(0);
      expect(report.warnings).toEqual([]);
    }
  });
});
