import { ConjugateGradient } from '../descent/conjugate.js';
import type {
  RunSettings,
  ManyRun,
  ManyTrainer,
  ModelSettings,
  Parameters,
  PointsRun,
  Role,
  Run,
  RunResult,
  RunState,
  Start,
} from '../descent/backend.js';
import type { Batches } from '../descent/batches.js';
import { EarlyStopping } from '../descent/early-stopping.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import { HostRun } from '../descent/host-run.js';
import { initialState, trainToEnd } from '../descent/run.js';
import { trainOneByOne } from '../descent/train-one-by-one.js';
import type { Objective } from '../options/objective.js';
import { isTurnOver, nextTurn } from '../base/turns.js';
import { StoredEvaluator } from './evaluate.js';
import type { KernelKind } from './kernels/module.js';
import type { StoredExamples } from './store.js';
import type { RowRange } from './threads/threads.js';
import { curvatureOf, type ExamplePart, partOf, quadraticOf, TrainingSums } from './training-sums.js';
import { gradientUpdates, type UpdateParts } from './updates.js';

/** Examples that are ready for training. */
export interface TrainerParts {
  examples: StoredExamples;
  objective: Objective;
  /** The rows of each fold, one fold after the other; none where every model sees all examples. */
  folds: readonly RowRange[];
  /** The batches that the examples are stored in, and the largest squared norm of one; null for the full batch. */
  mini: { batches: Batches; largestSquare: number } | null;
  validation: StoredExamples | null;
}

/**
 * Residuals in f32 are off by some 2^-24 of the targets' size, and a loss under the square of that is all rounding: descent
 * would go on from one such loss to the next without end.
 */
const ROUNDING_SHARE = 2 ** -46;

/** Numbers read between two looks at the clock: a tenth of a millisecond, which hides the look. */
const NUMBERS_PER_LOOK = 2 ** 18;

/** Trains on stored examples, one model after another. */
export class CpuTrainer implements ManyTrainer, Evaluator {
  readonly kernels: 'wasm' | 'loops';
  readonly threads: number;
  readonly warnings = [];
  readonly featureCount: number;
  readonly largestSquare: number | null;
  readonly constantFeatures: readonly number[];
  readonly #parts: TrainerParts;
  readonly #evaluator: StoredEvaluator;
  readonly #sums = new Map<string, Promise<TrainingSums>>();

  constructor(parts: TrainerParts) {
    const { examples, objective, mini } = parts;
    const { columns } = examples.standardization;
    this.#parts = parts;
    this.kernels = examples.threads.kernels;
    this.threads = examples.threads.parts.length;
    this.featureCount = columns.length;
    this.largestSquare = mini?.largestSquare ?? null;
    this.constantFeatures = columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
    this.#evaluator = new StoredEvaluator(examples, objective.loss);
  }

  async curvature(direction: Float64Array, validationFold: number | null = null): Promise<Float64Array> {
    const sums = await this.#sumsOf({ loss: 'squared', hasTargets: false });
    return curvatureOf(sums, direction, this.#partOf({ target: 0, validationFold }));
  }

  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    return this.#evaluator.evaluate(parameters, options);
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  async begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const { examples, mini, validation } = this.#parts;
    const whole = this.#partOf({ target: 0, validationFold: null });
    const batches = mini && {
      batches: mini.batches,
      parts: Array.from({ length: mini.batches.count }, (_, k) => partOf(examples, [mini.batches.range(k)], 0)),
    };
    const lossAt = validation && (await this.#validationLoss(validation));
    return this.#begin({ whole, mini: batches }, from, settings, lossAt && new EarlyStopping(lossAt, from));
  }

  runAll(starts: readonly Start[], watch: ManyRun): Promise<RunResult[]> {
    const begin = ({ role, settings }: Start, from: RunState) =>
      this.#begin({ whole: this.#partOf(role), mini: null }, from, settings, null);
    return trainOneByOne(starts, begin, watch);
  }

  async losses(
    points: readonly Float64Array[],
    { target, fold }: { target: number; fold: number | null },
    { signal, onProgress }: PointsRun,
  ): Promise<Float64Array> {
    const { examples, folds, objective } = this.#parts;
    const ranges = fold === null ? [{ first: 0, end: examples.count }] : [folds[fold] as RowRange];
    const part = partOf(examples, ranges, target);
    const sums = await this.#sumsOf({ loss: objective.loss, hasTargets: true });
    const gradient = new Float64Array(this.featureCount + 1);
    const found = new Float64Array(points.length);
    for (const [k, point] of points.entries()) {
      const loss = await sums.gradient(point, gradient, part);
      found[k] = Number.isNaN(loss) ? Infinity : loss;
      if (!isTurnOver() && k < points.length - 1) continue;
      onProgress?.(k + 1);
      await nextTurn(signal);
    }
    return found;
  }

  toCallerUnits(parameters: Float64Array, target = 0): Parameters {
    return this.#parts.examples.standardization.toCallerUnits(parameters, target);
  }

  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }, target = 0): Float64Array {
    return this.#parts.examples.standardization.toTrainingUnits(parameters, target);
  }

  dispose(): void {
    this.#parts.examples.threads.dispose();
    this.#parts.validation?.threads.dispose();
  }

  async #begin(
    parts: UpdateParts,
    from: RunState,
    settings: ModelSettings,
    validation: EarlyStopping | null,
  ): Promise<Run> {
    const { examples, objective } = this.#parts;
    const { standardization, count } = examples;
    const learned = (parameters: Float64Array) => standardization.learned(parameters);
    const begun = { ...from, parameters: learned(from.parameters), previous: learned(from.previous) };
    const isConjugate = settings.rule?.optimizer === 'conjugateGradient';
    const kind = { loss: objective.loss, hasTargets: true, isPrecise: isConjugate };
    const sums = await this.#sumsOf(kind);
    const rowsPerUpdate = parts.mini?.batches.size ?? count;
    return new HostRun(
      isConjugate
        ? await this.#conjugate(sums, parts.whole, from, settings)
        : gradientUpdates(sums, parts, from, settings),
      begun,
      settings,
      {
        ...(validation && { validation }),
        roundingLoss: await this.#roundingLoss(sums, parts.whole),
        updatesPerLook: Math.ceil(NUMBERS_PER_LOOK / (rowsPerUpdate * (this.featureCount + 1))),
      },
    );
  }

  /** The loss that arithmetic in f32 may leave of the loss at parameters of 0. */
  async #roundingLoss(sums: TrainingSums, whole: ExamplePart): Promise<number> {
    const { examples, objective } = this.#parts;
    if (examples.threads.shape.storedBytes === 8 || objective.loss === 'logistic') return 0;
    const zeros = new Float64Array(this.featureCount + 1);
    return ROUNDING_SHARE * (await sums.gradient(zeros, zeros.slice(), whole));
  }

  /** The steps of conjugate gradient; sums in f64 let them come to an end. */
  async #conjugate(sums: TrainingSums, part: ExamplePart, from: RunState, { l2 }: ModelSettings) {
    const curvature = await this.#sumsOf({ loss: 'squared', hasTargets: false, isPrecise: true });
    return new ConjugateGradient(quadraticOf(sums, curvature, part), l2, from);
  }

  /** The training examples of a model in this role. */
  #partOf({ target, validationFold }: Role): ExamplePart {
    const { examples, folds } = this.#parts;
    const end = examples.count;
    const fold = validationFold === null ? undefined : folds[validationFold];
    const ranges = fold
      ? [
          { first: 0, end: fold.first },
          { first: fold.end, end },
        ]
      : [{ first: 0, end }];
    return partOf(examples, ranges, target);
  }

  async #validationLoss(examples: StoredExamples) {
    const { objective } = this.#parts;
    const kind = { loss: objective.loss, hasTargets: true, isPrecise: false, withHessian: false };
    const sums = await TrainingSums.of(examples, kind, objective.huberDelta);
    const part = partOf(examples, [{ first: 0, end: examples.count }], 0);
    const gradient = new Float64Array(this.featureCount + 1);
    return (parameters: Float64Array) => sums.gradient(parameters, gradient, part);
  }

  #sumsOf(asked: Pick<KernelKind, 'loss' | 'hasTargets'> & Partial<KernelKind>): Promise<TrainingSums> {
    const { examples, objective } = this.#parts;
    const kind = { isPrecise: false, withHessian: false, ...asked };
    const key = JSON.stringify(kind);
    const sums = this.#sums.get(key) ?? TrainingSums.of(examples, kind, objective.huberDelta);
    this.#sums.set(key, sums);
    return sums;
  }
}
