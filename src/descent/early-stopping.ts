import type { BestState, RunState, ModelSettings } from './backend.js';
import { goOn, type Soon } from '../base/soon.js';
import { resultOf } from './optimizers.js';

/** The state after an epoch, for validation. */
export interface ValidatedEpoch {
  /** Epochs finished. */
  epoch: number;
  /** [d + 1] in training units. */
  parameters: Float64Array;
  /** The optimizer state, in the order of `RunState.optimizerState`, which includes the average. */
  optimizerState: () => readonly Float64Array[];
}

/**
 * Validates epochs by the loss of the validation examples: keeps the best, and says which were quiet. The twin of
 * shaders/validation/validation_model.wgsl and shaders/validation/validation_loss.wgsl; descent on moments is validated by it too.
 */
export class EarlyStopping {
  /** The best epoch so far. */
  best: BestState | undefined;
  readonly #lossAt: (parameters: Float64Array) => Soon<number>;
  #losses: number[] = [];

  /** `lossAt` is the loss of the validation examples at parameters [d + 1] in training units. */
  constructor(lossAt: (parameters: Float64Array) => Soon<number>, { best }: Pick<RunState, 'best'>) {
    this.#lossAt = lossAt;
    this.best = best;
  }

  /**
   * Validates the model that an epoch left: the average, once there is one. The epoch was quiet if the loss is less than the
   * smallest so far by no more than the tolerance's share of that; the first never is. null where the loss is no finite
   * number, which is kept nowhere.
   */
  validate(
    { epoch, parameters, optimizerState }: ValidatedEpoch,
    { tolerance, rule }: Pick<ModelSettings, 'tolerance' | 'rule'>,
  ): Soon<boolean | null> {
    const hasAverage = rule !== undefined && epoch > rule.averageFrom;
    const model = hasAverage ? resultOf({ epoch, parameters, optimizerState: optimizerState() }, rule) : parameters;
    return goOn(this.#lossAt(model), (loss) => {
      if (!Number.isFinite(loss)) return null;
      this.#losses.push(loss);
      const before = this.best?.loss;
      if (before === undefined || loss < before) this.best = { epoch, loss, parameters: model.slice() };
      return before !== undefined && before - loss <= tolerance * before;
    });
  }

  /** Epochs that were validated since the losses were last taken. */
  get count(): number {
    return this.#losses.length;
  }

  /** Their losses, from one of them on. */
  since(first: number): Float64Array {
    return Float64Array.from(this.#losses.slice(first));
  }

  /** Their losses, which are then no longer kept. */
  take(): Float64Array {
    const losses = this.since(0);
    this.#losses = [];
    return losses;
  }
}
