// Convergence by the gradient: `converged`, and the warning with what is left, against objectives by their definition.

import { describe, expect, it } from 'vitest';
import { createDataset, Dataset } from '../src/data/dataset.js';
import type { FitReport } from '../src/descent/report.js';
import { fit } from '../src/fit.js';
import { fitSteps } from '../src/fit-steps.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import type { LinearModel } from '../src/model/linear-model.js';
import { leastSquares } from '../src/reference/qr.js';
import type { Loss, OptimizerChoice } from '../src/options/names.js';
import { expectClose } from './support/close.js';
import { examples, normals, uniforms, withTargets } from './support/examples.js';
import { expectHonest, problemOf } from './support/honest.js';
import { objectiveOf, steepestSlope } from './support/objective.js';

const LOSSES: readonly Loss[] = ['squared', 'huber', 'logistic'];
const PENALTIES = [{}, { l1: 0.02 }, { l2: 0.1 }, { l1: 0.02, l2: 0.1 }];
const OPTIMIZERS: readonly OptimizerChoice[] = ['auto', 'newton', 'gradientDescent', 'momentum', 'nesterov', 'adam'];
const CPU = { backend: 'cpu', strategy: 'auto' } as const;

const reportOf = ({ report }: LinearModel) => report as FitReport;

/** Correlated features, and targets with a few outliers, or labels that no plane separates. */
function learnable(loss: Loss): Dataset {
  const { columns, targets, featureNames } = examples(3, 80, 3);
  const [a, b, c] = columns as [Float64Array, Float64Array, Float64Array];
  const data = new Dataset([a, b.map((value, i) => (a[i] as number) + 0.3 * value), c], targets, featureNames, 'y');
  const noise = normals(8, 80);
  return withTargets(
    data,
    data.targets.map((y, i) => {
      if (loss === 'logistic') return y + 0.8 * (noise[i] as number) > 0 ? 1 : 0;
      return y + (i % 11 === 0 ? 6 : 0.3) * (noise[i] as number);
    }),
  );
}

const codesOf = ({ warnings }: FitReport) => warnings.map(({ code }) => code);
const messageOf = ({ warnings }: FitReport) => warnings.find(({ code }) => code === 'NOT_CONVERGED')?.message ?? '';

describe.each(LOSSES)('converged under the %s loss', (loss) => {
  const data = learnable(loss);
  const delta = loss === 'huber' ? { huberDelta: 0.5 } : {};

  describe.each(PENALTIES)('with %o', (penalties) => {
    it.each(OPTIMIZERS)('is true only below the tolerance: %s', async (optimizer) => {
      const options: FitOptions = { ...CPU, loss, ...penalties, ...delta, optimizer, seed: 5 };
      const isSolver = optimizer === 'auto' || optimizer === 'newton';
      const isAdam = optimizer === 'adam';
      // Adam's steps of one length swing about the optimum, until the schedule has shortened them.
      const swinging = { tolerance: 1e-3, patience: 6000, schedule: 'cosine' } as const;
      const long = isSolver ? {} : { tolerance: 1e-4, patience: 1000, epochs: 6000, ...(isAdam && swinging) };
      expect(expectHonest(data, await fit(data, { ...options, ...long }))).toBe(true);
      if (optimizer === 'auto') return;
      const few = await fit(data, { ...options, epochs: optimizer === 'newton' ? 1 : 9 });
      expect(expectHonest(data, few)).toBe(false);
      expect(reportOf(few).stopReason).toBe('epochs');
      expectHonest(data, await fit(data, { ...options, epochs: optimizer === 'newton' ? 3 : 150, tolerance: 1e-3 }));
    });
  });

  it('is judged without a bias and without standardization, too', async () => {
    for (const own of [{ fitIntercept: false }, { standardize: false }, { fitIntercept: false, standardize: false }]) {
      const options: FitOptions = { ...CPU, loss, ...delta, ...own, l2: 0.05 };
      expect(expectHonest(data, await fit(data, options))).toBe(true);
      expect(expectHonest(data, await fit(data, { ...options, optimizer: 'nesterov', epochs: 12 }))).toBe(false);
    }
  });
});

/** The model before the first epoch. */
async function startOf(data: Dataset, options: FitOptions): Promise<LinearModel> {
  const steps = fitSteps(data, options);
  const model = await steps.model();
  await steps.return();
  return model;
}

describe('NOT_CONVERGED', () => {
  it.each(LOSSES.flatMap((loss) => PENALTIES.map((penalties) => ({ loss, ...penalties }))))(
    'has the share of the excess objective that is left: %o',
    async (objective) => {
      const data = learnable(objective.loss);
      const delta = objective.loss === 'huber' ? { huberDelta: 0.5 } : {};
      for (const optimizer of ['gradientDescent', 'momentum', 'nesterov', 'adam'] as const) {
        const options: FitOptions = { ...CPU, ...objective, ...delta, optimizer, seed: 2, epochs: 12 };
        const model = await fit(data, options);
        const report = reportOf(model);
        const problem = problemOf(report);
        const optimum = await fit(data, { ...CPU, ...objective, ...delta, tolerance: 1e-9 });
        expect(steepestSlope(data, problem, optimum)).toBeLessThan(1e-8);
        const of = (at: LinearModel) => objectiveOf(data, problem, at);
        const [first, last, least] = [of(await startOf(data, options)), of(model), of(optimum)];
        const share = (last - least) / (first - least);
        const because = 'differences of objectives near 1, of which a thousandth and more is left';
        expectClose([report.distanceToOptimum as number], [share], { relative: 1e-8, absolute: 1e-12, because });
        const shown = share < 1e-5 ? 'less than 0.001%' : `${Number((100 * share).toPrecision(2))}%`;
        expect(messageOf(report)).toContain(`${shown} of the excess loss is left (compared with the optimum)`);
        expect(messageOf(report)).toContain("use optimizer: 'auto' without options of gradient descent.");
      }
    },
  );

  it('says that the epochs were used, that the fit was aborted, that it stopped early or that it is on a plateau', async () => {
    const data = learnable('squared');
    const options = { ...CPU, optimizer: 'gradientDescent' } as const;
    const byEpochs = reportOf(await fit(data, { ...options, epochs: 5 }));
    expect([byEpochs.stopReason, byEpochs.converged]).toEqual(['epochs', false]);
    expect(messageOf(byEpochs)).toContain('All epochs were used: allow more, or use optimizer');

    const controller = new AbortController();
    const { signal } = controller;
    const aborted = reportOf(await fit(data, { ...options, strategy: 'streaming', epochs: 10_000_000, learningRate: 1e-6, tolerance: 0, signal, onProgress: () => controller.abort() })); // prettier-ignore
    expect([aborted.stopReason, aborted.converged]).toEqual(['aborted', false]);
    expect(messageOf(aborted)).toContain('The fit was aborted: warmStart goes on from this model');

    const stopped = reportOf(await fit(data, { ...options, learningRate: 0.05, validationFraction: 0.4, patience: 1, tolerance: 0.01 })); // prettier-ignore
    expect([stopped.stopReason, stopped.converged]).toEqual(['earlyStopping', false]);
    expect(messageOf(stopped)).toContain('Early stopping ended it: to reach the optimum, use optimizer');

    const flat = reportOf(await fit(data, { ...options, tolerance: 1e-3, patience: 1 }));
    expect([flat.stopReason, flat.converged]).toEqual(['plateau', false]);
    expect(messageOf(flat)).toContain('The objective no longer fell: use optimizer');
    const newton = reportOf(await fit(learnable('logistic'), { ...CPU, loss: 'logistic', optimizer: 'newton', epochs: 2 })); // prettier-ignore
    expect(messageOf(newton)).toContain('All steps were used: allow more with epochs: 20.');
  });

  it('of a solver that is aborted comes with the parameters of its last whole step', async () => {
    const data = learnable('logistic');
    const controller = new AbortController();
    const onProgress = ({ epoch }: { epoch: number }) => {
      if (epoch === 2) controller.abort();
    };
    const model = await fit(data, { ...CPU, loss: 'logistic', signal: controller.signal, onProgress });
    const two = await fit(data, { ...CPU, loss: 'logistic', optimizer: 'newton', epochs: 2 });
    expect(reportOf(model)).toMatchObject({ stopReason: 'aborted', converged: false, epochsRun: 2 });
    expect([...model.weights, model.bias]).toEqual([...two.weights, two.bias]);
    expect(messageOf(reportOf(model))).toContain('The fit was aborted');
  });
});

describe('features that are nearly one', () => {
  it('have the weights of least squares, without a word', async () => {
    const u = uniforms(21, 15_000);
    const a = u.slice(0, 5000);
    const b = a.map((x, i) => x + 0.05 * (u[5000 + i] as number)); // a correlation of 0.999
    const targets = a.map((x, i) => 3 * x - 2 * (b[i] as number) + 0.1 * (u[10_000 + i] as number));
    const data = createDataset({ columns: { a, b }, targets });
    const exact = leastSquares(data);
    for (const options of [{}, { optimizer: 'newton' }, { optimizer: 'lbfgs' }, { strategy: 'moments' }] as const) {
      const model = await fit(data, { backend: 'cpu', ...options });
      const because = 'a condition number of 40';
      expectClose([...model.weights, model.bias], [...exact.weights, exact.bias], {
        relative: 1e-9,
        absolute: 1e-10,
        because,
      });
      expect(reportOf(model)).toMatchObject({ converged: true, warnings: [] });
    }
    const descended = await fit(data, { ...CPU, optimizer: 'gradientDescent' });
    expect(codesOf(reportOf(descended))).toEqual(['NOT_CONVERGED']);
  });
});

describe('a threshold far below the errors', () => {
  it('is come to in the first step, so that every loss of the history is of the stated objective', async () => {
    const data = learnable('huber');
    const delta = 1e-4;
    const model = await fit(data, { ...CPU, loss: 'huber', huberDelta: delta });
    expect(expectHonest(data, model)).toBe(true);
    const { lossHistory } = reportOf(model);
    const because = 'sums of 80 losses in f64';
    const least = objectiveOf(data, problemOf(reportOf(model)), model);
    expectClose([Number(lossHistory.at(-1))], [least], { relative: 1e-12, because });
    // With wider thresholds the losses would be thousands of times as large.
    expect(Math.max(...lossHistory)).toBeLessThan(1.01 * least);
    lossHistory.forEach(
      (loss, k) => k > 0 && expect(loss).toBeLessThanOrEqual(Number(lossHistory[k - 1]) * (1 + 1e-12)),
    );
  });
});

describe('converged where nothing is to be explained', () => {
  const x = uniforms(1, 50);
  const y = normals(2, 50);
  const product = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  const mean = x.reduce((sum, value) => sum + value, 0) / 50;
  const centered = x.map((value) => value - mean);
  const slope = product(centered, y) / product(centered, centered);
  const cases: { what: string; data: Dataset; weights: number[] }[] = [
    { what: 'a constant target', data: createDataset({ columns: { x }, targets: y.map(() => 0.1) }), weights: [0] },
    { what: 'a target of 0', data: createDataset({ columns: { x }, targets: y.map(() => 0) }), weights: [0] },
    {
      what: 'a slope of 0',
      data: createDataset({ columns: { x }, targets: y.map((value, i) => value - slope * (centered[i] as number)) }),
      weights: [0],
    },
    { what: 'one example', data: createDataset({ features: [[3]], targets: [5] }), weights: [0] },
  ];
  const because = 'a slope that is 0 but for rounding, of targets of size 1; descent stops at its tolerance';

  it.each(cases)('$what', async ({ data, weights }) => {
    // No error is beyond δ = 10, nor beyond that of 'auto' where all errors are 0.
    const isExact = data.targets.every((target) => target === data.targets[0]);
    const objectives: FitOptions[] = [
      {},
      { loss: 'huber', huberDelta: 10 },
      ...(isExact ? [{ loss: 'huber' } as const] : []),
    ];
    for (const objective of objectives) {
      for (const optimizer of ['auto', 'newton', 'gradientDescent', 'nesterov'] as const) {
        const isSolver = optimizer === 'auto' || optimizer === 'newton';
        const long = isSolver ? {} : { epochs: 4000, tolerance: 1e-10, patience: 3000 };
        const model = await fit(data, { ...CPU, ...objective, optimizer, ...long });
        const told = `${JSON.stringify(objective)} by ${optimizer}: ${messageOf(reportOf(model))}`;
        expect(reportOf(model).converged, told).toBe(true);
        expectClose(model.weights, weights, { absolute: isSolver ? 1e-14 : 1e-8, because });
      }
    }
  });

  const DESCENTS = ['gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient'] as const;
  it.each(DESCENTS)(
    'by %s, once predictions are those of constant targets but for their rounding',
    async (optimizer) => {
      for (const target of [7.1, 0, 1e9 / 3]) {
        const data = createDataset({ columns: { x, y }, targets: x.map(() => target) });
        for (const objective of [{}, { strategy: 'streaming' }, { standardize: false }] as const) {
          const report = reportOf(await fit(data, { backend: 'cpu', ...objective, optimizer }));
          const error = Math.sqrt(report.lossHistory.at(-1) as number) / (target || 1);
          const told = `${target} ${JSON.stringify(objective)} ${messageOf(report)}`;
          if (error < 1e-16 || !('standardize' in objective)) expect(report.converged, told).toBe(true);
          else if (error > 1e-14) expect(report.converged, told).toBe(false);
          expect(Number.isFinite(report.relativeGradient)).toBe(true);
          // A small effect beside targets of this size is no rounding.
          const small = createDataset({
            columns: { x, y },
            targets: x.map((value) => target + 1e-9 * (target || 1) * value),
          });
          const short = reportOf(await fit(small, { backend: 'cpu', ...objective, optimizer, epochs: 1 }));
          expect(short.converged).toBe(false);
        }
      }
    },
  );

  it('but never where there is no finite optimum: labels that a feature tells apart', async () => {
    const data = createDataset({ columns: { x }, targets: x.map((value) => (value > 0.1 ? 1 : 0)) });
    const solved = reportOf(await fit(data, { ...CPU, loss: 'logistic' }));
    expect([solved.stopReason, solved.converged]).toEqual(['separable', false]);
    expect(codesOf(solved)).toEqual(['SEPARABLE_CLASSES', 'NOT_CONVERGED']);
    expect(messageOf(solved)).toContain('the loss has no minimum. A penalty, such as l2: 0.01, gives it one');
    const descended = reportOf(await fit(data, { ...CPU, loss: 'logistic', optimizer: 'momentum' }));
    expect(descended.converged).toBe(false);
    expect(codesOf(descended)).toContain('NOT_CONVERGED');
  });

  it('but not before the first step, nor of a fit that was aborted before it', async () => {
    for (const loss of LOSSES) {
      for (const optimizer of ['auto', 'newton'] as const) {
        const steps = fitSteps(learnable(loss), { ...CPU, loss, optimizer });
        const before = reportOf(await steps.model());
        expect([before.converged, before.epochsRun], `${loss} by ${optimizer}`).toEqual([false, 0]);
        while (!(await steps.next()).done);
        expect(reportOf(await steps.model()).converged).toBe(true);
      }
    }
  });
});
