import type { FitSettings } from '../options/specs.js';

/** The objective of a solver, and the solver that was asked for. */
export type SolverSettings = Pick<FitSettings, 'loss' | 'huberDelta' | 'l1' | 'l2' | 'optimizer'>;

/**
 * More features than this: a Hessian takes as long as so many halves of a gradient, and its solution d³/6 multiply-adds,
 * where L-BFGS needs some tens to hundreds of gradients.
 */
const MOST_NEWTON_FEATURES = { squared: 512, other: 256 };

/** True for Newton's method, false for L-BFGS. */
export function takesNewton({ loss, optimizer }: SolverSettings, featureCount: number): boolean {
  if (optimizer !== 'auto') return optimizer === 'newton';
  return featureCount <= MOST_NEWTON_FEATURES[loss === 'squared' ? 'squared' : 'other'];
}
