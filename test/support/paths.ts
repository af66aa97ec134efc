import { expect, it } from 'vitest';
import type { Dataset } from '../../src/data/dataset.js';
import { fit } from '../../src/fit.js';
import { fitSteps } from '../../src/fit-steps.js';
import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import type { PathPoint } from '../../src/descent/report.js';
import { resume } from '../../src/resume.js';
import { throughJson } from './checkpoints.js';
import { parametersOf } from './models.js';
import { expectSettled } from './steps.js';

export const pathOf = ({ report }: LinearModel): PathPoint[] => report?.path ?? [];
const parametersAt = ({ weights, bias }: PathPoint) => [...weights, bias];

/** What holds of paths wherever they are kept, at rates that descent converges and diverges at. */
export function describePaths(data: Dataset, where: () => FitOptions, rates: { stable: number; wild: number }): void {
  const base = () => ({ ...where(), epochs: 30, learningRate: rates.stable, tolerance: 0 });

  it.each([true, false])('each point is the model of a fit that ends there, standardize %s', async (standardize) => {
    const options = { ...base(), standardize };
    const model = await fit(data, { ...options, pathEvery: 7 });
    const path = pathOf(model);
    expect(path.map(({ epoch }) => epoch)).toEqual([0, 7, 14, 21, 28, 30]);
    for (const point of path.slice(1)) {
      expect(parametersAt(point)).toEqual(parametersOf(await fit(data, { ...options, epochs: point.epoch })));
    }
    const steps = fitSteps(data, options);
    expect(parametersAt(path[0] as PathPoint)).toEqual(parametersOf(await steps.model()));
    await steps.return();
  });

  it('every epoch has a point, and there is no path unless one is requested', async () => {
    const [all, none] = [await fit(data, { ...base(), pathEvery: 1 }), await fit(data, base())];
    expect(pathOf(all).map(({ epoch }) => epoch)).toEqual(Array.from({ length: 31 }, (_, k) => k));
    expect(none.report.path).toBeNull();
    expect(parametersOf(all)).toEqual(parametersOf(none));
    expect(all.report.lossHistory).toEqual(none.report.lossHistory);
  });

  it('the path of steps and of a resumed fit is the same', async () => {
    const options = { ...base(), pathEvery: 4 };
    const whole = pathOf(await fit(data, options));
    const steps = fitSteps(data, { ...options, epochsPerStep: 9 });
    await steps.next();
    expect(pathOf(await steps.model())).toEqual([...whole.slice(0, 3), expect.objectContaining({ epoch: 9 })]);
    while (!(await steps.next()).done);
    expect(pathOf(await steps.model())).toEqual(whole);
    const part = await fit(data, { ...options, epochs: 17 });
    const { context } = where();
    const resumed = await resume(throughJson(part.checkpoint()), data, { ...(context && { context }), epochs: 30 });
    expect(pathOf(resumed)).toEqual(whole);
  });

  it('a path ends at the model where descent settles', async () => {
    const model = await fit(data, { ...base(), epochs: 4000, tolerance: 1e-3, pathEvery: 5 });
    expectSettled(model);
    expect(pathOf(model).at(-1)?.epoch).toBe(model.report.epochsRun);
    expect(parametersAt(pathOf(model).at(-1) as PathPoint)).toEqual(parametersOf(model));
  });

  it.each([1, 3])('a path ends at the model where descent diverges, and is finite: every %i', async (pathEvery) => {
    const model = await fit(data, { ...base(), epochs: 4000, learningRate: rates.wild, pathEvery });
    expect(model.report.stopReason).toBe('diverged');
    const last = model.report.epochsRun - 1;
    const epochs = Array.from({ length: Math.floor(last / pathEvery) + 1 }, (_, k) => k * pathEvery);
    expect(pathOf(model).map(({ epoch }) => epoch)).toEqual(epochs.at(-1) === last ? epochs : [...epochs, last]);
    expect(parametersAt(pathOf(model).at(-1) as PathPoint)).toEqual(parametersOf(model));
    expect(pathOf(model).flatMap(parametersAt).every(Number.isFinite)).toBe(true);
  });
}
