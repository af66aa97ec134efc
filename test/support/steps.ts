import { expect, it } from 'vitest';
import { initialParameters } from '../../src/descent/start.js';
import type { Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { fitSteps } from '../../src/fit-steps.js';
import type { FitStep } from '../../src/fitting/stepped-fit.js';
import type { FitReport, StopReason } from '../../src/descent/report.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitOptions, FitProgress, StepOptions } from '../../src/fitting/fit-options.js';
import { expectRefusal } from './refusal.js';
import { parametersOf } from './models.js';

/**
 * Expects a fit that ended by itself, because its objective no longer fell: as converged if its gradient is below the
 * tolerance, as a plateau otherwise. Returns the reason.
 */
export function expectSettled({ report }: LinearModel): StopReason {
  const { relativeGradient, settings, converged, stopReason, warnings } = report as FitReport;
  expect(relativeGradient).not.toBeNull();
  expect(converged).toBe((relativeGradient as number) <= settings.tolerance);
  expect(stopReason).toBe(converged ? 'converged' : 'plateau');
  expect(warnings.some(({ code }) => code === 'NOT_CONVERGED')).toBe(!converged);
  return stopReason;
}

/** All steps there are. */
export async function stepsOf(data: Dataset, options: StepOptions): Promise<{ steps: FitStep[]; model: LinearModel }> {
  const running = fitSteps(data, options);
  const steps: FitStep[] = [];
  for await (const step of running) steps.push(step);
  return { steps, model: await running.model() };
}

/** A fit and steps that do the same end with the same bits. */
async function expectSame(
  data: Dataset,
  options: StepOptions,
  fitOptions: FitOptions,
): Promise<{ steps: FitStep[]; model: LinearModel }> {
  const whole = await fit(data, fitOptions);
  const { steps, model } = await stepsOf(data, { ...fitOptions, ...options });
  expect(parametersOf(model)).toEqual(parametersOf(whole));
  expect([...(steps.at(-1)?.weights ?? []), steps.at(-1)?.bias]).toEqual(parametersOf(whole));
  expect(steps.flatMap(({ losses }) => losses)).toEqual(whole.report.lossHistory);
  expect({ ...model.report, timings: null }).toEqual({ ...whole.report, timings: null });
  // Not above 0: the clock of Firefox stands still for a millisecond, and these fits can take less.
  expect(model.report?.timings.trainMs).toBeGreaterThanOrEqual(0);
  return { steps, model };
}

/** What holds of steps wherever they are taken. `where` names the place, at rates that it converges and diverges at. */
export function describeSteps(data: Dataset, where: () => FitOptions, rates: { stable: number; wild: number }): void {
  const base = () => ({ ...where(), epochs: 30, learningRate: rates.stable, tolerance: 0 });

  it.each([1, 7, 30, 100])('lead where one fit leads, bit for bit, %i epochs at a time', async (epochsPerStep) => {
    const { steps } = await expectSame(data, { epochsPerStep }, base());
    const ends = Array.from({ length: Math.ceil(30 / epochsPerStep) }, (_, k) => Math.min(30, (k + 1) * epochsPerStep));
    expect(steps.map(({ epoch }) => epoch)).toEqual(ends);
    expect(steps.map(({ stopReason }) => stopReason)).toEqual(ends.map((end) => (end === 30 ? 'epochs' : null)));
    expect(steps.every(({ loss, losses }) => loss === losses.at(-1))).toBe(true);
    expect(steps.flatMap(({ validationLosses }) => validationLosses)).toEqual([]); // of no examples
    expect(steps.every(({ learningRate }) => learningRate === rates.stable)).toBe(true);
  });

  it('settle where it does', async () => {
    const options = { ...base(), epochs: 4000, tolerance: 1e-3, patience: 3 };
    const { steps, model } = await expectSame(data, { epochsPerStep: 4 }, options);
    expect(steps.at(-1)?.stopReason).toBe(expectSettled(model));
    expect(steps.at(-1)?.epoch).toBeLessThan(4000);
  });

  it.each([1, 5])('diverge where it does, with its last finite parameters, %i at a time', async (epochsPerStep) => {
    const options = { ...base(), epochs: 4000, learningRate: rates.wild };
    const { steps } = await expectSame(data, { epochsPerStep }, options);
    expect(steps.at(-1)?.stopReason).toBe('diverged');
    expect(steps.at(-1)?.weights.every(Number.isFinite)).toBe(true);
    expect(steps.slice(0, -1).every(({ stopReason }) => stopReason === null)).toBe(true);
  });

  it('take another rate and length from the next step on', async () => {
    const plain = { ...base(), standardize: false };
    const first = await fit(data, { ...plain, epochs: 10 });
    const second = await fit(data, {
      ...plain,
      epochs: 4,
      learningRate: rates.stable / 3,
      initialParameters: first,
    });
    const steps = fitSteps(data, { ...plain, epochsPerStep: 10 });
    await steps.next();
    steps.learningRate = rates.stable / 3;
    steps.epochsPerStep = 4;
    const { value } = await steps.next();
    expect(value).toMatchObject({ epoch: 14, learningRate: rates.stable / 3, losses: second.report.lossHistory });
    await steps.return();
    const model = await steps.model();
    expect(parametersOf(model)).toEqual(parametersOf(second));
    expect(model.report).toMatchObject({ stopReason: 'aborted', epochsRun: 14 });
    expect(model.report.settings.learningRate).toBe(rates.stable / 3);
  });

  it('warn of a rate over the limit for as long as it is one', async () => {
    const steps = fitSteps(data, base());
    const codes = async () => (await steps.model()).report.warnings.map(({ code }) => code);
    steps.learningRate = rates.wild;
    await steps.next();
    await steps.next();
    expect(await codes()).toEqual(['LEARNING_RATE_ABOVE_LIMIT', 'NOT_CONVERGED']);
    steps.learningRate = 'auto';
    const { value } = await steps.next();
    expect(await codes()).toEqual(['NOT_CONVERGED']); // two of these epochs led away
    const { learningRate, learningRateLimit } = value as FitStep;
    expect(learningRate).toBe((learningRateLimit as number) / 2);
    await steps.return();
  });

  it('start over on the same data as before, by another seed, at given parameters or at a model', async () => {
    const options = { ...base(), epochsPerStep: 30 };
    const steps = fitSteps(data, options);
    const run = async () => (await steps.next()).value as FitStep;
    const first = await run();
    expect(first.stopReason).toBe('epochs');
    await steps.reset();
    expect(await run()).toEqual(first);
    await steps.reset({ seed: 5 });
    const other = await run();
    expect([...other.weights, other.bias]).toEqual(parametersOf(await fit(data, { ...base(), seed: 5 })));
    expect(other.weights).not.toEqual(first.weights);
    const start = { weights: first.weights.map((_, j) => 0.25 * j), bias: -0.5 };
    await steps.reset({ initialParameters: start });
    const given = await run();
    const fromStart = await fit(data, { ...base(), initialParameters: start });
    expect([...given.weights, given.bias]).toEqual(parametersOf(fromStart));
    await steps.reset({ warmStart: fromStart });
    const warm = await run();
    expect([...warm.weights, warm.bias]).toEqual(parametersOf(await fit(data, { ...base(), warmStart: fromStart })));
    await expectRefusal(() => steps.reset({ seed: -1 }), 'INVALID_OPTION', 'seed -1');
    expect((await steps.model()).weights.length, 'a wrong option ends nothing').toBe(first.weights.length);
    await steps.return();
    await expectRefusal(() => steps.reset(), 'DISPOSED');
  });

  it('have a model before the first and after the last, the last one by `next` too', async () => {
    const options = { ...base(), standardize: false, epochs: 2 };
    const steps = fitSteps(data, options);
    const before = await steps.model();
    const expected = initialParameters(data, { seed: 0 });
    const rounded = options.strategy === 'streaming' && options.backend !== 'cpu' ? Float32Array : Float64Array;
    expect([...rounded.from(parametersOf(before))]).toEqual([...rounded.from(expected)]);
    expect(before.report).toMatchObject({ epochsRun: 0, stopReason: 'aborted', lossHistory: [] });
    for (const isLast of [false, true]) {
      expect(await steps.next()).toMatchObject({ done: false, value: { stopReason: isLast ? 'epochs' : null } });
    }
    const end = await steps.next();
    expect(end).toEqual({ done: true, value: await steps.model() });
    expect(parametersOf(end.value as LinearModel)).toEqual(parametersOf(await fit(data, options)));
    expect(await steps.next()).toEqual(end);
  });

  it('come one after the other when they are asked for at once', async () => {
    const steps = fitSteps(data, base());
    const results = await Promise.all([steps.next(), steps.next(), steps.next(), steps.return(), steps.next()]);
    expect(results.map(({ value }) => (value as Partial<FitStep>).epoch)).toEqual([1, 2, 3, undefined, undefined]);
    expect(results.map(({ done }) => done)).toEqual([false, false, false, true, true]);
  });

  it.each([1500, 90])(
    'tell every loss once while they run, %i epochs at a time, as a fit does',
    async (epochsPerStep) => {
      const told: number[] = [];
      let calls = 0;
      const onProgress = ({ epoch, epochs, loss, losses }: FitProgress) => {
        told.push(...losses);
        calls += 1;
        expect([told.length, told.at(-1), epochs]).toEqual([epoch, loss, 1500]);
      };
      const { model } = await stepsOf(data, { ...base(), epochs: 1500, epochsPerStep, onProgress });
      expect(told).toEqual(model.report?.lossHistory);
      expect(calls).toBeGreaterThanOrEqual(1500 / epochsPerStep);
      told.length = 0;
      await fit(data, { ...base(), epochs: 1500, onProgress });
      expect(told).toEqual(model.report?.lossHistory);
    },
  );

  it('end with the signal, within a step or between two', async () => {
    const controller = new AbortController();
    const options = { ...base(), epochs: 10_000_000, signal: controller.signal };
    const steps = fitSteps(data, { ...options, onProgress: ({ epoch }) => epoch > 1 && controller.abort() });
    await steps.next();
    steps.epochsPerStep = 10_000_000;
    const { value } = await steps.next();
    expect((value as FitStep).stopReason).toBe('aborted');
    expect((value as FitStep).epoch).toBeLessThan(10_000_000);
    expect((await steps.next()).done).toBe(true);

    const late = fitSteps(data, { ...options, signal: AbortSignal.abort(new Error('too late')) });
    await expect(late.next()).rejects.toThrow('too late');
    expect(await late.next()).toEqual({ done: true, value: undefined });
    await expectRefusal(() => late.model(), 'DISPOSED');
  });
}
