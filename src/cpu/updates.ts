import { goOn } from '../base/soon.js';
import type { ModelSettings, RunState } from '../descent/backend.js';
import type { Batches } from '../descent/batches.js';
import type { Updates } from '../descent/host-run.js';
import { penaltyOf, Stepper } from '../descent/step.js';
import type { ExamplePart, TrainingSums } from './training-sums.js';

/** The examples of a run: all at once, or the parts that mini-batches are. */
export interface UpdateParts {
  whole: ExamplePart;
  /** The batches and their parts; null for the full batch. */
  mini: { batches: Batches; parts: readonly ExamplePart[] } | null;
}

/**
 * The updates of descent on examples: loss and gradient of all, or of one batch after the other. The rate goes with how
 * much a batch counts, so that over an epoch every example has the same say.
 */
export function gradientUpdates(
  sums: TrainingSums,
  { whole, mini }: UpdateParts,
  from: RunState,
  { rule }: Pick<ModelSettings, 'rule'>,
): Updates & { share: number } {
  const perEpoch = mini?.batches.count ?? 1;
  const isPlain = !rule || (rule.optimizer === 'gradientDescent' && rule.averageFrom === Infinity);
  const stepper = new Stepper(sums.featureCount + 1, from, perEpoch);
  const gradient = new Float64Array(sums.featureCount + 1);
  const nextPart = (): ExamplePart => {
    if (!mini) return whole;
    const { updates } = stepper;
    return mini.parts[mini.batches.at(updates % perEpoch, Math.floor(updates / perEpoch))] as ExamplePart;
  };
  return {
    isDone: false,
    perEpoch,
    share: 1,
    step(parameters, next, settings) {
      const part = nextPart();
      this.share = part.count / whole.count;
      const pace = mini ? (this.share * mini.batches.rows.length) / mini.batches.size : 1;
      const take = (loss: number): number => {
        const objective = loss + penaltyOf(parameters, settings);
        const paced = pace === 1 ? settings : { ...settings, learningRate: pace * settings.learningRate };
        if (Number.isFinite(objective)) stepper.step(gradient, paced, parameters, next);
        return objective;
      };
      return goOn(sums.gradient(parameters, gradient, part), take);
    },
    optimizerState: () => (isPlain ? [] : stepper.optimizerState()),
  };
}
