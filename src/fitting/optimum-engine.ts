// The ways to the optimum of a fit by descent: a part of its own in a bundle, which loads when it is used.

import { isStreamed } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import type { Evaluator } from '../descent/evaluation.js';
import { examplesOfSource } from '../solve/evaluated-examples.js';
import { type EvaluatedProblem, HostEvaluator, type TrainingUnits } from '../solve/host-evaluator.js';
import type { TrainingData } from './prepare-data.js';

export { cheapMoments, distanceToOptimum } from '../solve/distance-to-optimum.js';
export { findSeparation } from '../solve/separation.js';
export { newtonSolver } from '../solve/newton-solver.js';

/** The host's evaluator in the units of a trainer; null where the host cannot read the examples. */
export function hostEvaluatorOf(
  trainer: Evaluator & TrainingUnits,
  data: TrainingData | null,
  problem: EvaluatedProblem,
): HostEvaluator | null {
  if (trainer instanceof HostEvaluator) return trainer;
  if (data instanceof Dataset) return HostEvaluator.inUnitsOf(trainer, data, problem);
  if (!data || !isStreamed(data) || !data.surveyed) return null;
  return HostEvaluator.inUnitsOf(trainer, examplesOfSource(data, data.surveyed), problem);
}
