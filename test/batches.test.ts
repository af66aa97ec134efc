// Mini-batches on the CPU: how examples are dealt, in which order batches come, and descent by them, by its definition.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import { createDataset } from '../src/data/dataset.js';
import { Batches, dealBatches } from '../src/descent/batches.js';
import { fit } from '../src/fit.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { leastSquares } from '../src/reference/qr.js';
import { expectClose } from './support/close.js';
import { examples, uniforms } from './support/examples.js';
import { parametersOf, reportOf } from './support/models.js';

const CPU = { backend: 'cpu', strategy: 'streaming', tolerance: 0 } as const;

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0);

/** ∂L/∂w and ∂L/∂b and the loss of some rows, by the textbook's sums, as they count. */
function sumsOf(data: ReturnType<typeof examples>, rows: readonly number[], w: readonly number[], weights?: number[]) {
  const d = data.columns.length;
  const of = (i: number) => weights?.[i] ?? 1;
  const total = rows.reduce((sum, i) => sum + of(i), 0);
  const residual = (i: number) =>
    data.columns.reduce((sum, column, j) => sum + (w[j] as number) * (column[i] as number), w[d] as number) -
    (data.targets[i] as number);
  const mean = (value: (i: number) => number) => rows.reduce((sum, i) => sum + of(i) * value(i), 0) / total;
  return {
    total,
    gradient: [
      ...data.columns.map((column) => mean((i) => residual(i) * (column[i] as number))),
      mean((i) => residual(i)),
    ],
    loss: mean((i) => residual(i) ** 2 / 2),
  };
}

describe('descent by batches', () => {
  const data = examples(41, 50, 2);
  const weights = Array.from({ length: 50 }, (_, i) => (i % 5 === 0 ? 0 : 1 + (i % 3)));
  const initial = [...uniforms(5, 3)];
  const initialParameters = { weights: initial.slice(0, 2), bias: initial[2] as number };
  const common = { ...CPU, standardize: false, learningRate: 0.1, initialParameters };
  const because = 'the same operations in f64, in another order';

  it.each([
    { batchSize: 1, shuffle: true },
    { batchSize: 7, shuffle: true },
    { batchSize: 7, shuffle: false },
    { batchSize: 49, shuffle: true },
  ])('makes an update for each batch in an epoch: $batchSize, shuffled: $shuffle', async ({ batchSize, shuffle }) => {
    for (const isWeighted of [false, true]) {
      const its = isWeighted ? weights : undefined;
      const given = isWeighted
        ? createDataset({
            columns: { a: data.columns[0]!, b: data.columns[1]! },
            targets: data.targets,
            exampleWeights: weights,
          })
        : data;
      const batches = atOnce(dealBatches(50, its && Float64Array.from(its), { batchSize, shuffle, seed: 3 }));
      const all = batches ? [...batches.rows] : its!.flatMap((weight, i) => (weight > 0 ? [i] : []));
      let w = initial;
      const losses: number[] = [];
      for (let epoch = 0; epoch < 4; epoch++) {
        let [sum, count] = [0, 0];
        for (let place = 0; place < (batches?.count ?? 1); place++) {
          const range = batches?.range(batches.at(place, epoch)) ?? { first: 0, end: all.length };
          const { gradient, loss, total } = sumsOf(data, all.slice(range.first, range.end), w, its);
          sum += total * loss;
          count += total;
          const pace = batches
            ? (total * all.length) / (batches.size * (its ? sumOf(all.map((i) => its[i]!)) : 50))
            : 1;
          w = w.map((value, j) => value - 0.1 * pace * (gradient[j] as number));
        }
        losses.push(sum / count);
      }
      const model = await fit(given, { ...common, batchSize, shuffle, seed: 3, epochs: 4 });
      expectClose(parametersOf(model), w, { absolute: 1e-13, because });
      expectClose(reportOf(model).lossHistory, losses, { relative: 1e-13, because });
    }
  });

  it('counts updates in Adam, takes in each in an average, and goes by epochs in a schedule', async () => {
    const [beta1, beta2, epsilon] = [0.7, 0.95, 1e-3];
    const options = { optimizer: 'adam', beta1, beta2, epsilon, average: true, averageFrom: 1 } as const;
    const batches = atOnce(dealBatches(50, undefined, { batchSize: 8, seed: 2 })) as Batches;
    let [w, m, v] = [initial, [0, 0, 0], [0, 0, 0]];
    const taken: number[][] = [];
    let t = 0;
    for (let epoch = 0; epoch < 3; epoch++) {
      const rate = 0.1 * 0.5 ** epoch;
      for (let place = 0; place < batches.count; place++) {
        const { first, end } = batches.range(batches.at(place, epoch));
        const { gradient } = sumsOf(data, [...batches.rows.subarray(first, end)], w);
        const pace = (end - first) / 8; // the last batch has two examples
        t++;
        m = m.map((value, j) => beta1 * value + (1 - beta1) * (gradient[j] as number));
        v = v.map((value, j) => beta2 * value + (1 - beta2) * (gradient[j] as number) ** 2);
        w = w.map((value, j) => {
          const [mean, square] = [(m[j] as number) / (1 - beta1 ** t), (v[j] as number) / (1 - beta2 ** t)];
          return value - (pace * rate * mean) / (Math.sqrt(square) + epsilon);
        });
        if (epoch >= 1) taken.push(w);
      }
    }
    const average = initial.map((_, j) => taken.reduce((sum, its) => sum + (its[j] as number), 0) / taken.length);
    const schedule = { schedule: 'step', decay: 0.5, decayEvery: 1 } as const;
    const model = await fit(data, { ...common, ...options, ...schedule, batchSize: 8, seed: 2, epochs: 3 });
    expectClose(parametersOf(model), average, { absolute: 1e-12, because });
  });

  it('takes a batch of all examples or more as the full batch', async () => {
    const whole = await fit(data, { ...common, epochs: 5 });
    for (const batchSize of [50, 51, 1e9]) {
      const model = await fit(data, { ...common, batchSize, epochs: 5 });
      expect(parametersOf(model)).toEqual(parametersOf(whole));
      expect(reportOf(model).lossHistory).toEqual(reportOf(whole).lossHistory);
    }
  });
});

describe('the way to exact least squares', () => {
  const data = examples(42, 600, 3);
  const { weights, bias } = leastSquares(data);

  it.each([
    [1, 300],
    [10, 1500],
    [64, 1500],
  ])('is found by batches of %i at a falling rate', async (batchSize, epochs) => {
    // Of Robbins and Monro: the rates add up without end, and their squares do not.
    const schedule = { schedule: 'inverseScaling', decay: 0.75 } as const;
    const far = await fit(data, { ...CPU, batchSize, ...schedule, epochs: epochs / 50 });
    const near = await fit(data, { ...CPU, batchSize, ...schedule, epochs });
    const distance = (model: LinearModel) =>
      Math.max(...parametersOf(model).map((value, j) => Math.abs(value - ([...weights, bias][j] as number))));
    // Parameters stay in motion by steps of the last rate times slopes of about 1: what is left is of that size.
    const lastRate = near.report.settings.learningRate * epochs ** -schedule.decay;
    expect(distance(near)).toBeLessThan(2 * lastRate);
    expect(distance(near)).toBeLessThan(distance(far) / 5);
  });

  it.each([
    [1, 0.02, 300],
    [9, 0.1, 1000],
    [250, 0.5, 1000],
  ])(
    'leads to the same place with weights as all examples together: batches of %i at rate %d',
    async (batchSize, learningRate, epochs) => {
      const exampleWeights = Float64Array.from({ length: 600 }, (_, i) => (i % 4) ** 2 / 2);
      const columns = { a: data.columns[0]!, b: data.columns[1]!, c: data.columns[2]! };
      const weighted = createDataset({ columns, targets: data.targets, exampleWeights });
      const options = { ...CPU, l2: 0.05, epochs } as const;
      const expected = parametersOf(await fit(weighted, options));
      const model = await fit(weighted, {
        ...options,
        batchSize,
        learningRate,
        schedule: 'inverseScaling',
        decay: 0.75,
      });
      const because = 'the last steps are some thousandth of the first';
      expectClose(parametersOf(model), expected, { absolute: 1e-3, because });
      // Without the weights it is somewhere else.
      const plain = parametersOf(await fit(data, options));
      expect(Math.max(...plain.map((value, j) => Math.abs(value - (expected[j] as number))))).toBeGreaterThan(5e-3);
    },
  );

  it('is shorter for an average of the updates than for the last of them', async () => {
    const options = { ...CPU, batchSize: 1, epochs: 60 } as const;
    const exact = [...weights, bias];
    const distance = (model: LinearModel) =>
      Math.hypot(...parametersOf(model).map((value, j) => value - (exact[j] as number)));
    const last = await fit(data, options);
    const mean = await fit(data, { ...options, average: true, averageFrom: 10 });
    expect(distance(mean)).toBeLessThan(distance(last) / 4);
  });

  it('is found by single examples without noise at a constant rate', async () => {
    const exact = data.columns[0]!.map(
      (_, i) => 2 * data.columns[0]![i]! - data.columns[1]![i]! + 0.5 * data.columns[2]![i]! + 3,
    );
    const clean = createDataset({
      columns: { a: data.columns[0]!, b: data.columns[1]!, c: data.columns[2]! },
      targets: exact,
    });
    const model = await fit(clean, { ...CPU, batchSize: 1, epochs: 30 });
    const because = 'every example is met, each step is a contraction, and 18,000 of them leave f64';
    expectClose(parametersOf(model), [2, -1, 0.5, 3], { absolute: 1e-12, because });
  });
});

describe('the automatic rate by batches', () => {
  const data = examples(43, 300, 3);
  const rateOf = async (options: FitOptions) =>
    reportOf(await fit(data, { ...CPU, epochs: 1, ...options })).settings.learningRate;

  it('goes by the example that curves most, whatever the size', async () => {
    let largest = 0;
    for (let i = 0; i < 300; i++) {
      largest = Math.max(largest, 1 + data.columns.reduce((sum, column) => sum + (column[i] as number) ** 2, 0));
    }
    const raw = { standardize: false } as const;
    const because = 'a quotient in f64';
    for (const batchSize of [1, 7, 299]) {
      expectClose([await rateOf({ ...raw, batchSize })], [1 / largest], { relative: 1e-14, because });
    }
    expectClose([await rateOf({ ...raw, batchSize: 7, l2: 0.5 })], [1 / (largest + 0.5)], { relative: 1e-14, because });
    expectClose([await rateOf({ ...raw, batchSize: 7, fitIntercept: false })], [1 / (largest - 1)], {
      relative: 1e-14,
      because,
    });
    expectClose([await rateOf({ ...raw, batchSize: 7, optimizer: 'nesterov', momentum: 0.75 })], [0.25 / largest], {
      relative: 1e-14,
      because,
    });
    expect(await rateOf({ ...raw, batchSize: 7, optimizer: 'adam' })).toBe(0.001);
    expect(await rateOf({ ...raw, batchSize: 300 })).toBe(await rateOf(raw));
  });

  it('leaves the limit that of the full batch', async () => {
    const limit = async (options: FitOptions) =>
      reportOf(await fit(data, { ...CPU, epochs: 1, ...options })).learningRateLimit ?? Number.NaN;
    const because = 'the same sums over examples that lie in another order';
    expectClose([await limit({ batchSize: 7 })], [await limit({})], { relative: 1e-14, because });
  });
});
