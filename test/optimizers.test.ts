// Optimizers and averages on the CPU and on moments: by their definitions, to the oracle, and what ends them.

import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../src/data/dataset.js';
import { OPTIMIZERS } from '../src/options/names.js';
import { fitMany } from '../src/fit-many.js';
import { fit } from '../src/fit.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { leastSquares } from '../src/reference/qr.js';
import { expectClose } from './support/close.js';
import { examples, normals, uniforms, withTargets } from './support/examples.js';
import { expectSettled } from './support/steps.js';
import { WAYS } from './support/ways.js';
import { parametersOf } from './support/models.js';

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

describe.each(WAYS)('an optimizer, $way:', ({ options }) => {
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
        expect(model.report.lossHistory).toEqual(
          (await fit(data, { ...common, optimizer, epochs: 8 })).report.lossHistory,
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
    expect(byFunction.report.settings.learningRate).toBe(rate);
  });
});

describe.each(WAYS)('the way to exact least squares, $way,', ({ options }) => {
  it.each(OPTIMIZERS.filter((name) => name !== 'adam'))('is found by %s at the automatic rate', async (optimizer) => {
    const data = examples(6, 300, 3);
    const { weights, bias } = leastSquares(data);
    const model = await fit(data, { ...options, optimizer, epochs: 2000, tolerance: 1e-13 });
    expectSettled(model);
    const because = 'the loss stands still to 1e-13, the square of the distance';
    expectClose(parametersOf(model), [...weights, bias], { absolute: 1e-6, because });
  });

  it('is found by Adam at a falling rate', async () => {
    const data = examples(6, 300, 3);
    const { weights, bias } = leastSquares(data);
    const model = await fit(data, { ...options, optimizer: 'adam', epochs: 2000, tolerance: 0, schedule: 'cosine' });
    expectClose(parametersOf(model), [...weights, bias], { absolute: 1e-5, because: 'its last steps are 1e-6 long' });
    expect(model.report).toMatchObject({ learningRateLimit: null, settings: { learningRate: 0.05 }, warnings: [] });
  });

  it('ends at one model for all with l2', async () => {
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

  it('ends at the lasso for all with l1, with the same weights exactly 0', async () => {
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

describe.each(WAYS)('on a condition number of 100, $way,', ({ options }) => {
  /** Epochs until the loss is within a millionth of its fall from the least there is. */
  async function epochsTo(optimizer: NonNullable<FitOptions['optimizer']>): Promise<number> {
    const data = correlated();
    const { report } = await fit(data, { ...options, optimizer, epochs: 5000, tolerance: 0, seed: 2 });
    const losses = report.lossHistory;
    const least = (await fit(data, { ...options, optimizer: 'conjugateGradient', epochs: 10 })).report.lossHistory.at(
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
    const losses = report.lossHistory;
    losses.slice(1, 5).forEach((loss, i) => expect(loss).toBeLessThan(losses[i] as number));
    expect(report.stopReason).toBe('converged');
    expect(losses.length).toBeLessThan(20);
  });

  it('ends at once where there is nothing to do', async () => {
    const data = withTargets(examples(8, 50, 2), new Float64Array(50));
    const initialParameters = { weights: [0, 0], bias: 0 };
    const model = await fit(data, { ...options, optimizer: 'conjugateGradient', tolerance: 0, initialParameters });
    expect([parametersOf(model), model.report.stopReason, model.report.epochsRun]).toEqual([[0, 0, 0], 'converged', 2]);
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
    const model = await fit(correlated(), { ...options, epochs: 20_000, tolerance: 1e-9 });
    const losses = model.report.lossHistory;
    const rises = losses.slice(1).map((loss, i) => loss > (losses[i] as number));
    const longest = rises.reduce(
      ({ run, most }, isRise) => (isRise ? { run: run + 1, most: Math.max(most, run + 1) } : { run: 0, most }),
      { run: 0, most: 0 },
    ).most;
    expect(longest, 'rises in a row').toBeGreaterThan(5);
    expectSettled(model);
    expect(losses.at(-1)).toBeLessThan(1.001 * Math.min(...losses));
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
      expect(model.report.lossHistory).toEqual(alone.report.lossHistory);
      expect(model.report.settings).toEqual(alone.report.settings);
    }
  });
});
