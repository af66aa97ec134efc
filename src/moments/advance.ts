import type { DescentState } from '../backend.js';
import { ConjugateGradient } from './conjugate.js';
import type { SquaredLoss } from './squared-loss.js';
import { penaltyOf, type StepSettings, Stepper } from './step.js';

/** What makes one epoch after the other of a model. */
export interface Advance {
  /** Whether there is nothing left to do. */
  readonly isDone: boolean;
  /** One epoch: parameters [d + 1] in and out. Returns the objective, or what is not finite and writes nothing. */
  step(parameters: Float64Array, next: Float64Array, settings: StepSettings): number;
  /** As `DescentState.memory`. */
  memory(parameters: Float64Array): Float64Array[];
}

export function advanceBy(loss: SquaredLoss, from: DescentState, { rule, l2 }: StepSettings): Advance {
  if (rule?.optimizer === 'conjugateGradient') return new ConjugateGradient(loss, l2, from);
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  const gradient = new Float64Array(loss.featureCount + 1);
  const stepper = new Stepper(loss.featureCount + 1, from);
  return {
    isDone: false,
    step(parameters, next, settings) {
      const objective = loss.gradient(parameters, gradient) + penaltyOf(parameters, settings);
      if (Number.isFinite(objective)) stepper.step(gradient, settings, parameters, next);
      return objective;
    },
    memory: () => (isPlain ? [] : stepper.memory()),
  };
}
