import { goOn } from '../base/soon.js';
import type { RunState } from './backend.js';
import { ConjugateGradient, type Quadratic } from './conjugate.js';
import type { Updates } from './host-run.js';
import { penaltyOf, type StepSettings, Stepper } from './step.js';

/**
 * One update by all examples after the other, on the host in f64: by conjugate gradient or by the update rule. The loss is squared for
 * conjugate gradient, which asks for its curvature.
 */
export function fullBatchUpdates(loss: Quadratic, from: RunState, { rule, l2 }: StepSettings): Updates {
  if (rule?.optimizer === 'conjugateGradient') return new ConjugateGradient(loss, l2, from);
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  const gradient = new Float64Array(loss.featureCount + 1);
  const stepper = new Stepper(loss.featureCount + 1, from);
  return {
    isDone: false,
    perEpoch: 1,
    share: 1,
    step(parameters, next, settings) {
      return goOn(loss.gradient(parameters, gradient), (value) => {
        const objective = value + penaltyOf(parameters, settings);
        if (Number.isFinite(objective)) stepper.step(gradient, settings, parameters, next);
        return objective;
      });
    },
    optimizerState: () => (isPlain ? [] : stepper.optimizerState()),
  };
}
