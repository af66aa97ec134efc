// Optimizers, schedules and averages on the CPU and on moments: by their definitions, to the oracle, at their limits.

import { describe, expect, it } from 'vitest';
import { largestEigenvalue } from '../src/base/largest-eigenvalue.js';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import type { DescentError } from '../src/base/errors.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { chooseRate, limitOf } from '../src/descent/learning-rate.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { stabilityLimit } from '../src/descent/optimizers.js';
import { OPTIMIZERS } from '../src/options/names.js';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { resolveOptions } from '../src/fitting/fit-options.js';
import { leastSquares } from '../src/reference/qr.js';
import type { FitReport } from '../src/descent/report.js';
import { ratesOf, scheduleFactors } from '../src/descent/schedules.js';
import { SETTINGS } from '../src/options/specs.js';
import { expectClose } from './support/close.js';
import { examples, normals, uniforms, withTargets } from './support/examples.js';
import { reference } from './support/moments-descent.js';
import { expectRefusal } from './support/refusal.js';

/** Both ways that the CPU has. */
const WAYS = [
  { way: 'on examples', options: { backend: 'cpu', strategy: 'streaming' } },
  { way: 'on moments', options: { backend: 'cpu', strategy: 'moments' } },
] as const;

const parametersOf = ({ weights, bias }: LinearModel) => [...weights, bias];
const reportOf = ({ report }: LinearModel) => report as FitReport;

/** Two features with correlation 0.98 or so, a condition number of 100 for the curvature, and noisy targets. */
function correlated(): Dataset {
  const [a, b] = [normals(1, 400), normals(2, 400)];
  const other = a.map((value, i) => 0.98 * value + 0.2 * (b[i] as number));
  const targets = normals(3, 400).map((e, i) => 2 * (a[i] as number) - (other[i] as number) + 1 + 0.1 * e);
  return createDataset({ columns: { a, other }, targets });
}

/** ∂L/∂w and ∂L/∂b by the textbook's sums. */
function gradientAt({ columns, targets }: Dataset, parameters: readonly number[]): number[] {
  const residuals = Array.from(targets, (y, i) =>
    columns.reduce(
      (sum, column, j) => sum + (parameters[j] as number) * (column[i] as number),
      (parameters[columns.length] as number) - y,
    ),
  );
  const mean = (of: (i: number) => number) => residuals.reduce((sum, r, i) => sum + r * of(i), 0) / residuals.length;
  return [...columns.map((column) => mean((i) => column[i] as number)), mean(() => 1)];
}

describe.each(WAYS)('by its definition, $way,', ({ options }) => {
  const data = examples(4, 60, 2);
  const initial = [...uniforms(5, 3)];
  const initialParameters = { weights: initial.slice(0, 2), bias: initial[2] as number };
  const common = { ...options, standardize: false, tolerance: 0, learningRate: 0.05, initialParameters };
  const because = 'the same operations in f64, in another order';
  const [rate, mu] = [0.05, 0.8];

  it('momentum is that of Polyak', async () => {
    let w = initial;
    let v = [0, 0, 0];
    for (let epochs = 1; epochs <= 20; epochs++) {
      const g = gradientAt(data, w);
      v = v.map((value, j) => mu * value - rate * (g[j] as number));
      w = w.map((value, j) => value + (v[j] as number));
      const model = await fit(data, { ...common, optimizer: 'momentum', momentum: mu, epochs });
      expectClose(parametersOf(model), w, { absolute: 1e-12, because });
    }
  });

  it('nesterov is that of Sutskever et al., and the model is where it looks ahead', async () => {
    let w = initial;
    let v = [0, 0, 0];
    const ahead = () => w.map((value, j) => value + mu * (v[j] as number));
    for (let epochs = 1; epochs <= 20; epochs++) {
      const g = gradientAt(data, ahead());
      v = v.map((value, j) => mu * value - rate * (g[j] as number));
      w = w.map((value, j) => value + (v[j] as number));
      const model = await fit(data, { ...common, optimizer: 'nesterov', momentum: mu, epochs });
      expectClose(parametersOf(model), ahead(), { absolute: 1e-12, because });
    }
  });

  it('adam is that of Kingma and Ba, corrections included', async () => {
    let w = initial;
    let [m, v] = [w.map(() => 0), w.map(() => 0)];
    const [beta1, beta2, epsilon] = [0.7, 0.95, 1e-3];
    for (let t = 1; t <= 20; t++) {
      const g = gradientAt(data, w);
      m = m.map((value, j) => beta1 * value + (1 - beta1) * (g[j] as number));
      v = v.map((value, j) => beta2 * value + (1 - beta2) * (g[j] as number) ** 2);
      w = w.map((value, j) => {
        const [mean, square] = [(m[j] as number) / (1 - beta1 ** t), (v[j] as number) / (1 - beta2 ** t)];
        return value - (rate * mean) / (Math.sqrt(square) + epsilon);
      });
      const model = await fit(data, { ...common, optimizer: 'adam', beta1, beta2, epsilon, epochs: t });
      expectClose(parametersOf(model), w, { absolute: 1e-12, because });
    }
  });

  it('an average is the mean of the parameters after each epoch, from the given one on', async () => {
    for (const optimizer of ['gradientDescent', 'nesterov', 'adam'] as const) {
      const each: number[][] = [];
      for (let epochs = 1; epochs <= 8; epochs++) {
        each.push(parametersOf(await fit(data, { ...common, optimizer, epochs })));
      }
      for (const averageFrom of [0, 3, 7]) {
        const model = await fit(data, { ...common, optimizer, epochs: 8, average: true, averageFrom });
        const taken = each.slice(averageFrom);
        const mean = initial.map((_, j) => taken.reduce((sum, w) => sum + (w[j] as number), 0) / taken.length);
        expectClose(parametersOf(model), mean, { absolute: 1e-13, because });
        expect(model.report?.lossHistory).toEqual(
          (await fit(data, { ...common, optimizer, epochs: 8 })).report?.lossHistory,
        );
      }
      const early = await fit(data, { ...common, optimizer, epochs: 8, average: true, averageFrom: 8 });
      expect(parametersOf(early)).toEqual(each[7]);
    }
  });

  it('a schedule gives each epoch its rate', async () => {
    const settings = { schedule: 'step', decay: 0.5, decayEvery: 2, warmupEpochs: 2 } as const;
    const rates = [0.5, 1, 1, 1, 0.5, 0.5, 0.25].map((factor) => factor * rate);
    let w = initial;
    for (const r of rates) {
      const g = gradientAt(data, w);
      w = w.map((value, j) => value - r * (g[j] as number));
    }
    const model = await fit(data, { ...common, ...settings, epochs: 7 });
    expectClose(parametersOf(model), w, { absolute: 1e-13, because });
    const asked: number[] = [];
    const learningRate = (epoch: number) => {
      asked.push(epoch);
      return rates[epoch] as number;
    };
    const byFunction = await fit(data, { ...common, learningRate, epochs: 7 });
    expectClose(parametersOf(byFunction), w, { absolute: 1e-13, because });
    expect(asked).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(byFunction.report?.settings.learningRate).toBe(rate);
  });
});

describe.each(WAYS)('to the exact least squares, $way,', ({ options }) => {
  it.each(OPTIMIZERS.filter((name) => name !== 'adam'))('%s, with what auto finds', async (optimizer) => {
    const data = examples(6, 300, 3);
    const { weights, bias } = leastSquares(data);
    const model = await fit(data, { ...options, optimizer, epochs: 2000, tolerance: 1e-13 });
    expect(model.report?.stopReason).toBe('converged');
    const because = 'the loss stands still to 1e-13, the square of the distance';
    expectClose(parametersOf(model), [...weights, bias], { absolute: 1e-6, because });
  });

  it('adam, whose rate has to fall for it', async () => {
    const data = examples(6, 300, 3);
    const { weights, bias } = leastSquares(data);
    const model = await fit(data, { ...options, optimizer: 'adam', epochs: 2000, tolerance: 0, schedule: 'cosine' });
    expectClose(parametersOf(model), [...weights, bias], { absolute: 1e-5, because: 'its last steps are 1e-6 long' });
    expect(model.report).toMatchObject({ learningRateLimit: null, settings: { learningRate: 0.05 }, warnings: [] });
  });

  it('with l2, all come to one model', async () => {
    const data = examples(7, 120, 3);
    const run = async (optimizer: FitOptions['optimizer']) =>
      parametersOf(
        await fit(data, { ...options, optimizer: optimizer ?? 'adam', l2: 0.5, epochs: 3000, tolerance: 0 }),
      );
    const descent = await run('gradientDescent');
    const because = 'all have stopped moving; adam is left with steps that its swings keep alive';
    for (const optimizer of OPTIMIZERS) {
      const absolute = optimizer === 'adam' ? 1e-4 : 1e-10;
      expectClose(await run(optimizer), descent, { absolute, because });
    }
  });

  it('with l1, all come to the lasso, with the same weights exactly 0', async () => {
    const [a, b, c, e] = [normals(1, 200), normals(2, 200), normals(3, 200), normals(4, 200)];
    const targets = a.map((value, i) => 2 * value + 0.05 * (b[i] as number) + 0.3 * (e[i] as number) + 4);
    const data = createDataset({ columns: { a, b, c }, targets });
    const run = async (optimizer: NonNullable<FitOptions['optimizer']>) => {
      const schedule = optimizer === 'adam' ? 'cosine' : 'constant';
      return fit(data, { ...options, optimizer, l1: 0.2, epochs: 3000, tolerance: 0, schedule });
    };
    const descent = await run('gradientDescent');
    expect([...descent.weights].map((weight) => weight === 0)).toEqual([false, true, true]);
    for (const optimizer of ['momentum', 'nesterov', 'adam'] as const) {
      const model = await run(optimizer);
      expectClose(parametersOf(model), parametersOf(descent), { absolute: 1e-7, because: 'all have stopped moving' });
      expect([...model.weights].map((weight) => weight === 0)).toEqual([false, true, true]);
    }
  });
});

describe.each(WAYS)('the speed on a condition number of 100, $way:', ({ options }) => {
  /** Epochs until the loss is within a millionth of its fall from the least there is. */
  async function epochsTo(optimizer: NonNullable<FitOptions['optimizer']>): Promise<number> {
    const data = correlated();
    const { report } = await fit(data, { ...options, optimizer, epochs: 5000, tolerance: 0, seed: 2 });
    const losses = report?.lossHistory as number[];
    const least = (await fit(data, { ...options, optimizer: 'conjugateGradient', epochs: 10 })).report?.lossHistory.at(
      -1,
    );
    const near = (least as number) + 1e-6 * ((losses[0] as number) - (least as number));
    return losses.findLastIndex((loss) => loss > near) + 1;
  }

  it('momentum and nesterov need a fraction of the epochs of descent, conjugate gradient d + 1', async () => {
    const descent = await epochsTo('gradientDescent');
    expect(descent).toBeGreaterThan(250); // κ·ln(1000) and more
    expect(await epochsTo('momentum')).toBeLessThan(descent / 2);
    expect(await epochsTo('nesterov')).toBeLessThan(descent / 4);
    expect(await epochsTo('conjugateGradient')).toBeLessThanOrEqual(4); // the first finds a direction only
  });
});

describe.each(WAYS)('conjugate gradient, $way,', ({ options }) => {
  it.each([1, 2, 5, 12])('is at the solution after d + 1 steps, d = %i', async (features) => {
    const data = examples(8, 100, features);
    const { weights, bias } = leastSquares(data);
    const expected = [...weights, bias];
    const run = (steps: number) =>
      fit(data, { ...options, optimizer: 'conjugateGradient', epochs: 1 + steps, tolerance: 0, standardize: false });
    const model = await run(features + 1);
    expectClose(parametersOf(model), expected, {
      absolute: 1e-8,
      because: 'f64 at a condition number of the curvature under 1000, in 13 steps',
    });
    const before = parametersOf(await run(features));
    expect(Math.max(...before.map((value, j) => Math.abs(value - (expected[j] as number))))).toBeGreaterThan(1e-8);
  });

  it('lets the loss fall in every epoch, and stops where it falls no more', async () => {
    const { report } = await fit(examples(8, 100, 5), { ...options, optimizer: 'conjugateGradient', epochs: 1000 });
    const losses = report?.lossHistory as number[];
    losses.slice(1, 5).forEach((loss, i) => expect(loss).toBeLessThan(losses[i] as number));
    expect(report?.stopReason).toBe('converged');
    expect(losses.length).toBeLessThan(20);
  });

  it('ends at once where there is nothing to do', async () => {
    const data = withTargets(examples(8, 50, 2), new Float64Array(50));
    const initialParameters = { weights: [0, 0], bias: 0 };
    const model = await fit(data, { ...options, optimizer: 'conjugateGradient', tolerance: 0, initialParameters });
    expect([parametersOf(model), model.report?.stopReason, model.report?.epochsRun]).toEqual([
      [0, 0, 0],
      'converged',
      2,
    ]);
  });
});

describe('limits', () => {
  it.each([
    ['gradientDescent', 0.9],
    ['momentum', 0],
    ['momentum', 0.5],
    ['momentum', 0.9],
    ['nesterov', 0],
    ['nesterov', 0.5],
    ['nesterov', 0.9],
  ] as const)('of %s with μ %d: under it the loss falls, over it it rises without end', async (optimizer, momentum) => {
    const data = examples(9, 80, 3);
    const trainer = await reference(data, true);
    const largest = await largestEigenvalue((direction) => trainer.curvature(direction), 4);
    const limit = stabilityLimit({ optimizer, momentum }, largest);
    const own = optimizer === 'gradientDescent' ? {} : { momentum };
    for (const { options } of WAYS) {
      const run = async (learningRate: number) =>
        reportOf(await fit(data, { ...options, ...own, optimizer, learningRate, epochs: 3000, tolerance: 0 }));
      const [under, over] = [await run(0.99 * limit), await run(1.01 * limit)];
      expectClose([under.learningRateLimit as number], [limit], { relative: 1e-5, because: 'six digits of λmax' });
      const least = (await fit(data, { ...options, optimizer: 'conjugateGradient' })).report?.lossHistory.at(-1);
      expectClose([under.lossHistory.at(-1) as number], [least as number], { relative: 1e-6, because: '3000 epochs' });
      expect(over.lossHistory.at(-1)).toBeGreaterThan(1e6 * (over.lossHistory[0] as number));
      expect(under.warnings).toEqual([]);
      expect(over.warnings.map(({ code }) => code)).toEqual(['LEARNING_RATE_ABOVE_LIMIT']);
    }
  });

  it('are those of the closed forms', () => {
    const at = (optimizer: 'gradientDescent' | 'momentum' | 'nesterov', momentum: number) =>
      stabilityLimit({ optimizer, momentum }, 4);
    expect(at('gradientDescent', 0.9)).toBe(0.5);
    expect([at('momentum', 0), at('momentum', 0.5)]).toEqual([0.5, 0.75]);
    expect([at('nesterov', 0), at('nesterov', 0.5)]).toEqual([0.5, 0.375]);
  });

  it('a rate over the limit in some epochs only is told of, and tolerance does not end it', () => {
    const warnings: FitReport['warnings'] = [];
    const settings = resolveOptions({ learningRate: 1, schedule: 'cosine', epochs: 10 });
    const limit = limitOf(4, settings);
    expect(limit).toBe(0.5);
    const rate = chooseRate({ ...settings, ...ratesOf(settings) }, { limit, largestSquare: null }, warnings);
    expect(rate).toEqual({ learningRate: 1, tolerance: 0 });
    expect(warnings).toMatchObject([{ code: 'LEARNING_RATE_ABOVE_LIMIT' }]);
    expect(warnings[0]?.message).toContain('the loss may rise');
  });
});

describe('schedules', () => {
  const factors = (options: FitOptions) => [...scheduleFactors(resolveOptions(options))];
  const because = 'closed forms in f64';

  it('constant has no factors, or those of the warm-up alone', () => {
    expect(factors({ epochs: 10 })).toEqual([]);
    expect(factors({ epochs: 10, warmupEpochs: 4 })).toEqual([0.25, 0.5, 0.75, 1]);
    expect(factors({ epochs: 2, warmupEpochs: 4 })).toEqual([0.25, 0.5]);
  });

  it('inverseScaling falls as a power of the epochs', () => {
    expectClose(factors({ schedule: 'inverseScaling', epochs: 4 }), [1, 2 ** -0.5, 3 ** -0.5, 0.5], {
      relative: 1e-15,
      because,
    });
    expect(factors({ schedule: 'inverseScaling', decay: 1, epochs: 3, warmupEpochs: 1 })).toEqual([1, 1, 0.5]);
  });

  it('step and exponential come to decay in decayEvery epochs', () => {
    const options = { decay: 0.25, decayEvery: 2, epochs: 5 };
    expect(factors({ ...options, schedule: 'step' })).toEqual([1, 1, 0.25, 0.25, 0.0625]);
    expectClose(factors({ ...options, schedule: 'exponential' }), [1, 0.5, 0.25, 0.125, 0.0625], {
      relative: 1e-15,
      because,
    });
  });

  it('cosine falls from 1 to nearly 0 in the epochs after the warm-up', () => {
    const expected = [0.5, 1, 1, (2 + Math.SQRT2) / 4, 0.5, (2 - Math.SQRT2) / 4];
    expectClose(factors({ schedule: 'cosine', warmupEpochs: 2, epochs: 6 }), expected, { absolute: 1e-15, because });
  });

  it('a function is scaled to its largest rate', () => {
    const rates = ratesOf(resolveOptions({ epochs: 4, learningRate: (epoch) => 2 * epoch }));
    expect([rates.learningRate, [...rates.factors]]).toEqual([6, [0, 1 / 3, 2 / 3, 1]]);
  });

  it.each<[string, (epoch: number) => unknown, string]>([
    ['NaN', () => Number.NaN, 'NaN in epoch 0'],
    ['negative', (epoch) => 1 - epoch, '-1 in epoch 2'],
    ['no number', () => 'fast', 'fast in epoch 0'],
    ['0 throughout', () => 0, '0 in all epochs'],
  ])('a function whose rates are %s is refused', async (_, rateOf, text) => {
    const learningRate = rateOf as (epoch: number) => number;
    await expectRefusal(
      () => fit(examples(1, 9, 1), { learningRate, epochs: 5, backend: 'cpu' }),
      'INVALID_OPTION',
      text,
    );
  });
});

describe('tolerance', () => {
  it('does not take a swing of momentum for the end', async () => {
    const options = {
      backend: 'cpu',
      strategy: 'streaming',
      optimizer: 'momentum',
      momentum: 0.99,
      learningRate: 0.01,
    } as const;
    const { report } = await fit(correlated(), { ...options, epochs: 20_000, tolerance: 1e-9 });
    const losses = report?.lossHistory as number[];
    const rises = losses.slice(1).map((loss, i) => loss > (losses[i] as number));
    const longest = rises.reduce(
      ({ run, most }, isRise) => (isRise ? { run: run + 1, most: Math.max(most, run + 1) } : { run: 0, most }),
      { run: 0, most: 0 },
    ).most;
    expect(longest, 'rises in a row').toBeGreaterThan(5);
    expect(report?.stopReason).toBe('converged');
    expect(losses.at(-1)).toBeLessThan(1.001 * Math.min(...losses));
  });
});

describe('options that mean nothing together are refused:', () => {
  it.each([
    [{ optimizer: 'adam', momentum: 0.5 }, "momentum 0.5 with optimizer 'adam'"],
    [{ beta1: 0.5 }, "beta1 0.5 with optimizer 'gradientDescent'"],
    [{ optimizer: 'momentum', beta2: 0.5 }, 'beta2'],
    [{ optimizer: 'nesterov', epsilon: 1 }, 'epsilon'],
    [{ decay: 0.25 }, "decay 0.25 with schedule 'constant'"],
    [{ schedule: 'cosine', decay: 0.25 }, 'decay'],
    [{ schedule: 'inverseScaling', decayEvery: 3 }, 'decayEvery'],
    [{ averageFrom: 3 }, 'averageFrom 3 with average false'],
    [{ huberDelta: 2 }, "huberDelta 2 with loss 'squared'"],
    [{ loss: 'logistic', huberDelta: 2 }, "huberDelta 2 with loss 'logistic'"],
    [{ shuffle: false }, "shuffle false with batchSize 'full'"],
    [{ tolerance: 0, patience: 3 }, 'patience 3 with tolerance 0'],
    [{ tolerance: 0, patience: 3, validationFraction: 0.2 }, 'patience 3 with tolerance 0'],
    [{ learningRate: Math.abs, schedule: 'cosine' }, 'a function of the epoch'],
    [{ learningRate: Math.abs, warmupEpochs: 3 }, 'a function of the epoch'],
    [{ optimizer: 'conjugateGradient', l1: 0.1 }, 'l1 with optimizer'],
    [{ optimizer: 'conjugateGradient', learningRate: 0.1 }, 'a learningRate with optimizer'],
    [{ optimizer: 'conjugateGradient', schedule: 'cosine' }, 'a schedule with optimizer'],
    [{ optimizer: 'conjugateGradient', average: true }, 'average with optimizer'],
    [{ optimizer: 'conjugateGradient', loss: 'huber' }, "loss 'huber' with optimizer"],
  ] as const)('%o', async (options, text) => {
    await expectRefusal(() => resolveOptions(options), 'INVALID_OPTION', text);
    const thrown = await Promise.resolve(options)
      .then(resolveOptions)
      .catch((error: unknown) => error);
    expect(Object.keys(options)).toContain((thrown as DescentError).where.option); // one of the two
  });

  it('with all defaults given, no combination is refused', () => {
    for (const { name, default: value } of SETTINGS) expect(() => resolveOptions({ [name]: value })).not.toThrow();
    for (const options of [{ tolerance: 0 }, { loss: 'logistic' }, { batchSize: 8 }] as const) {
      expect(() => resolveOptions({ ...resolveOptions({}), ...options })).not.toThrow();
    }
  });

  it('the settings of a report pass as options, also where a rate above its limit made the tolerance 0', async () => {
    const data = examples(3, 20, 2);
    const { report } = await fit(data, { learningRate: 9, patience: 3, epochs: 2, backend: 'cpu' });
    expect(report?.settings).toMatchObject({ tolerance: 0, patience: 3 });
    const again = await fit(data, report?.settings);
    expect(again.report?.settings).toEqual(report?.settings);
  });

  it('conjugate gradient beside other optimizers in one fitMany', async () => {
    const run = () => fitMany(examples(1, 9, 1), [{ optimizer: 'conjugateGradient' }, {}], { backend: 'cpu' });
    await expectRefusal(run, 'INVALID_OPTION', '1 of 2 models');
  });
});

describe('fitMany on the CPU', () => {
  it('trains each model by its own optimizer, schedule and average', async () => {
    const data = examples(3, 80, 2);
    const options = [
      { optimizer: 'momentum' },
      { optimizer: 'nesterov', momentum: 0.5, l1: 0.1 },
      { optimizer: 'adam', average: true },
      { schedule: 'cosine', learningRate: 0.5 },
    ] as const;
    const shared = { backend: 'cpu', strategy: 'streaming', epochs: 30, tolerance: 0 } as const;
    const models = await fitMany(data, options, shared);
    for (const [k, model] of models.entries()) {
      const alone = await fit(data, { ...shared, ...options[k] });
      expect(parametersOf(model)).toEqual(parametersOf(alone));
      expect(model.report?.lossHistory).toEqual(alone.report?.lossHistory);
      expect(model.report?.settings).toEqual(alone.report?.settings);
    }
  });
});
