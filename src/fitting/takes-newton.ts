import type { FitSettings } from '../options/specs.js';

/** The objective of a solver, and the solver that was asked for. */
export type SolverSettings = Pick<FitSettings, 'loss' | 'huberDelta' | 'l1' | 'l2' | 'optimizer'>;

/** A problem by its size; the number of examples is left out where it is large or not known. */
interface ProblemSize {
  featureCount: number;
  exampleCount?: number | undefined;
}

/**
 * More features than this: a Hessian takes as long as so many halves of a gradient, and its solution d³/6 multiply-adds,
 * where L-BFGS needs some tens to hundreds of gradients, and thousands where features depend on one another.
 */
const MOST_NEWTON_FEATURES = { squared: 512, other: 256 };

/** Multiply-adds of a step of Newton's method that are few whatever the number of features: a tenth of a second. */
const LITTLE_WORK = 1e8;

/** True for Newton's method, false for L-BFGS. */
export function takesNewton({ loss, optimizer }: SolverSettings, { featureCount, exampleCount }: ProblemSize): boolean {
  if (optimizer !== 'auto') return optimizer === 'newton';
  if (featureCount <= MOST_NEWTON_FEATURES[loss === 'squared' ? 'squared' : 'other']) return true;
  return exampleCount !== undefined && newtonStepWork(featureCount, exampleCount) <= LITTLE_WORK;
}

/** The Hessian, and its factor. */
const newtonStepWork = (d: number, m: number): number => (m * d ** 2) / 2 + d ** 3 / 6;
