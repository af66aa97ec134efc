import type { Evaluator } from '../descent/evaluation.js';
import type { SolverName } from '../options/names.js';
import { IterativeSolver } from './iterative-solver.js';
import { Newton } from './newton.js';
import type { Penalties } from './optimality.js';

/** An objective on an evaluator, and where its minimization begins. */
export interface SolverProblem extends Penalties {
  evaluator: Evaluator;
  start: Float64Array; // [d + 1]
  huberDelta: number;
  rounding?: number | undefined;
}

/** Newton's method; `reuseHessian` where it is the same everywhere, `hessian` where it is known. */
export function newtonSolver(
  { evaluator, huberDelta, ...problem }: SolverProblem,
  reuseHessian: boolean,
  hessian?: Float64Array | null,
): IterativeSolver {
  return new IterativeSolver(newtonName(problem), problem.start, (signalNow) => {
    const evaluate = (parameters: Float64Array, withHessian: boolean) =>
      evaluator.evaluate(parameters, { withHessian, huberDelta, signal: signalNow() });
    return new Newton({ ...problem, floor: evaluator.lossFloor, reuseHessian, hessian, evaluate, signalNow });
  });
}

/** Newton's method by the name that reports state. */
export const newtonName = ({ l1 }: Penalties): SolverName => (l1 > 0 ? 'proximalNewton' : 'newton');
