// An iteration as a solver: its state before the first step, and what each step hands on.

import { describe, expect, it } from 'vitest';
import { IterativeSolver } from '../../src/solve/iterative-solver.js';
import { newtonName } from '../../src/solve/newton-solver.js';

const START = Float64Array.of(3, -1);

/** An iteration of one step, which found these numbers. */
function stepped(decrement: number): IterativeSolver {
  const found = { parameters: Float64Array.of(4, 0), objective: 2, gradient: Float64Array.of(0, 0.5), loss: 1, violation: 0, iterations: 1, passes: 3 }; // prettier-ignore
  const iteration = { step: () => Promise.resolve({ ...found, decrement, status: 'converged' as const }) };
  return new IterativeSolver('newton', START, () => iteration);
}

describe('an iteration as a solver', () => {
  it('has read nothing and knows nothing before its first step', () => {
    const { state } = stepped(1);
    expect(state).toEqual({ parameters: START, objective: Number.NaN, gradient: Float64Array.of(0, 0), excess: null, passes: 0, status: 'running' }); // prettier-ignore
    expect(state.parameters).not.toBe(START);
  });

  it('hands on what a step found, and the decrement if it is a number', async () => {
    for (const [decrement, excess] of [
      [0.25, 0.25],
      [0, 0],
      [Infinity, null],
      [Number.NaN, null],
    ] as const) {
      // prettier-ignore
      const solver = stepped(decrement);
      await solver.step(undefined);
      expect(solver.state).toEqual({ parameters: Float64Array.of(4, 0), objective: 2, gradient: Float64Array.of(0, 0.5), excess, passes: 3, status: 'converged' }); // prettier-ignore
    }
  });

  it('is called proximal with l1 alone', () => {
    expect([newtonName({ l1: 0, l2: 1 }), newtonName({ l1: 1e-9, l2: 0 })]).toEqual(['newton', 'proximalNewton']);
  });
});
