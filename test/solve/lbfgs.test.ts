// L-BFGS and OWL-QN: against Newton's method, which shares no step with them, and on hard problems.

import { describe, expect, it } from 'vitest';
import { Lbfgs, type LbfgsOptions } from '../../src/solve/lbfgs.js';
import { LbfgsMemory } from '../../src/solve/lbfgs-memory.js';
import { Newton } from '../../src/solve/newton.js';
import type { IterationState } from '../../src/solve/iteration-state.js';
import { expectClose } from '../support/close.js';
import { normals, uniforms } from '../support/examples.js';
import type { EvaluatorData } from '../support/f64-evaluator.js';
import { drawProblem, evaluateOf, runSteps } from '../support/solver-problems.js';

const zeros = (data: EvaluatorData) => new Float64Array(data.columns.length + 1);

function lbfgsOf(data: EvaluatorData, options: Partial<LbfgsOptions> = {}): Lbfgs {
  const evaluate = evaluateOf(data);
  const plain = { start: zeros(data), l1: 0, l2: 0 };
  return new Lbfgs({ ...plain, evaluate: (parameters) => evaluate(parameters, false), ...options });
}

const newtonOf = (
  data: EvaluatorData,
  penalties: { l1?: number; l2?: number } = {},
  start: Float64Array = zeros(data),
) => new Newton({ start, evaluate: evaluateOf(data), l1: 0, l2: 0, ...penalties });

/** The excess of the objective over the least, as a share of it. */
async function excessOf(data: EvaluatorData, { parameters }: IterationState, penalties = {}): Promise<number> {
  const best = await runSteps(newtonOf(data, penalties));
  const there = await newtonOf(data, penalties, parameters).step();
  return (there.objective - best.objective) / best.objective;
}

const LOSSES = ['squared', 'logistic', 'huber'] as const;

describe('L-BFGS', () => {
  it.each(
    LOSSES.flatMap((loss) => [
      { loss, m: 9, d: 1, most: 15 },
      { loss, m: 100, d: 5, most: 35 },
      { loss, m: 257, d: 17, rho: 0.5, most: 90 },
    ]),
  )('comes to the optimum in a pass a step, mostly: %o', async ({ most, ...size }) => {
    const data = drawProblem(7, { ...size, effect: 0.5 });
    const state = await runSteps(lbfgsOf(data), 300);
    const best = await runSteps(newtonOf(data));
    const because = 'the slopes come to 2^-48 of their parts, with a condition number of tens';
    expectClose(state.parameters, best.parameters, { relative: 1e-11, absolute: 1e-12, because });
    expect(state.status).toBe('converged');
    expect(state.passes).toBeLessThanOrEqual(most);
    expect(state.passes).toBeLessThanOrEqual(1.5 * state.iterations + 4);
  });

  it.each(LOSSES)('%s with l1: has the same weights at 0 as the proximal Newton method', async (loss) => {
    for (const [l1, l2, rho] of [
      [0.02, 0, 0],
      [0.1, 0, 0.5],
      [0.02, 0.1, 0.9],
    ] as const) {
      const data = drawProblem(5, { loss, m: 200, d: 12, rho, effect: 0.2 });
      const state = await runSteps(lbfgsOf(data, { l1, l2 }), 1000);
      const best = await runSteps(newtonOf(data, { l1, l2 }));
      const because = 'where the objective is at its rounding, the weights are within the root of that';
      expectClose(state.parameters, best.parameters, { absolute: 1e-8, because });
      expect(Array.from(state.parameters, (w) => w === 0)).toEqual(Array.from(best.parameters, (w) => w === 0));
      expect(state.status).not.toBe('running');
      expect(state.objective / best.objective - 1).toBeLessThan(1e-14);
    }
  });

  it('counts l2 as part of the curvature', async () => {
    const data = drawProblem(5, { loss: 'squared', m: 200, d: 12, rho: 0.5 });
    for (const l2 of [0.1, 100]) {
      const state = await runSteps(lbfgsOf(data, { l2 }));
      const best = await runSteps(newtonOf(data, { l2 }));
      expectClose(state.parameters, best.parameters, {
        relative: 1e-10,
        absolute: 1e-12,
        because: 'both have converged',
      });
      expect(state.passes).toBeLessThan(45);
    }
  });

  it('has weights of exactly 0 with a great l1', async () => {
    for (const loss of LOSSES) {
      const data = drawProblem(4, { loss, m: 50, d: 6 });
      const start = Float64Array.of(1, -1, 2, 0, 0, 0.5, 0.1);
      const state = await runSteps(lbfgsOf(data, { start, l1: 1e3 }), 300);
      expect(Array.from(state.parameters.subarray(0, 6))).toEqual([0, 0, 0, 0, 0, 0]);
      expect(state.status).toBe('converged');
    }
  });

  // A condition number of the features of 400, and of its square, 1.6e5, of the Hessian.
  it.each(LOSSES)('%s: comes down to 1e-10 of the least objective at condition 400', async (loss) => {
    const data = drawProblem(7, { loss, m: 300, d: 20, rho: 1 - 1e-4, effect: 0.5 });
    const state = await runSteps(lbfgsOf(data), 1000);
    expect(await excessOf(data, state)).toBeLessThan(1e-10);
    expect(state.passes).toBeLessThan(700);
  });

  it('needs fewer steps with a diagonal that knows the units', async () => {
    const data = drawProblem(3, { loss: 'squared', m: 200, d: 6 });
    const units = [1e-2, 1e2, 1, 1e-1, 10, 1e-2];
    const scaled = { ...data, columns: data.columns.map((column, j) => column.map((x) => x * (units[j] as number))) };
    const diagonal = Float64Array.from([...units, 1], (unit) => unit ** 2);
    const [plain, known] = [await runSteps(lbfgsOf(scaled), 300), await runSteps(lbfgsOf(scaled, { diagonal }), 300)];
    expect(known.status).toBe('converged');
    expect(known.iterations).toBeLessThan(25);
    expect(known.iterations).toBeLessThan(plain.iterations / 3);
  });

  it('is blind to the units of targets, and to those that all features share', async () => {
    for (const loss of LOSSES) {
      const data = drawProblem(6, { loss, m: 80, d: 3, rho: 0.5, effect: 0.5 });
      const expected = await runSteps(lbfgsOf({ ...data, fitIntercept: false }));
      for (const [xs, ys] of [
        [1e12, 1],
        [1e-12, 1e12],
        [1e-6, 1e-12],
      ] as const) {
        const factor = loss === 'logistic' ? 1 : ys;
        const scaled = {
          ...data,
          fitIntercept: false,
          columns: data.columns.map((column) => column.map((x) => x * xs)),
          targets: data.targets.map((y) => y * factor),
        };
        const evaluate = evaluateOf(scaled, factor);
        const state = await runSteps(lbfgsOf(scaled, { evaluate: (parameters) => evaluate(parameters, false) }));
        const back = state.parameters.map((value) => (value * xs) / factor);
        expectClose(back, expected.parameters, { relative: 1e-10, absolute: 1e-12, because: 'both have converged' });
        expect(Math.abs(state.passes - expected.passes)).toBeLessThanOrEqual(3);
      }
    }
  });

  it('goes on where classes are separable, and stays finite', async () => {
    const x = Float64Array.of(-3, -2, -1.5, 1, 2, 2.5);
    const lbfgs = lbfgsOf({ loss: 'logistic', columns: [x], targets: x.map((value) => Number(value > 0)) });
    let state = await lbfgs.step();
    for (let k = 0; k < 30; k++) {
      const before = state;
      state = await lbfgs.step();
      expect(state.status).toBe('running');
      expect(state.objective).toBeLessThan(before.objective);
      expect(state.parameters.every(Number.isFinite)).toBe(true);
    }
  });

  it('ends at a perfect fit, a constant target, a start at the optimum, and with more features than examples', async () => {
    const { columns } = drawProblem(2, { loss: 'squared', m: 40, d: 3 });
    const [a] = columns as [Float64Array];
    for (const loss of ['squared', 'huber'] as const) {
      for (const targets of [a.map((value) => 3 * value + 10), a.map(() => 0.1), a.map(() => 0)]) {
        const state = await runSteps(lbfgsOf({ loss, columns, targets }), 300);
        expect(state.status).not.toBe('running');
        expect(state.objective).toBeLessThan(1e-25);
        const again = await runSteps(lbfgsOf({ loss, columns, targets }, { start: state.parameters }), 300);
        expect(again.status).not.toBe('running');
        expect(again.objective).toBeLessThanOrEqual(state.objective);
      }
    }
    const wide = drawProblem(5, { loss: 'squared', m: 6, d: 15 });
    const { loss, status } = await runSteps(lbfgsOf({ ...wide, columns: [...wide.columns, new Float64Array(6)] }), 300);
    expect(status).not.toBe('running');
    expect(loss).toBeLessThan(1e-24);
  });

  it.each(LOSSES)('%s: sums in f32 end near their rounding', async (loss) => {
    const data = drawProblem(9, { loss, m: 400, d: 5, rho: 0.5, effect: 0.5 });
    const noisy = { ...data, noise: 2 ** -23 };
    for (const penalties of [{}, { l1: 0.02 }]) {
      const state = await runSteps(lbfgsOf(noisy, { ...penalties, rounding: 2 ** -20 }), 500);
      expect(await excessOf(data, state, penalties)).toBeLessThan(1e-9);
      expect(state.status).toBe('converged');
      expect(state.passes).toBeLessThan(60);
      // Not told of the rounding, it cannot say that this is all.
      const silent = await runSteps(lbfgsOf(noisy, penalties), 500);
      expect(await excessOf(data, silent, penalties)).toBeLessThan(1e-9);
      expect(silent.status).toBe('stalled');
    }
  });

  it('shortens steps to where nothing is finite, and does without a start that is not', async () => {
    const data = drawProblem(2, { loss: 'logistic', m: 100, d: 2, effect: 3 });
    const plain = evaluateOf(data);
    const best = await runSteps(newtonOf(data));
    const radius = 1.01 * Math.max(...best.parameters.map(Math.abs));
    for (const l1 of [0, 1e-9]) {
      const evaluate = async (parameters: Float64Array) => {
        const evaluation = await plain(parameters, false);
        const isOut = parameters.some((value) => Math.abs(value) > radius);
        return isOut ? { ...evaluation, loss: Infinity, gradient: evaluation.gradient.map(() => NaN) } : evaluation;
      };
      const start = Float64Array.of(-radius, radius, radius);
      const state = await runSteps(lbfgsOf(data, { evaluate, start, l1 }), 300);
      expectClose(state.parameters, best.parameters, {
        relative: 1e-6,
        because: 'l1 moves it by 1e-9 of the curvature',
      });
    }
    const lost = await runSteps(lbfgsOf(data, { evaluate: async (p) => ({ ...(await plain(p, false)), loss: NaN }) }));
    expect(lost).toMatchObject({ status: 'stalled', passes: 1, parameters: zeros(data) });
  });

  it('may forget at any time', async () => {
    const data = drawProblem(7, { loss: 'logistic', m: 100, d: 5, effect: 0.5 });
    const lbfgs = lbfgsOf(data);
    let state = await lbfgs.step();
    for (let k = 0; k < 200 && state.status === 'running'; k++) {
      if (k % 7 === 0) lbfgs.restart();
      state = await lbfgs.step();
    }
    expect(state.status).toBe('converged');
    expect(await excessOf(data, state)).toBeLessThan(1e-14);
  });
});

describe('the memory', () => {
  /** y = H·s for a diagonal H and a part of rank 1. */
  const curved = (change: Float64Array) => {
    const sum = change.reduce((total, by) => total + by, 0);
    return change.map((by, j) => (j + 1) * by + sum);
  };

  it('turns what it knows of the gradient back into the change: the secant equation', () => {
    const memory = new LbfgsMemory(3);
    for (let k = 0; k < 5; k++) {
      const change = normals(k, 6);
      memory.add(change, curved(change));
      const back = memory.direction(curved(change)).map((by) => -by);
      expectClose(back, change, { relative: 1e-12, absolute: 1e-13, because: 'some products of numbers near 1' });
    }
    expect(memory.steepest).toBeGreaterThan(1);
    expect(memory.steepest).toBeLessThan(13); // the largest eigenvalue is less than 6 + 6
  });

  it('is the matrix that its pairs make one after the other by the formula of BFGS', () => {
    const size = 4;
    const pairs = [1, 2, 3].map((seed) => normals(seed, size)).map((s) => ({ s, y: curved(s) }));
    const memory = new LbfgsMemory(5);
    pairs.forEach(({ s, y }) => memory.add(s, y));
    const product = (a: Float64Array, b: Float64Array) =>
      a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
    const last = pairs[2] as (typeof pairs)[0];
    const scale = product(last.s, last.y) / product(last.y, last.y);
    // H ← (I − s·yᵀ/sᵀy)·H·(I − y·sᵀ/sᵀy) + s·sᵀ/sᵀy, applied to a vector.
    const apply = (k: number, vector: Float64Array): Float64Array => {
      if (k < 0) return vector.map((value) => scale * value);
      const { s, y } = pairs[k] as (typeof pairs)[0];
      const along = product(s, vector) / product(s, y);
      const inner = apply(k - 1, vector.map((value, j) => value - along * (y[j] as number))); // prettier-ignore
      const back = product(y, inner) / product(s, y);
      return inner.map((value, j) => value + (along - back) * (s[j] as number));
    };
    const gradient = uniforms(3, size);
    const expected = apply(2, gradient).map((value) => -value);
    expectClose(memory.direction(gradient), expected, {
      relative: 1e-12,
      absolute: 1e-13,
      because: 'the same products',
    });
  });

  it('leads down along any gradient, and takes no change without curvature', () => {
    const memory = new LbfgsMemory(3);
    const gradient = uniforms(3, 6);
    expect(memory.direction(gradient)).toEqual(gradient.map((slope) => -slope));
    memory.add(Float64Array.of(1, 0, 0, 0, 0, 0), Float64Array.of(-1, 0, 0, 0, 0, 0));
    memory.add(Float64Array.of(1, 0, 0, 0, 0, 0), Float64Array.of(0, 1, 0, 0, 0, 0));
    expect(memory.isEmpty).toBe(true);
    for (let k = 0; k < 9; k++) {
      memory.add(normals(k, 6), curved(normals(k, 6)));
      const direction = memory.direction(gradient);
      expect(direction.reduce((sum, by, j) => sum + by * (gradient[j] as number), 0)).toBeLessThan(0);
    }
    memory.clear();
    expect(memory.isEmpty).toBe(true);
  });
});
