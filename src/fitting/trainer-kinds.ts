import type { Evaluator } from '../descent/evaluation.js';
import type { LeastSquaresTrainer } from './least-squares-trainer.js';
import type { SolverTrainer } from './solver-trainer.js';

// The classes themselves would bring all solvers into a bundle that only descends.

/** True for the trainer of an exact solution. */
export function isLeastSquares(trainer: Evaluator): trainer is LeastSquaresTrainer {
  return (trainer as Partial<LeastSquaresTrainer>).kind === 'leastSquares';
}

/** True for the trainer of an iterative solver. */
export function isSolver(trainer: Evaluator): trainer is SolverTrainer {
  return (trainer as Partial<SolverTrainer>).kind === 'solver';
}
