import type { Role } from '../descent/backend.js';
import type { Beginning } from '../descent/start.js';
import type { FittedModel } from '../model/fitted-model.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import type { FitOptions } from './fit-options.js';
import type { ModelSettingsInForce } from './many-options.js';

/** One of several models before it is trained. */
export interface ModelPlan {
  role: Role;
  settings: FitSettings;
  beginning: Beginning;
  /** The options that `beginning` came from. */
  start: Pick<FitOptions, 'initialParameters' | 'warmStart'>;
}

/** The options that say where a model begins, without those that are left out. */
export function givenStart({
  initialParameters,
  warmStart,
}: Pick<ModelSettingsInForce, 'initialParameters' | 'warmStart'>): ModelPlan['start'] {
  return { ...(initialParameters && { initialParameters }), ...(warmStart && { warmStart }) };
}

/** One of several models that gradient descent trains. */
export interface DescentPlan extends ModelPlan {
  settings: DescentOptions;
  /** The settings with δ as it was given. */
  asked: FitSettings;
}

export interface TrainedModels {
  models: FittedModel[];
  /** The loss of each model over the fold that it did not see; null where it saw all examples. */
  validationLosses: (number | null)[];
}
