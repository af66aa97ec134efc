// Held-out examples on the CPU and on moments; test/validation.gpu.test.ts repeats it on the GPU.

import { describe, expect, it } from 'vitest';
import { atOnce } from '../src/base/turns.js';
import type { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { momentsOfDataset } from '../src/moments/columns.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { resume } from '../src/resume.js';
import type { ExampleSource } from '../src/data/source.js';
import { EarlyStopping } from '../src/descent/early-stopping.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { splitRows } from '../src/data/split.js';
import { expectClose } from './support/close.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import {
  bestIn,
  describeValidation,
  FRACTION,
  overfitted,
  partsOf,
  withLabels,
  withWeights,
} from './support/validation.js';
import { parametersOf, reportOf } from './support/models.js';

const WAYS = [
  { way: 'on examples', options: { backend: 'cpu', strategy: 'streaming' } },
  { way: 'on moments', options: { backend: 'cpu', strategy: 'moments' } },
  { way: 'by batches', options: { backend: 'cpu', strategy: 'streaming', batchSize: 8, learningRate: 0.05 } },
] as const;

const data = overfitted(1, 60, 12);

describe.each(WAYS)('validation, $way:', ({ options }) => {
  describeValidation(data, () => options);
});

/** The mean loss of examples by its definition. */
function lossOf({ weights, bias }: LinearModel, data: Dataset, { loss = 'squared', ...options }: FitOptions) {
  const huberDelta = Number(options.huberDelta);
  let [sum, count] = [0, 0];
  data.targets.forEach((y, i) => {
    const h = data.columns.reduce((total, column, j) => total + (weights[j] as number) * (column[i] as number), bias);
    const size = Math.abs(h - y);
    const each = {
      squared: size ** 2 / 2,
      huber: size <= huberDelta ? size ** 2 / 2 : huberDelta * (size - huberDelta / 2),
      logistic: Math.log(1 + Math.exp(h)) - y * h,
    };
    const weight = data.exampleWeights?.[i] ?? 1;
    sum += weight * each[loss];
    count += weight;
  });
  return sum / count;
}

const CASES: { options: FitOptions; given?: Dataset; onlyStreaming?: boolean }[] = [
  { options: {} },
  { options: { standardize: false, learningRate: 0.02 } },
  { options: { l1: 0.1, l2: 0.3 } },
  { options: { fitIntercept: false } },
  { options: {}, given: withWeights(data) },
  { options: { optimizer: 'nesterov', momentum: 0.5 } },
  { options: { optimizer: 'adam', learningRate: 0.1 } },
  { options: { optimizer: 'conjugateGradient', learningRate: 'auto' } },
  { options: { average: true, averageFrom: 3 } },
  { options: { loss: 'huber', huberDelta: 0.7 }, onlyStreaming: true },
  { options: { loss: 'logistic' }, given: withLabels(data), onlyStreaming: true },
  { options: { loss: 'logistic' }, given: withWeights(withLabels(data)), onlyStreaming: true },
];

describe.each(WAYS)('the validation history, $way,', ({ options: way }) => {
  const isLeft = ({ options, onlyStreaming = false }: (typeof CASES)[number]) =>
    'batchSize' in way ? options.optimizer !== 'conjugateGradient' : way.strategy === 'streaming' || !onlyStreaming;
  const cases = CASES.filter(isLeft);

  it.each(cases)('is the loss of the model after each epoch with $options', async ({ options, given = data }) => {
    const asked = { learningRate: 0.2, ...way, tolerance: 0, seed: 4, ...options };
    const { training, validation } = partsOf(given, 4);
    const judged = await fit(given, { ...asked, epochs: 9, validationFraction: FRACTION });
    const history = reportOf(judged).validationHistory ?? [];
    const expected: number[] = [];
    for (let epochs = 1; epochs <= history.length; epochs++) {
      // The validation examples show nowhere in what is learned: means, deviations, rate and losses are those of the rest.
      const model = await fit(training, { ...asked, epochs });
      expected.push(lossOf(model, validation, options));
      if (epochs === judged.report.bestEpoch) expect(parametersOf(judged)).toEqual(parametersOf(model));
    }
    expectClose(history, expected, {
      relative: 1e-11,
      because: 'the same sums in f64, in another order or from moments',
    });
    const whole = await fit(training, { ...asked, epochs: 9 });
    expect(judged.report.lossHistory).toEqual(whole.report.lossHistory);
    expect(judged.report.learningRateLimit).toBe(whole.report.learningRateLimit);
    expect(judged.report.exampleCount).toBe(given.exampleCount);
    expect(history.length).toBeGreaterThan(3);
  });
});

describe('the split', () => {
  it.each([
    { count: 10, fraction: 0.2, expected: 2 },
    { count: 7, fraction: 0.5, expected: 4 },
    { count: 2, fraction: 0.5, expected: 1 },
    { count: 100_003, fraction: 0.001, expected: 100 },
  ])('sets aside $expected of $count examples for the fraction $fraction', ({ count, fraction, expected }) => {
    const { training, validation } = atOnce(splitRows(count, { validationFraction: fraction, seed: 3 }));
    expect(validation).toHaveLength(expected);
    expect([...training, ...validation].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, i) => i));
    for (const rows of [training, validation]) expect(rows).toEqual(rows.slice().sort());
  });

  it('is the same for one seed, and another for another', () => {
    const split = (seed: number) => atOnce(splitRows(50, { validationFraction: 0.3, seed })).validation.join(' ');
    expect(split(5)).toBe(split(5));
    expect(new Set(Array.from({ length: 100 }, (_, seed) => split(seed))).size).toBe(100);
  });

  it('sets aside every row, and every pair of rows, about equally often', () => {
    const [rows, size, seeds] = [10, 3, 20_000];
    const single = new Float64Array(rows);
    const pairs = new Float64Array(rows * rows);
    for (let seed = 0; seed < seeds; seed++) {
      const { validation } = atOnce(splitRows(rows, { validationFraction: size / rows, seed }));
      for (const a of validation) {
        single[a] = (single[a] as number) + 1;
        for (const b of validation) if (a < b) pairs[a * rows + b] = (pairs[a * rows + b] as number) + 1;
      }
    }
    const expectShare = (counts: ArrayLike<number>, share: number) =>
      expectClose(
        counts,
        Array.from(counts, () => share * seeds),
        { absolute: 5 * Math.sqrt(seeds * share * (1 - share)), because: 'five standard deviations of a binomial' },
      );
    expectShare(single, size / rows);
    const counted = Array.from(pairs).filter((_, k) => Math.floor(k / rows) < k % rows);
    expectShare(counted, (size * (size - 1)) / (rows * (rows - 1)));
  });

  it.each([
    [1, 0.5],
    [10, 0.04],
    [10, 0.96],
    [2, 0.1],
  ])('is refused when a part would be empty: %i examples, fraction %d', async (count, fraction) => {
    const text = `validationFraction ${fraction} of ${count} example`;
    await expectRefusal(
      () => atOnce(splitRows(count, { validationFraction: fraction, seed: 0 })),
      'INVALID_OPTION',
      text,
    );
    const few = examples(1, count, 1);
    await expectRefusal(() => fit(few, { validationFraction: fraction, backend: 'cpu' }), 'INVALID_OPTION', text);
  });
});

describe('an epoch', () => {
  // [the losses, whether the last is quiet at a tolerance of 1/4]
  it.each<[number[], boolean]>([
    [[4], false],
    [[4, 3], true],
    [[4, 3.15], true],
    [[4, 2.99], false],
    [[4, 5], true],
    [[4, 5, 2.99], false],
    [[4, 5, 3.5], true],
    [[0, 0], true],
  ])('counts as no improvement for the loss %j: %s', (losses, expected) => {
    let now = 0;
    const stopping = new EarlyStopping(() => losses[now] as number, {});
    const isQuiet = losses.map((_, t) => {
      now = t;
      return stopping.validate(
        { epoch: t + 1, parameters: Float64Array.of(t), optimizerState: () => [] },
        { tolerance: 0.25 },
      );
    });
    expect(isQuiet.at(-1)).toBe(expected);
    expect(stopping.best).toEqual({
      epoch: bestIn(losses),
      loss: Math.min(...losses),
      parameters: Float64Array.of(bestIn(losses) - 1),
    });
  });
});

describe('validation examples', () => {
  const cpu = { backend: 'cpu', validationFraction: FRACTION } as const;

  it('are left out of the report where there are none', async () => {
    const { report } = await fit(data, { backend: 'cpu', epochs: 3 });
    expect(report).toMatchObject({ validationHistory: null, bestEpoch: null, state: { best: null } });
  });

  it.each(['streaming', 'moments', 'auto'] as const)(
    'are the same from a source as from its dataset, %s',
    async (strategy) => {
      const part = (column: ArrayLike<number>, first: number, end: number) =>
        Float64Array.from(column).slice(first, end);
      const source: ExampleSource = {
        name: 'two batches',
        columns: () => Promise.resolve({ features: data.featureNames, target: data.targetName }),
        async *batches() {
          for (const [first, end] of [
            [0, 25],
            [25, 60],
          ] as const) {
            await Promise.resolve();
            const features = data.columns.map((column) => part(column, first, end));
            yield { features, targets: part(data.targets, first, end) };
          }
        },
      };
      const [model, expected] = [await fit(source, { ...cpu, strategy }), await fit(data, { ...cpu, strategy })];
      expect(parametersOf(model)).toEqual(parametersOf(expected));
      expect(model.report.validationHistory).toEqual(expected.report.validationHistory);
    },
  );

  it('are rows of the dataset for synthetic data', async () => {
    const made = syntheticRegression({ rows: 300, features: 3, seed: 2 });
    const [model, expected] = [await fit(made, cpu), await fit(made.dataset, cpu)];
    expect(parametersOf(model)).toEqual(parametersOf(expected));
    expect(model.report.validationHistory).toEqual(expected.report.validationHistory);
    const part = made.part(Uint32Array.of(7, 2, 299)).dataset;
    expect([...part.targets]).toEqual([7, 2, 299].map((row) => made.dataset.targets[row]));
    expect([...(part.columns[1] ?? [])]).toEqual([7, 2, 299].map((row) => made.dataset.columns[1]?.[row]));
  });

  it.each(WAYS)('end a fit at once when their loss is no number, $way', async ({ options }) => {
    const { validation } = atOnce(splitRows(60, { validationFraction: FRACTION, seed: 0 }));
    const targets = Float64Array.from(data.targets);
    targets[validation[0] as number] = 1e180; // its square is beyond f64
    const { columns, featureNames } = data;
    const far = { columns: Object.fromEntries(featureNames.map((name, j) => [name, columns[j] ?? []])), targets };
    if (options.strategy === 'moments') {
      await expectRefusal(() => fit(far, { ...cpu, ...options }), 'NON_FINITE_VALUE');
      return;
    }
    const model = await fit(far, {
      ...cpu,
      ...options,
      initialParameters: { weights: new Float64Array(12), bias: 0.5 },
    });
    expect(model.report).toMatchObject({
      stopReason: 'diverged',
      epochsRun: 1,
      validationHistory: [],
      bestEpoch: null,
    });
    const { parameters = [] } = model.report.state ?? {};
    // By batches the last update is not the first.
    if ('batchSize' in options) expect(parameters.every(Number.isFinite)).toBe(true);
    else expect(parameters).toEqual([...new Float64Array(12), 0.5]);
  });

  it('are refused when all have weight 0', async () => {
    const { validation } = atOnce(splitRows(60, { validationFraction: FRACTION, seed: 0 }));
    const exampleWeights = new Float64Array(60).fill(1);
    for (const row of validation) exampleWeights[row] = 0;
    const { columns, featureNames, targets } = data;
    const given = Object.fromEntries(featureNames.map((name, j) => [name, columns[j] ?? []]));
    await expectRefusal(() => fit({ columns: given, targets, exampleWeights }, cpu), 'EMPTY_DATA', '18 examples');
  });

  it('are refused where they cannot be had', async () => {
    await expectRefusal(() => fitMany(data, [{ validationFraction: 0.2 }]), 'INVALID_OPTION', 'crossValidate');
    await expectRefusal(() => fit(momentsOfDataset(data), cpu), 'INVALID_OPTION', 'moments with validationFraction');
    await expectRefusal(() => fit(data, { restoreBest: false }), 'INVALID_OPTION', 'validationFraction above 0');
    const part = (await fit(data, { ...cpu, epochs: 3 })).checkpoint();
    const other = { validationFraction: 0.2 } as object;
    await expectRefusal(() => resume(part, data, other), 'INVALID_OPTION', 'validationFraction for a checkpoint');
    await expectRefusal(() => resume(part, data, { seed: 2 } as object), 'INVALID_OPTION', 'seed for a checkpoint');
  });

  it('leave fewer examples than parameters to learn from, which a warning says', async () => {
    const { report } = await fit(examples(1, 6, 4), { ...cpu, epochs: 2 });
    expect(report.warnings.map(({ message }) => message).join()).toContain('4 examples for 5 parameters');
  });
});
