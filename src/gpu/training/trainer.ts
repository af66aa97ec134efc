import type {
  RunResult,
  RunSettings,
  RunState,
  ManyRun,
  ManyTrainer,
  ModelProgress,
  ModelSettings,
  Parameters,
  PointsRun,
  Role,
  Run,
  Start,
} from '../../descent/backend.js';
import { initialState, trainToEnd } from '../../descent/run.js';
import type { EvaluateOptions, Evaluation } from '../../descent/evaluation.js';
import type { Objective } from '../../options/objective.js';
import type { Loss } from '../../options/names.js';
import type { FitReport, FitWarning } from '../../descent/report.js';
import type { MiniBatches } from '../examples/mini-batches.js';
import { Buffers } from '../device/buffers.js';
import type { GpuContext } from '../device/device.js';
import { groupsOf } from '../kernels/model-list.js';
import { QUAD_BYTES } from '../kernels/layout.js';
import { DeviceEvaluator } from '../evaluate/evaluator.js';
import { findLosses } from '../evaluate/losses.js';
import type { UploadedFolds } from '../examples/upload-folds.js';
import type { Recipe } from './recipe.js';
import { Slices } from '../device/submits.js';
import type { Standardization } from '../../descent/standardization.js';
import { isConjugate } from './optimizer-state.js';
import type { CompiledRecipe, Validators, DeviceTrainingData, TrainingOptions } from './prepare-run.js';
import { countOf, sharesOf } from './shares.js';
import { TrainingRun } from './training-run.js';
import type { Shard, UploadedDataset } from '../examples/upload.js';
import { compileValidationKernels } from './validation.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The source of a trainer's kernels. */
export interface RecipeSource {
  name: Recipe['name'];
  /** Warnings about the choice of the kernels. */
  warnings: readonly FitWarning[];
  share: Recipe['share'];
  /** The recipe that trains these models together. */
  recipeFor(roles: readonly Role[], request: RecipeRequest): Promise<CompiledRecipe>;
}

/** The properties of a requested recipe. */
export interface RecipeRequest {
  loss: Loss;
  /** True if the steps are those of conjugate gradient, false if those of `update`. */
  isConjugate: boolean;
  /** True if an update uses a mini-batch. */
  inBatches: boolean;
  /** True if it must be for one model and have a pass over the examples of its own; default false. */
  needsPass?: boolean;
}

/** One model that sees all examples. */
const ALONE: Role = { target: 0, validationFold: null };

/** Trains on a dataset that is on the device, one model or several at a time. */
export class GpuTrainer implements ManyTrainer {
  readonly largestSquare: number | null;
  readonly #recipes: RecipeSource;
  readonly #on: DeviceTrainingData;
  /** Buffers that live as long as this trainer. */
  readonly #allocator: Buffers;
  readonly #zeros = new Map<Shard | null, GPUBuffer>();
  #evaluator: DeviceEvaluator | undefined;

  constructor(
    context: GpuContext,
    recipes: RecipeSource,
    data: UploadedFolds,
    standardization: Standardization,
    objective: Objective,
    { validationData, mini }: { validationData?: UploadedDataset | undefined; mini?: MiniBatches | null } = {},
  ) {
    this.#recipes = recipes;
    const slices = new Slices(context);
    this.#on = { context, slices, data, validationData, standardization, objective, ...(mini && { mini }) };
    this.largestSquare = mini?.largestSquare ?? null;
    this.#allocator = new Buffers(context.device);
  }

  get kernels(): Recipe['name'] {
    return this.#recipes.name;
  }

  get tuning(): FitReport['tuning'] {
    const { isTuned, tuning } = this.#on.context;
    return isTuned ? { ...tuning } : null;
  }

  get warnings(): readonly FitWarning[] {
    return this.#recipes.warnings;
  }

  get constantFeatures(): number[] {
    return this.#on.standardization.columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
  }

  toCallerUnits(parameters: Float64Array, target = 0): Parameters {
    return this.#on.standardization.toCallerUnits(parameters, target);
  }

  toTrainingUnits(parameters: { weights: ArrayLike<number>; bias: number }, target = 0): Float64Array {
    return this.#on.standardization.toTrainingUnits(parameters, target);
  }

  get featureCount(): number {
    return this.#on.data.featureCount;
  }

  /** Evaluates over all examples, in training by mini-batches too, and for the first column of targets. */
  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation> {
    const { loss } = this.#on.objective;
    const asked = { loss, isConjugate: false, inBatches: false, needsPass: true };
    this.#evaluator ??= new DeviceEvaluator(this.#on, () => this.#recipes.recipeFor([ALONE], asked));
    return this.#evaluator.evaluate(parameters, options);
  }

  /**
   * One epoch of the squared loss at λ = 1 with all targets zero takes v to v − H·v: kernels of training measure the
   * curvature, which bounds that of any loss.
   */
  async curvature(direction: Float64Array, validationFold: number | null = null): Promise<Float64Array> {
    const settings = { epochs: 1, learningRate: 1, tolerance: 0, patience: 1, l1: 0, l2: 0 };
    const start = { role: { target: 0, validationFold }, initial: direction, settings };
    const options = { isWhole: true, zeroTargets: (shard: Shard) => this.#zeroTargets(shard) };
    const run = await this.#begin([start], 'squared', options);
    try {
      await run.runEpochs(1, {});
      const last = await run.readParameters();
      return this.#on.standardization.learned(direction).map((value, j) => value - (last[j] as number));
    } finally {
      run.dispose();
    }
  }

  run(initial: Float64Array, settings: RunSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  async begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const start = { role: ALONE, initial: from.parameters, settings };
    const validators = this.#on.validationData && (await this.#validatorsOf(start));
    const run = await this.#begin([start], this.#on.objective.loss, { from, validators });
    return {
      runEpochs: (epochs, { signal, onProgress }) =>
        run.runEpochs(epochs, {
          signal,
          onProgress:
            onProgress &&
            (([modelProgress], losses, validated) =>
              modelProgress &&
              modelProgress.epoch > 0 &&
              onProgress(
                modelProgress.epoch,
                modelProgress.loss,
                Float64Array.from(losses),
                Float64Array.from(validated),
              )),
        }),
      setRate: (rate) => run.setRate(rate),
      read: async () => (await run.read())[0] as RunResult,
      dispose: () => run.dispose(),
    };
  }

  /** Trains the models in groups as large as the bindings hold: most often all of them at once. */
  async runAll(starts: readonly Start[], { signal, onProgress }: ManyRun): Promise<RunResult[]> {
    const { context, data, objective } = this.#on;
    const { limits } = context;
    const ofModel = (data.featureCount + 2) * FLOAT_BYTES;
    const quadCounts = data.shards.map(({ quadCount }) => quadCount);
    const share = (quadCount: number) => this.#recipes.share(quadCount);
    const partialBytes = countOf(sharesOf(quadCounts, share, { partialBytes: ofModel, limits })) * ofModel;
    const all = starts.map((): ModelProgress => ({ epoch: 0, loss: Number.NaN, isRunning: true }));
    const results: RunResult[] = [];
    // What is one number for each epoch may come with one for each parameter.
    const bindingBytes =
      Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize) - (data.featureCount + 1) * FLOAT_BYTES;
    for (const group of groupsOf(starts, partialBytes, bindingBytes)) {
      const first = results.length;
      const run = await this.#begin(group, objective.loss);
      try {
        await run.runEpochs(Infinity, {
          signal,
          onProgress(progress) {
            progress.forEach(({ epoch, loss, stopReason }, k) => {
              all[first + k] = { epoch, loss, isRunning: stopReason === 'running' };
            });
            if (all.some(({ epoch }) => epoch > 0)) onProgress?.(all.slice());
          },
        });
        results.push(...(await run.read()));
      } finally {
        run.dispose();
      }
    }
    return results;
  }

  losses(
    points: readonly Float64Array[],
    { target, fold }: { target: number; fold: number | null },
    run: PointsRun,
  ): Promise<Float64Array> {
    const { context, slices, standardization, objective } = this.#on;
    const { featureCount, layout, isWeighted, shards } = this.#on.data;
    const query = {
      points: points.map((point) => standardization.toDevice(point)),
      target,
      shards: shards.filter((shard) => fold === null || shard.fold === fold),
      featureCount,
      layout,
      objective,
      isWeighted,
    };
    return findLosses(context, slices, query, run);
  }

  dispose(): void {
    this.#allocator.destroy();
    this.#evaluator?.dispose();
    this.#on.data.destroy();
    this.#on.validationData?.destroy();
  }

  async #begin(starts: readonly Start[], loss: Loss, options?: TrainingOptions): Promise<TrainingRun> {
    const compiled = await this.#recipes.recipeFor(
      starts.map(({ role }) => role),
      {
        loss,
        isConjugate: starts.some(isConjugate),
        inBatches: this.#on.mini !== undefined && !options?.isWhole,
      },
    );
    return TrainingRun.begin(this.#on, compiled, starts, options);
  }

  /** The pass over the validation examples is that of a full batch, also with mini-batches. */
  async #validatorsOf(start: Start): Promise<Validators> {
    const { context, objective } = this.#on;
    const request = { loss: objective.loss, isConjugate: isConjugate(start), inBatches: false };
    const [kernels, passes] = await Promise.all([
      compileValidationKernels(context),
      this.#recipes.recipeFor([start.role], request),
    ]);
    return { kernels, passes };
  }

  /** Targets for the curvature: shared by all shards, unless each has weights that come with them. */
  #zeroTargets(shard: Shard): GPUBuffer {
    const { context, data } = this.#on;
    const key = data.isWeighted ? shard : null;
    const cached = this.#zeros.get(key);
    if (cached) return cached;
    const mostQuads = Math.max(...data.shards.map(({ quadCount }) => quadCount));
    const columnBytes = (data.isWeighted ? shard.quadCount : mostQuads) * QUAD_BYTES;
    const zeros = this.#allocator.storage('zero targets', columnBytes * (data.isWeighted ? 2 : 1));
    this.#zeros.set(key, zeros);
    if (data.isWeighted) {
      const encoder = context.device.createCommandEncoder({ label: 'zero targets' });
      encoder.copyBufferToBuffer(shard.targets, shard.targets.size - columnBytes, zeros, columnBytes, columnBytes);
      context.device.queue.submit([encoder.finish()]);
    }
    return zeros;
  }
}
