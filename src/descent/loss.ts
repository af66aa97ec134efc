import type { Loss } from '../options/names.js';
import { LEAST_SQUARES, type Objective } from '../options/objective.js';

/**
 * The largest second derivative of the loss by the prediction: the curvature of the loss is never more than this times
 * H = 1/m·[X 1]ᵀ[X 1]. Of the squared loss it is 1 everywhere, of Huber's 1 within ±δ and 0 beyond, of the logistic
 * σ(1 − σ), at most 1/4 (Böhning, "Multinomial logistic regression algorithm", Annals of the Institute of Statistical
 * Mathematics 44 (1992), 197–200).
 */
export const MOST_CURVATURE: Record<Loss, number> = { squared: 1, huber: 1, logistic: 1 / 4 };

/** True if the mean is subtracted from the targets. The labels of the logistic loss stay 0 and 1. */
export function centersTargets({ loss, fitIntercept }: Objective, standardize: boolean): boolean {
  return standardize && fitIntercept && loss !== 'logistic';
}

/** The objective, with the defaults filled in. */
export function objectiveOf(options: Partial<Objective>): Objective {
  const { loss, huberDelta, fitIntercept } = { ...LEAST_SQUARES, ...options };
  return { loss, huberDelta, fitIntercept };
}
