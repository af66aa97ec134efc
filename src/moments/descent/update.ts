import type { RunState } from '../../descent/backend.js';
import { ConjugateGradient } from '../../descent/conjugate.js';
import type { Updates } from '../../descent/host-run.js';
import { penaltyOf, type StepSettings, Stepper } from '../../descent/step.js';
import type { SquaredLoss } from '../squared-loss.js';

/** One epoch after the other on moments alone: d² multiply-adds each, and nothing allocated in most. */
export function momentsUpdates(loss: SquaredLoss, from: RunState, { rule, l2 }: StepSettings): Updates {
  if (rule?.optimizer === 'conjugateGradient') return new ConjugateGradient(loss, l2, from);
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  const gradient = new Float64Array(loss.featureCount + 1);
  const stepper = new Stepper(loss.featureCount + 1, from);
  return {
    isDone: false,
    perEpoch: 1,
    share: 1,
    step(parameters, next, settings) {
      const objective = loss.gradient(parameters, gradient) + penaltyOf(parameters, settings);
      if (Number.isFinite(objective)) stepper.step(gradient, settings, parameters, next);
      return objective;
    },
    optimizerState: () => (isPlain ? [] : stepper.optimizerState()),
  };
}
