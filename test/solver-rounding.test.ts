// Solvers where all that is left is rounding, and where squares leave f64.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { DescentError } from '../src/base/errors.js';
import type { FitReport } from '../src/descent/report.js';
import type { FitOptions } from '../src/fitting/fit-options.js';
import { fit } from '../src/fit.js';
import type { LinearModel } from '../src/model/linear-model.js';
import type { Loss } from '../src/options/names.js';
import { normals, uniforms, withTargets } from './support/examples.js';

const CPU = { backend: 'cpu', strategy: 'auto' } as const;

const reportOf = ({ report }: LinearModel) => report as FitReport;
const messageOf = ({ warnings }: FitReport) => warnings.find(({ code }) => code === 'NOT_CONVERGED')?.message ?? '';

describe('solvers at the rounding of what they minimize', () => {
  const whole = (seed: number) => uniforms(seed, 40).map((value) => Math.round(20 * value));
  const x4 = normals(35, 40);
  const [a, b, c, d] = [whole(31), whole(32), whole(33), whole(34)] as [Float64Array, Float64Array, Float64Array, Float64Array]; // prettier-ignore
  const perfect = a.map((value, i) => 0.1 * value + 0.2 * (b[i] as number) + 0.3 * (c[i] as number) + 0.4 * (d[i] as number) + 0.3); // prettier-ignore

  const losses: { loss?: Loss; huberDelta?: number }[] = [{}, { loss: 'huber' }, { loss: 'huber', huberDelta: 1 }];
  it.each(losses)('end as converged: a perfect fit, %j', async (options) => {
    for (const scale of [1, 1e9, 1e-9]) {
      for (const optimizer of ['auto', 'newton', 'lbfgs'] as const) {
        for (const shift of [0, 1000]) {
          const columns = { a: a.map((value) => value + shift), b, c, d };
          const data = createDataset({ columns, targets: perfect.map((value) => scale * value) });
          const delta = 'huberDelta' in options ? { huberDelta: scale } : {};
          const report = reportOf(await fit(data, { ...CPU, ...options, ...delta, optimizer }));
          const told = `${optimizer} at ${scale}, ${shift}: ${messageOf(report)}`;
          expect(report.converged, told).toBe(true);
          // The errors that L-BFGS leaves are more than rounding, and δ with them.
          if (optimizer === 'lbfgs' && options.loss === 'huber' && !('huberDelta' in options)) continue;
          expect(report.stopReason, told).toBe('converged');
          expect(report.epochsRun, told).toBeLessThan(100);
        }
      }
    }
  });

  it('end as converged where predictions are sums of far larger terms: huber', async () => {
    const far = c.map((value, i) => 1e6 + value / 7 + (d[i] as number) / 3);
    const columns = { a: a.map((value) => value * 1e-10), b: b.map((value) => value / 3e-12), far };
    const targets = a.map((value, i) => 0.2 * value - (b[i] as number) / 3 + 0.5 * (far[i] as number) - 5e5);
    const data = createDataset({ columns, targets });
    const report = reportOf(await fit(data, { ...CPU, loss: 'huber' }));
    expect([report.converged, report.stopReason], messageOf(report)).toEqual([true, 'converged']);
    expect(report.settings.huberDelta).toBeGreaterThan(1);
    // Errors of 1e-9 of the terms are more than rounding.
    const noisy = withTargets(
      data,
      data.targets.map((y, i) => y + 1e-3 * (x4[i] as number)),
    );
    const found = reportOf(await fit(noisy, { ...CPU, loss: 'huber' }));
    expect(found.converged).toBe(true);
    expect(found.settings.huberDelta).toBeLessThan(0.1);
  });

  it('end where slopes that are rounding lead down for ever: few examples of large features with hardly any l1', async () => {
    const features = [
      [1439189765527.8838, 1439159294249.7183, 1439159178089.312],
      [145.3477536113727, 142.30044744528306, 142.28874883889526],
      [74.0172810589623, 75.87480995154264, 74.97562114673931],
      [588184.6688025824, 594577.3386953142, 602634.6474499321],
      [3.584372289615378, 3.426361742846965, 4.246578686736279],
      [563956513717.5109, 563956085875.0106, 563955162291.1667],
      [49280646500.22061, -53905241071.759094, -18335019923.387222],
      [2562328.737473461, 2563887.747879728, 2568371.9257637262],
      [7.540209518313174e17, 7.540215006403377e17, 7.540196989593009e17],
      [14406.796003231873, 14406.571195745853, 14406.91917644089],
      [788508602.9688675, 788508146.4760232, 788506749.4354464],
      [0.003353247733246746, 0.003353253904488256, 0.0033532555131355803],
      [0.04573618406177085, 0.04584545498474218, 0.04581308952384605],
      [0.744283897648251, 0.7538843279660176, 0.7355832996952757],
      [761953007.6168642, 761846440.580704, 762032426.4921962],
    ];
    const columns = Object.fromEntries(features.map((column, j) => [`x${j}`, column]));
    for (const l1 of [1.66e-8, 1e-6]) {
      const data = createDataset({
        columns,
        targets: [-3.9533983288920522, -0.8365632267439248, -0.131363767513634],
        exampleWeights: [4.88366251780957e-13, 5.888293987623695e-13, 5.363151661820029e-13],
      });
      const report = reportOf(await fit(data, { ...CPU, l1 }));
      expect([report.converged, report.stopReason], `l1 ${l1}`).toEqual([true, 'converged']);
      expect(report.epochsRun).toBeLessThan(100);
    }
  });
});

describe('a model that f64 does not hold', () => {
  const targets = [1, 3, 2, 5, 4];
  const tiny = [1, 2, 3, 4, 5].map((x) => x * 1e-303);

  it.each<FitOptions>([{}, { l2: 1e-320 }, { optimizer: 'newton' }, { loss: 'huber' }, { epochs: 5 }])(
    'is refused, with the feature to scale: %o',
    async (options) => {
      const fitted = fit(createDataset({ columns: { x: tiny }, targets }), { ...CPU, ...options });
      const model = await fitted.catch((error: unknown) => error as DescentError);
      if (model instanceof DescentError) expect(model.code).toBe('NON_FINITE_VALUE');
      else expect([...model.weights, model.bias].every(Number.isFinite)).toBe(true);
    },
  );

  it('names the feature', async () => {
    const data = createDataset({ columns: { a: [1, 2, 4, 3, 5], x: tiny }, targets });
    await expect(fit(data, CPU)).rejects.toMatchObject({ code: 'NON_FINITE_VALUE', where: { column: 'x' } });
  });
});

describe('targets whose squares overflow', () => {
  const targets = [1, 3, 2, 5, 4.5].map((y) => y * 1e160);
  const data = createDataset({ columns: { a: [1, 2, 3, 4, 5], b: [0.3, -0.2, 1, 0.1, -1] }, targets });

  it.each(['auto', 'newton', 'lbfgs'] as const)('are refused by %s', async (optimizer) => {
    for (const options of [{}, { l1: 0.1 }, { loss: 'huber' }] as const) {
      await expect(fit(data, { ...CPU, ...options, optimizer })).rejects.toMatchObject({ code: 'NON_FINITE_VALUE' });
    }
  });

  it.each(['gradientDescent', 'momentum', 'adam'] as const)(
    'are refused by %s, whatever its rate',
    async (optimizer) => {
      await expect(fit(data, { ...CPU, optimizer })).rejects.toMatchObject({
        code: 'NON_FINITE_VALUE',
        message: expect.stringContaining('before the first step') as string,
      });
    },
  );
});
