// Newton's method where evaluations are rounded to f32, or broken.

import { describe, expect, it } from 'vitest';
import type { Evaluation } from '../../src/descent/evaluation.js';
import { leastSquares } from '../../src/reference/qr.js';
import { expectClose } from '../support/close.js';
import { datasetOf, drawProblem, evaluateOf, newtonOf, runSteps, zeros } from '../support/solver-problems.js';

const because = 'both stop where the gradient is at its rounding, times the condition of the Hessian';

describe('rounded and broken evaluations', () => {
  const size = { m: 400, d: 5, rho: 0.9, effect: 0.5 };

  it.each(['squared', 'logistic', 'huber'] as const)('%s: sums in f32 end at their rounding', async (loss) => {
    const data = drawProblem(9, { loss, ...size });
    const exact = await runSteps(newtonOf(data));
    for (const l1 of [0, 0.05]) {
      const best = l1 === 0 ? exact : await runSteps(newtonOf(data, { l1 }));
      const noisy = { ...data, noise: 2 ** -23 };
      const said = await runSteps(newtonOf(noisy, { l1, rounding: 2 ** -20 }));
      const silent = await runSteps(newtonOf(noisy, { l1 }), 200);
      for (const state of [said, silent]) {
        const there = await newtonOf(data, { start: state.parameters, l1 }).step();
        expect(there.objective - best.objective).toBeLessThan(1e-11 * best.objective);
        expect(state.status).not.toBe('running');
        expect(state.passes).toBeLessThanOrEqual(60);
      }
      expect(said.status).toBe('converged');
      expect(said.passes).toBeLessThanOrEqual(12);
    }
  });

  it('the last steps are few, and the best of them is the answer', async () => {
    for (const loss of ['squared', 'logistic', 'huber'] as const) {
      for (let seed = 1; seed <= 10; seed++) {
        const data = { ...drawProblem(seed, { loss, m: 100, d: 4, rho: 0.999, effect: 0.5 }), noise: 2 ** -23 };
        const newton = newtonOf(data, { rounding: 2 ** -30 });
        const states = [await newton.step()];
        while (states.at(-1)?.status === 'running') states.push(await newton.step());
        const last = states.at(-1) as (typeof states)[0];
        const rounded = states.find(({ decrement, objective }) => decrement <= 2 ** -30 * objective);
        expect(last.passes - (rounded?.passes ?? Infinity)).toBeLessThanOrEqual(4);
        expect(last.decrement).toBe(Math.min(...states.map(({ decrement }) => decrement)));
      }
    }
  });

  it('near copies and sums of features are no hindrance to sums in f32', async () => {
    for (const loss of ['squared', 'logistic', 'huber'] as const) {
      const near = drawProblem(9, { loss, m: 300, d: 6, rho: 1 - 1e-6, effect: 0.5 });
      const { columns } = drawProblem(8, { loss, m: 300, d: 3, effect: 0.5 });
      const [a, b] = columns as [Float64Array, Float64Array];
      const summed = { ...near, columns: [...columns, a.map((value, i) => value + (b[i] as number))] };
      for (const [data, l1, most] of [
        [near, 0, 1e-11],
        [summed, 0, 1e-11],
        [near, 1e-3, 1e-7],
        [summed, 1e-3, 1e-9],
      ] as const) {
        const best = await runSteps(newtonOf(data, { l1 }));
        const state = await runSteps(newtonOf({ ...data, noise: 2 ** -23 }, { l1, rounding: 2 ** -20 }));
        const there = await newtonOf(data, { start: state.parameters, l1 }).step();
        expect(there.objective - best.objective).toBeLessThan(most * best.objective);
        expect(state.status).toBe('converged');
        expect(state.passes).toBeLessThanOrEqual(15);
      }
    }
  });

  it('sums in f32 whose rounding exceeds the least curvature leave little more than their own', async () => {
    for (const loss of ['squared', 'logistic', 'huber'] as const) {
      for (let seed = 1; seed <= 12; seed++) {
        const data = drawProblem(seed, { loss, m: 60, d: 5, rho: 1 - 10 ** (-6 - seed / 6), effect: 0.3 });
        const best = await runSteps(newtonOf(data));
        const state = await runSteps(newtonOf({ ...data, noise: 2 ** -23 }, { rounding: 2 ** -20 }), 60);
        const there = await newtonOf(data, { start: state.parameters }).step();
        const excess = there.objective / best.objective - 1;
        // Slopes that are off by 2^-23 move the objective by the square of that over the least curvature, 1e-8.
        expect(excess).toBeLessThan(1e-5);
        expect(state.passes).toBeLessThan(30);
      }
    }
  });

  it('one Hessian of sums in f32 serves all steps, to the digits of f64', async () => {
    const data = drawProblem(9, { loss: 'squared', m: 400, d: 6, rho: 0.999 });
    const [exact, rough] = [evaluateOf(data), evaluateOf({ ...data, noise: 2 ** -22 })];
    let hessians = 0;
    const evaluate = async (parameters: Float64Array, withHessian: boolean): Promise<Evaluation> => {
      if (withHessian) hessians += 1;
      const { hessian } = await rough(parameters, withHessian);
      return { ...(await exact(parameters, false)), hessian };
    };
    const options = { evaluate, reuseHessian: true, hessianRounding: 2 ** -20 };
    const { weights, bias } = leastSquares(datasetOf(data));
    const state = await runSteps(newtonOf(data, options));
    expectClose(state.parameters, [...weights, bias], { relative: 1e-10, absolute: 1e-11, because });
    expect(hessians).toBe(1);
    expect(state.passes).toBeLessThanOrEqual(10);
    const lasso = await runSteps(newtonOf(data, { ...options, l1: 0.05 }));
    expect(lasso.violation).toBeLessThan(1e-13);
  });

  it('steps to where the loss is not finite are shortened', async () => {
    const data = drawProblem(2, { loss: 'logistic', m: 100, d: 2, effect: 3 });
    const plain = evaluateOf(data);
    const best = await runSteps(newtonOf(data));
    const radius = 1.01 * Math.max(...best.parameters.map(Math.abs));
    for (const bad of [Infinity, NaN]) {
      const evaluate = async (parameters: Float64Array, withHessian: boolean) => {
        const evaluation = await plain(parameters, withHessian);
        const isOut = parameters.some((value) => Math.abs(value) > radius);
        return isOut ? { ...evaluation, loss: bad, gradient: evaluation.gradient.map(() => NaN) } : evaluation;
      };
      const start = Float64Array.of(-radius, radius, radius);
      const state = await runSteps(newtonOf(data, { evaluate, start }));
      expectClose(state.parameters, best.parameters, { relative: 1e-10, because });
    }
    const evaluate = async (parameters: Float64Array) => ({ ...(await plain(parameters, true)), loss: NaN });
    const lost = await runSteps(newtonOf(data, { evaluate }));
    expect(lost).toMatchObject({ status: 'stalled', passes: 1, parameters: zeros(data) });
  });

  it.each([
    ['less than nothing', (value: number) => -value],
    ['nothing', () => 0],
    ['a tenth', (value: number) => value / 10],
  ])('a Hessian of %s still leads down, and never to NaN', async (_, change) => {
    const data = drawProblem(2, { loss: 'logistic', m: 100, d: 3, effect: 0.5 });
    const best = await runSteps(newtonOf(data));
    for (const l1 of [0, 0.02]) {
      const plain = evaluateOf(data);
      const evaluate = async (parameters: Float64Array, withHessian: boolean) => {
        const evaluation = await plain(parameters, withHessian);
        return { ...evaluation, hessian: evaluation.hessian?.map(change) ?? null };
      };
      const target = l1 === 0 ? best : await runSteps(newtonOf(data, { l1 }));
      const state = await runSteps(newtonOf(data, { evaluate, l1 }), 200);
      const excess = state.objective / target.objective - 1;
      expect(excess).toBeLessThan(1e-4);
      if (excess > 1e-12) expect(state.status).not.toBe('converged');
      expect(state.parameters.every(Number.isFinite)).toBe(true);
    }
  });
});
