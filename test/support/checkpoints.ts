import { expect, it } from 'vitest';
import type { Checkpoint } from '../../src/model/checkpoint.js';
import { Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { fitSteps } from '../../src/fit-steps.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { resume, resumeSteps } from '../../src/resume.js';
import { parametersOf } from './models.js';
import { expectSettled } from './steps.js';

/** A checkpoint as it comes back from a file. */
export const throughJson = (checkpoint: Checkpoint) => JSON.parse(JSON.stringify(checkpoint)) as Checkpoint;

/** The same parameters, history and report, to the last bit; times aside. */
export function expectSameModel(actual: LinearModel, expected: LinearModel): void {
  expect(parametersOf(actual)).toEqual(parametersOf(expected));
  expect({ ...actual.report, timings: null, placement: '' }).toEqual({
    ...expected.report,
    timings: null,
    placement: '',
  });
}

/** Other losses, penalties, weights of the examples and no bias go on likewise; `data` may have any targets. */
export function describeOtherCheckpoints(data: Dataset, place: () => Pick<FitOptions, 'context' | 'backend'>): void {
  const { columns, targets, featureNames, targetName } = data;
  const weights = Float64Array.from(targets, (_, i) => (i % 5) / 2);
  const labels = Float64Array.from(targets, (y, i) => (y > 0.2 + (i % 3) / 4 ? 1 : 0));
  const cases: { options: FitOptions; y?: Float64Array }[] = [
    { options: { loss: 'huber', huberDelta: 0.2 } },
    { options: { loss: 'logistic' }, y: labels },
    { options: { l1: 0.01, l2: 0.1 } },
    { options: { fitIntercept: false } },
  ];
  it.each(cases)('30 epochs are 17 and 13 with $options and weights', async ({ options, y = targets }) => {
    const weighted = new Dataset(columns, y, featureNames, targetName, weights);
    const common = { ...place(), ...options, strategy: 'streaming', tolerance: 0, learningRate: 0.3 } as const;
    const whole = await fit(weighted, { ...common, epochs: 30, pathEvery: 5 });
    const part = await fit(weighted, { ...common, epochs: 17, pathEvery: 5 });
    const resumed = await resume(throughJson(part.checkpoint()), weighted, { ...place(), epochs: 30 });
    expectSameModel(resumed, whole);
    expect(whole.report.lossHistory[29]).toBeLessThan(whole.report.lossHistory[16] as number);
  });
}

/** What optimizers and averages keep goes on likewise, and so do schedules. */
export function describeOptimizerCheckpoints(data: Dataset, where: () => FitOptions): void {
  const cases: FitOptions[] = [
    { optimizer: 'momentum', l1: 0.01 },
    { optimizer: 'nesterov', average: true, averageFrom: 4 },
    { optimizer: 'adam', schedule: 'exponential', decayEvery: 8, l2: 0.1 },
    { average: true, schedule: 'inverseScaling', warmupEpochs: 20 },
    { optimizer: 'conjugateGradient', l2: 0.5 },
  ];
  it.each(cases)('the epochs are those before and those after with %o', async (options) => {
    const { context, backend } = where();
    const place = { ...(context && { context }), ...(backend && { backend }) };
    const isConjugate = options.optimizer === 'conjugateGradient';
    // Conjugate gradient is at its end after d + 1 steps.
    const pairs: [number, number][] = isConjugate ? [[1, 3], [2, 4]] : [[17, 30], [64, 130]]; // prettier-ignore
    for (const standardize of [true, false]) {
      for (const [epochs, all] of pairs) {
        const common = { ...where(), ...options, tolerance: 0, standardize, pathEvery: 2 };
        const whole = await fit(data, { ...common, epochs: all });
        const part = await fit(data, { ...common, epochs });
        const resumed = await resume(throughJson(part.checkpoint()), data, { ...place, epochs: all });
        expectSameModel(resumed, whole);
        expect(parametersOf(part)).not.toEqual(parametersOf(whole));
        expect(part.checkpoint().optimizerState).toHaveLength(3);
      }
    }
  });

  it('checkpoints of steps with a schedule and an average lead where one fit leads', async () => {
    const options = {
      ...where(),
      optimizer: 'adam',
      schedule: 'cosine',
      average: true,
      tolerance: 0,
      epochs: 30,
    } as const;
    const whole = await fit(data, options);
    const steps = fitSteps(data, { ...options, epochsPerStep: 7 });
    let last: number[] = [];
    for await (const { weights, bias } of steps) last = [...weights, bias];
    expect(last).toEqual(parametersOf(whole));
    expectSameModel(await steps.model(), whole);
  });
}

/** What holds of checkpoints wherever training goes on, at rates that it converges and diverges at. */
export function describeCheckpoints(
  data: Dataset,
  where: () => FitOptions,
  rates: { stable: number; wild: number },
): void {
  const base = () => ({ ...where(), epochs: 30, learningRate: rates.stable, tolerance: 0 });
  /** Where the data are, which is not in a checkpoint. */
  const place = () => {
    const { context } = where();
    return context ? { context } : {};
  };

  it.each([true, false])('30 epochs are 17 and 13, standardize %s', async (standardize) => {
    const whole = await fit(data, { ...base(), standardize });
    const part = await fit(data, { ...base(), standardize, epochs: 17 });
    const resumed = await resume(throughJson(part.checkpoint()), data, { ...place(), epochs: 30 });
    expectSameModel(resumed, whole);
    expect(parametersOf(part)).not.toEqual(parametersOf(whole));
  });

  it.each([1, 64, 65])('200 epochs are %i and the rest, in steps of 7', async (epochs) => {
    const whole = await fit(data, { ...base(), epochs: 200 });
    const steps = fitSteps(data, { ...base(), epochs: 200, epochsPerStep: epochs });
    await steps.next();
    const checkpoint = structuredClone(await steps.checkpoint());
    await steps.return();
    expect(checkpoint.lossHistory).toHaveLength(epochs);
    const rest = resumeSteps(checkpoint, data, { ...place(), epochsPerStep: 7 });
    const losses: number[] = [];
    for await (const step of rest) losses.push(...step.losses);
    expectSameModel(await rest.model(), whole);
    expect(losses).toHaveLength(200 - epochs);
  });

  it('quiet epochs count on', async () => {
    const options = { ...base(), epochs: 4000, tolerance: 1e-3, patience: 6 };
    const whole = await fit(data, options);
    expectSettled(whole);
    const epochs = whole.report.epochsRun - 3;
    const part = await fit(data, { ...options, epochs });
    expect(part.checkpoint().quietEpochs).toBe(3);
    expectSameModel(await resume(throughJson(part.checkpoint()), data, { ...place(), epochs: 4000 }), whole);
  });

  it('a divergence comes again, or not at a smaller rate', async () => {
    const options = { ...base(), epochs: 4000, learningRate: rates.wild, tolerance: 1e-3 };
    const whole = await fit(data, options);
    expect(whole.report.stopReason).toBe('diverged');
    const checkpoint = throughJson(whole.checkpoint());
    expect(checkpoint.lossHistory).toEqual(whole.report.lossHistory.slice(0, -1));
    expectSameModel(await resume(checkpoint, data, place()), whole);
    const saved = await resume(checkpoint, data, { ...place(), learningRate: rates.stable });
    expectSettled(saved);
    expect(saved.report.settings.tolerance).toBe(1e-3);
    expect(saved.report.lossHistory.slice(0, checkpoint.lossHistory.length)).toEqual(checkpoint.lossHistory);
  });

  it('a divergence that the next epoch would find is found', async () => {
    const options = { ...base(), epochs: 4000, learningRate: rates.wild };
    const whole = await fit(data, options);
    const part = await fit(data, { ...options, epochs: whole.report.epochsRun });
    const resumed = await resume(throughJson(part.checkpoint()), data, { ...place(), epochs: 4000 });
    expectSameModel(resumed, whole);
  });

  it('an aborted fit goes on as if nothing had been', async () => {
    const options = { ...base(), epochs: 300 };
    const controller = new AbortController();
    const running = fitSteps(data, { ...options, epochsPerStep: 41, signal: controller.signal });
    await running.next();
    controller.abort();
    await running.next();
    const part = await running.model();
    expect(part.report).toMatchObject({ stopReason: 'aborted', epochsRun: 41 });
    expectSameModel(await resume(part.checkpoint(), data, place()), await fit(data, options));
  });

  it('checkpoints of steps hold the parameters that reset goes back to', async () => {
    const part = await fit(data, { ...base(), epochs: 5 });
    const steps = resumeSteps(part.checkpoint(), data, { ...place(), epochs: 9, epochsPerStep: 4 });
    const first = await steps.next();
    await steps.reset({ seed: 3 });
    expect((await steps.model()).report.epochsRun).toBe(0);
    await steps.reset();
    expect(await steps.next()).toEqual(first);
    expect((await steps.model()).report.epochsRun).toBe(9);
    await steps.return();
  });
}
