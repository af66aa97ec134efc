// Huber's loss with thresholds from the size of the residuals to far below it.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { HuberContinuation, type HuberState } from '../../src/solve/huber-continuation.js';
import { expectClose } from '../support/close.js';
import { F64Evaluator, type EvaluatorData } from '../support/f64-evaluator.js';
import { reweighted } from '../support/newton.js';
import { drawProblem, runSteps } from '../support/solver-problems.js';

const continuationOf = (data: EvaluatorData, huberDelta: number, { l1 = 0, l2 = 0, noise = 0 } = {}) => {
  const evaluator = new F64Evaluator({ ...data, noise });
  return new HuberContinuation({
    start: new Float64Array(data.columns.length + 1),
    huberDelta,
    l1,
    l2,
    ...(noise > 0 && { rounding: 8 * noise }),
    evaluate: (parameters, options) => evaluator.evaluate(parameters, options),
  });
};

/** The thresholds of the stages, in order. */
async function stagesOf(solver: HuberContinuation): Promise<{ deltas: number[]; last: HuberState }> {
  let last = await solver.step();
  const deltas = [last.huberDelta];
  for (let k = 0; k < 500 && last.status === 'running'; k++) {
    last = await solver.step();
    if (last.huberDelta !== deltas.at(-1)) deltas.push(last.huberDelta);
  }
  return { deltas, last };
}

/** Prices in won by area in m², one of them 30 times too high. */
const AREAS = [30, 43, 95, 62, 59, 29, 83, 79, 44, 98, 39, 106, 21, 52, 97, 35, 59, 91, 79, 37, 45, 48, 84, 93, 110, 82, 59, 47, 67, 62, 96, 92, 81, 44, 94, 42, 70, 94]; // prettier-ignore
const PRICES = [27264, 43026, 92030, 59215, 55371, 29412, 79246, 2500000, 42998, 89974, 39722, 105634, 24396, 57775, 90221, 35648, 58356, 88022, 77260, 37352, 48158, 47932, 82700, 90046, 104755, 79463, 55932, 48923, 67043, 59355, 99029, 88295, 74048, 39886, 87052, 36228, 69216, 86409]; // prettier-ignore

describe('prices in won, and a threshold of 1.35 won', () => {
  const columns = [Float64Array.from(AREAS)];
  const targets = Float64Array.from(PRICES, (price) => 1e4 * price);

  it('are fitted by the line of least deviations, to the last digit', async () => {
    const { deltas, last } = await stagesOf(continuationOf({ loss: 'huber', columns, targets }, 1.35));
    expect(last.status).toBe('converged');
    // By trial of all pairs of points, least absolute deviations; that δ is not 0 moves the line by less than a won.
    let least = Infinity;
    let line = { w: 0, b: 0 };
    for (let i = 0; i < AREAS.length; i++) {
      for (let j = 0; j < i; j++) {
        const [x, y] = [AREAS[i] as number, targets[i] as number];
        const w = (y - (targets[j] as number)) / (x - (AREAS[j] as number));
        const b = y - w * x;
        const sum = targets.reduce((all, price, k) => all + Math.abs(w * (AREAS[k] as number) + b - price), 0);
        if (Number.isFinite(w) && sum < least) [least, line] = [sum, { w, b }];
      }
    }
    expectClose(last.parameters, [line.w, line.b], { relative: 1e-7, because: 'δ moves a line by 1.35 of 1e8' });
    // No point is nearer to the true line than the pair that it goes through.
    const loss = (1.35 * least) / AREAS.length - 1.35 ** 2 / 2;
    expectClose([last.loss], [loss], { relative: 1e-8, because: 'the two points within δ have lost up to δ²/m' });
    expect(last.violation / (1.35 * 110)).toBeLessThan(1e-7);
    expect(deltas.length).toBeLessThan(20);
    expect(last.passes).toBeLessThan(100);
  });

  it('have the same line in other units', async () => {
    const { last } = await stagesOf(continuationOf({ loss: 'huber', columns, targets }, 1.35));
    for (const factor of [1e-12, 1e12]) {
      const scaled = { loss: 'huber', columns, targets: targets.map((y) => y * factor) } as const;
      const state = await runSteps(continuationOf(scaled, 1.35 * factor), 500);
      expectClose([state.loss / factor ** 2], [last.loss], { relative: 1e-12, because: 'both are exact' });
    }
  });
});

describe('the continuation', () => {
  it('has one stage where δ is of the size of the residuals', async () => {
    for (const huberDelta of [0.5, 1, 1.35, 1e6]) {
      const data = drawProblem(3, { loss: 'huber', m: 200, d: 5, rho: 0.5, effect: 0.3 });
      const { deltas, last } = await stagesOf(continuationOf(data, huberDelta));
      const names = data.columns.map((_, j) => `x${j}`);
      const expected = reweighted(new Dataset([...data.columns], data.targets, names, 'y'), {
        loss: 'huber',
        huberDelta,
      });
      expectClose(last.parameters, expected, { absolute: 1e-10, because: 'both have come to their rounding' });
      expect(deltas).toEqual([huberDelta]);
      expect(last.passes).toBeLessThanOrEqual(9);
    }
  });

  it.each([
    { m: 38, d: 1, rho: 0 },
    { m: 200, d: 5, rho: 0.5 },
    { m: 100, d: 5, rho: 0.9999 },
    { m: 300, d: 12, rho: 0.9 },
  ])('meets the optimality conditions at 0.01 and 1e-5 of the residuals: %o', async (size) => {
    for (const huberDelta of [1e-2, 1e-5]) {
      const data = drawProblem(3, { loss: 'huber', ...size });
      const { last } = await stagesOf(continuationOf(data, huberDelta));
      expect(last.status).toBe('converged');
      expect(last.huberDelta).toBe(huberDelta);
      expect(last.violation / huberDelta).toBeLessThan(1e-9);
      expect(last.passes).toBeLessThan(400);
    }
  });

  it('meets them with penalties, too', async () => {
    const data = drawProblem(3, { loss: 'huber', m: 200, d: 5, rho: 0.5 });
    for (const penalties of [{ l1: 2e-4 }, { l2: 1e-3 }, { l1: 1e-3, l2: 1e-3 }]) {
      const { last } = await stagesOf(continuationOf(data, 1e-2, penalties));
      expect(last.status).toBe('converged');
      expect(last.violation / 1e-2).toBeLessThan(1e-10);
    }
  });

  it('says that it runs until the last stage has ended', async () => {
    const data = drawProblem(3, { loss: 'huber', m: 60, d: 2 });
    const solver = continuationOf(data, 1e-3);
    let passes = 0;
    for (let k = 0; k < 200; k++) {
      const state = await solver.step();
      expect(state.passes).toBeGreaterThanOrEqual(passes);
      passes = state.passes;
      if (state.status === 'running') continue;
      expect(state.huberDelta).toBe(1e-3);
      return;
    }
    expect.unreachable('it ends');
  });

  it('ends at the rounding of sums in f32', async () => {
    const data = drawProblem(3, { loss: 'huber', m: 200, d: 5, rho: 0.5 });
    const { last: exact } = await stagesOf(continuationOf(data, 1e-2));
    const { last } = await stagesOf(continuationOf(data, 1e-2, { noise: 2 ** -23 }));
    expect(last.status).toBe('converged');
    const evaluate = new F64Evaluator(data).evaluate(last.parameters, { withHessian: false, huberDelta: 1e-2 });
    expect((await evaluate).loss / exact.loss - 1).toBeLessThan(1e-9);
  });
});
