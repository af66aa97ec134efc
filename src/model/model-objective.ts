import type { FitSettings } from '../options/specs.js';

/** The part of the objective that the statistics of a model depend on, beside its loss. */
export type ModelObjective = Pick<FitSettings, 'fitIntercept' | 'l1' | 'l2'>;

export function objectiveIn({ fitIntercept, l1, l2 }: FitSettings): ModelObjective {
  return { fitIntercept, l1, l2 };
}
