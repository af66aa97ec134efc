// L-BFGS and OWL-QN against Newton's method, on the same problems.

import { describe, expect, it } from 'vitest';
import { LbfgsSolver, type LbfgsProblem } from '../../src/solve/lbfgs.js';
import { NewtonSolver } from '../../src/solve/newton-solver.js';
import type { Solver } from '../../src/solve/solver.js';
import { expectClose } from '../support/close.js';
import type { EvaluatorData } from '../support/f64-evaluator.js';
import { drawProblem, evaluateOf } from '../support/solver-problems.js';

const because = 'both stop where the gradient is a share of 1e-10 of the first, times the condition of the Hessian';

async function solve(solver: Solver, most = 2000): Promise<{ state: Solver['state']; steps: number }> {
  let steps = 0;
  while (solver.state.status === 'running' && steps < most) {
    await solver.step(undefined);
    steps++;
  }
  return { state: solver.state, steps };
}

const problemOf = (data: EvaluatorData, penalties = { l1: 0, l2: 0 }): LbfgsProblem => ({
  start: new Float64Array(data.columns.length + 1),
  evaluate: evaluateOf(data),
  ...penalties,
});

const PENALTIES = [
  { l1: 0, l2: 0 },
  { l1: 0, l2: 0.1 },
  { l1: 0.05, l2: 0 },
  { l1: 0.02, l2: 0.05 },
];

describe('L-BFGS', () => {
  const cases = (['squared', 'logistic', 'huber'] as const).flatMap((loss) =>
    PENALTIES.flatMap((penalties) => [
      { loss, m: 65, d: 3, rho: 0, penalties },
      { loss, m: 300, d: 17, rho: 0.8, penalties },
    ]),
  );

  it.each(cases)('is at the optimum of Newton’s method: %o', async ({ penalties, ...size }) => {
    const data = drawProblem(7, { ...size, effect: 0.5 });
    const problem = problemOf(data, penalties);
    const { state, steps } = await solve(new LbfgsSolver(problem));
    const { state: expected } = await solve(new NewtonSolver({ ...problem, evaluate: evaluateOf(data) }));
    expect(state.status).toBe('converged');
    expect(steps).toBeLessThan(300);
    expectClose(state.parameters, expected.parameters, { relative: 1e-7, absolute: 1e-8, because });
    const zeros = (values: Float64Array) => Array.from(values, (value) => value === 0);
    expect(zeros(state.parameters)).toEqual(zeros(expected.parameters));
  });

  it('sets every weight to exactly 0 where l1 outweighs all slopes', async () => {
    const data = drawProblem(3, { loss: 'squared', m: 50, d: 4 });
    const { state } = await solve(new LbfgsSolver(problemOf(data, { l1: 100, l2: 0 })));
    expect([...state.parameters.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
    expect(state.status).toBe('converged');
  });

  it('shortens a step to where the numbers are finite, and never holds a NaN', async () => {
    const data = drawProblem(3, { loss: 'squared', m: 50, d: 2 });
    const evaluate = evaluateOf(data);
    const problem: LbfgsProblem = {
      ...problemOf(data),
      evaluate: async (parameters) => {
        const evaluation = await evaluate(parameters, false);
        return Math.abs(parameters[0] as number) > 0.9 ? { ...evaluation, loss: Number.NaN } : evaluation;
      },
    };
    const { state } = await solve(new LbfgsSolver(problem), 200);
    expect(state.parameters.every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(state.objective)).toBe(true);
  });

  it('says that it is stalled where no step lowers the objective, and not that it has converged', async () => {
    // Higher and rising everywhere but at the start: no convex loss, as evaluations full of noise are none.
    const evaluate = (at: Float64Array) => {
      const isStart = at.every((value) => value === 0);
      const gradient = new Float64Array(2).fill(isStart ? 1 : -1);
      return Promise.resolve({ loss: isStart ? 1 : 2, gradient, hessian: null });
    };
    const { state } = await solve(new LbfgsSolver({ start: new Float64Array(2), evaluate, l1: 0, l2: 0 }), 20);
    expect(state.status).toBe('stalled');
  });

  it('ends at once at the optimum', async () => {
    const evaluate = () => Promise.resolve({ loss: 2, gradient: new Float64Array(3), hessian: null });
    const { state, steps } = await solve(new LbfgsSolver({ start: new Float64Array(3), evaluate, l1: 0, l2: 0 }));
    expect([state.status, steps]).toEqual(['converged', 1]);
  });
});
