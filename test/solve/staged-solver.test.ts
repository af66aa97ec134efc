// Stages one after another: the state is that of the last, and the passes are those of all.

import { describe, expect, it } from 'vitest';
import type { Solver, SolverState } from '../../src/solve/solver.js';
import { type Stage, StagedSolver } from '../../src/solve/staged-solver.js';

/** A solver that takes these passes, step by step, and then ends; each step adds 1 to its parameter. */
function solverOf(start: number, passes: readonly number[], status: 'converged' | 'stalled' = 'converged'): Solver {
  let steps = 0;
  return {
    name: 'newton',
    get state(): SolverState {
      return {
        parameters: Float64Array.of(start + steps),
        objective: steps === 0 ? Number.NaN : 10 - steps,
        gradient: Float64Array.of(0),
        excess: null,
        passes: passes.slice(0, steps).reduce((sum, count) => sum + count, 0),
        status: steps < passes.length ? 'running' : status,
      };
    },
    step: () => {
      steps++;
      return Promise.resolve();
    },
  };
}

async function statesOf(solver: Solver): Promise<SolverState[]> {
  const states: SolverState[] = [];
  while (solver.state.status === 'running') {
    await solver.step(undefined);
    states.push(solver.state);
  }
  return states;
}

describe('stages', () => {
  it('go on from where the one before ended, and add up their passes', async () => {
    const second: Stage = ([start = Number.NaN]) => Promise.resolve(solverOf(start, [5], 'stalled'));
    const states = await statesOf(new StagedSolver(solverOf(7, [2, 1]), [second]));
    expect(states.map(({ parameters }) => parameters[0])).toEqual([8, 9, 10]);
    expect(states.map(({ passes }) => passes)).toEqual([2, 3, 8]);
    expect(states.map(({ status }) => status)).toEqual(['running', 'running', 'stalled']);
  });

  it('end with the first where no other has anything to add', async () => {
    const none: Stage = () => Promise.resolve(null);
    const states = await statesOf(new StagedSolver(solverOf(0, [4]), [none, none]));
    expect(states.map(({ passes, status }) => ({ passes, status }))).toEqual([{ passes: 4, status: 'converged' }]);
  });
});
