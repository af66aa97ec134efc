// A solver as a run: what it reports of its steps, its end and its time.

import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RunState } from '../../src/descent/backend.js';
import type { Solver, SolverState } from '../../src/solve/solver.js';
import { SolverRun } from '../../src/solve/solver-run.js';

const START = { epoch: 4, parameters: Float64Array.of(9), loss: 7 } as RunState;

const UNWATCHED = { signal: undefined, onProgress: undefined };

/** A solver whose steps lead to these objectives, and whose last one ends it. */
function solverTo(objectives: readonly number[], last: SolverState['status']): Solver {
  let steps = 0;
  return {
    name: 'newton',
    get state(): SolverState {
      const objective = objectives[steps - 1] ?? Number.NaN;
      const status = steps < objectives.length ? 'running' : last;
      return { parameters: Float64Array.of(steps), objective, gradient: Float64Array.of(0), excess: null, passes: steps, status }; // prettier-ignore
    },
    step: () => {
      steps += 1;
      return Promise.resolve();
    },
  };
}

afterEach(() => void vi.restoreAllMocks());

describe('a run of a solver', () => {
  it('adds up the time of its epochs alone, from 0', async () => {
    const times = [100, 104, 250, 251];
    vi.spyOn(performance, 'now').mockImplementation(() => times.shift() ?? Number.NaN);
    const run = new SolverRun(solverTo([3, 2, 1], 'converged'), START, { epochs: 10 });
    expect((await run.read()).timings).toEqual({ trainMs: 0, readbackMs: 0, gpuMs: null });
    await run.runEpochs(2, UNWATCHED);
    await run.runEpochs(1, UNWATCHED);
    expect((await run.read()).timings.trainMs).toBe(5);
  });

  it('reads the losses since the last reading, the state and the one before', async () => {
    const run = new SolverRun(solverTo([3, 2, 1], 'converged'), START, { epochs: 10 });
    await run.runEpochs(2, UNWATCHED);
    expect(await run.read()).toMatchObject({ epoch: 6, loss: 2, losses: Float64Array.of(3, 2), stopReason: null, parameters: Float64Array.of(2), previous: Float64Array.of(1) }); // prettier-ignore
    await run.runEpochs(5, UNWATCHED);
    expect(await run.read()).toMatchObject({ epoch: 7, loss: 1, losses: Float64Array.of(1), stopReason: 'converged' });
  });

  it('ends as the solver does, or after as many epochs as it may have', async () => {
    const reasonOf = async (status: SolverState['status'], epochs: number) => {
      const run = new SolverRun(solverTo([3, 2, 1], status), START, { epochs });
      await run.runEpochs(5, UNWATCHED);
      return (await run.read()).stopReason;
    };
    expect(await reasonOf('converged', 10)).toBe('converged');
    expect(await reasonOf('stalled', 10)).toBe('plateau');
    expect(await reasonOf('converged', 6)).toBe('epochs');
    expect(await reasonOf('converged', 7)).toBe('converged');
  });
});
