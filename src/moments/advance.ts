import { ConjugateGradient } from './conjugate.js';
import type { SquaredLoss } from './squared-loss.js';
import { penaltyOf, type StepSettings, Stepper } from './step.js';

/** What makes one epoch after the other of a model. */
export interface Advance {
  /** Whether there is nothing left to do. */
  readonly isDone: boolean;
  /** One epoch: parameters [d + 1] in and out. Returns the objective, or what is not finite and writes nothing. */
  step(parameters: Float64Array, next: Float64Array): number;
  /** [d + 1] the average of the parameters after each epoch; null where there is none. */
  average(): Float64Array | null;
}

export function advanceBy(loss: SquaredLoss, settings: StepSettings): Advance {
  if (settings.rule?.optimizer !== 'conjugateGradient') return byGradients(loss, settings);
  const conjugate = new ConjugateGradient(loss, settings.l2);
  return {
    get isDone() {
      return conjugate.isDone;
    },
    step: (parameters, next) => conjugate.step(parameters, next),
    average: () => null,
  };
}

function byGradients(loss: SquaredLoss, settings: StepSettings): Advance {
  const size = loss.featureCount + 1;
  const gradient = new Float64Array(size);
  const stepper = new Stepper(settings, size);
  return {
    isDone: false,
    step(parameters, next) {
      const objective = loss.gradient(parameters, gradient) + penaltyOf(parameters, settings);
      if (Number.isFinite(objective)) stepper.step(gradient, parameters, next);
      return objective;
    },
    average: () => stepper.average(),
  };
}
