import type {
  RunResult,
  DescendSettings,
  RunState,
  ManyRun,
  ManyTrainer,
  ModelProgress,
  ModelSettings,
  Parameters,
  PointsRun,
  Role,
  Run,
  RunReading,
  Start,
} from '../../descent/backend.js';
import { initialState, trainToEnd, runResult } from '../../descent/run.js';
import type { Objective } from '../../options/objective.js';
import type { Loss } from '../../options/names.js';
import type { FitWarning } from '../../descent/report.js';
import type { MiniBatches } from '../examples/mini-batches.js';
import { Buffers } from '../device/buffers.js';
import type { GpuContext } from '../device/device.js';
import { groupsOf } from '../kernels/model-list.js';
import { QUAD_BYTES } from '../kernels/layout.js';
import { findLosses } from '../evaluate/losses.js';
import type { UploadedFolds } from '../examples/upload-folds.js';
import type { Recipe } from './recipes.js';
import { Slices } from '../device/submits.js';
import type { Standardization } from '../../descent/standardization.js';
import { isConjugate } from './optimizer-state.js';
import type { CompiledRecipe, Validators, DeviceTrainingData, TrainingOptions } from './prepare-run.js';
import { type TrainedModel, TrainingRun } from './training-run.js';
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
  recipeFor(roles: readonly Role[], asked: AskedRecipe): Promise<CompiledRecipe>;
}

/** The properties of a requested recipe. */
export interface AskedRecipe {
  loss: Loss;
  /** True if the steps are those of conjugate gradient, false if those of `update`. */
  isConjugate: boolean;
  /** True if an update uses a mini-batch. */
  inBatches: boolean;
}

/** One model that sees all examples. */
const ALONE: Role = { target: 0, heldOut: null };

/** Trains on a dataset that is on the device, one model or several at a time. */
export class GpuTrainer implements ManyTrainer {
  readonly largestSquare: number | null;
  readonly #recipes: RecipeSource;
  readonly #on: DeviceTrainingData;
  /** Buffers that live as long as this trainer. */
  readonly #made: Buffers;
  readonly #zeros = new Map<Shard | null, GPUBuffer>();

  constructor(
    context: GpuContext,
    recipes: RecipeSource,
    data: UploadedFolds,
    standardization: Standardization,
    objective: Objective,
    { heldOut, mini }: { heldOut?: UploadedDataset | undefined; mini?: MiniBatches | null } = {},
  ) {
    this.#recipes = recipes;
    const slices = new Slices(context);
    this.#on = { context, slices, data, heldOut, standardization, objective, ...(mini && { mini }) };
    this.largestSquare = mini?.largestSquare ?? null;
    this.#made = new Buffers(context.device);
  }

  get kernels(): Recipe['name'] {
    return this.#recipes.name;
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

  /**
   * One epoch of the squared loss at λ = 1 with all targets zero takes v to v − H·v: kernels of training measure the
   * curvature, which bounds that of any loss.
   */
  async curvature(direction: Float64Array, heldOut: number | null = null): Promise<Float64Array> {
    const settings = { epochs: 1, learningRate: 1, tolerance: 0, patience: 1, l1: 0, l2: 0 };
    const start = { role: { target: 0, heldOut }, initial: direction, settings };
    const options = { isWhole: true, zeroTargets: (shard: Shard) => this.#zeroTargets(shard) };
    const run = await this.#begin([start], 'squared', options);
    try {
      await run.advance(1, {});
      const { last } = (await run.read())[0] as TrainedModel;
      return this.#on.standardization.learned(direction).map((value, j) => value - (last[j] as number));
    } finally {
      run.dispose();
    }
  }

  descend(initial: Float64Array, settings: DescendSettings): Promise<RunResult> {
    return trainToEnd(this, initialState(initial), settings);
  }

  async begin(from: RunState, settings: ModelSettings): Promise<Run> {
    const start = { role: ALONE, initial: from.parameters, settings };
    const validators = this.#on.heldOut && (await this.#validatorsOf(start));
    const run = await this.#begin([start], this.#on.objective.loss, { from, validators });
    return {
      advance: (epochs, { signal, onProgress }) =>
        run.advance(epochs, {
          signal,
          onProgress:
            onProgress &&
            (([its], losses, validated) =>
              its &&
              its.epoch > 0 &&
              onProgress(its.epoch, its.loss, Float64Array.from(losses), Float64Array.from(validated))),
        }),
      setRate: (rate) => run.setRate(rate),
      read: async () => ({ ...standingOf((await run.read())[0] as TrainedModel, settings), timings: run.timings }),
      dispose: () => run.dispose(),
    };
  }

  /** Trains the models in groups as large as the bindings hold: most often all of them at once. */
  async descendAll(starts: readonly Start[], { signal, onProgress }: ManyRun): Promise<RunResult[]> {
    const { context, data, objective } = this.#on;
    const { maxBufferSize, maxStorageBufferBindingSize } = context.limits;
    const partialCount = data.shards.reduce((sum, { quadCount }) => sum + this.#recipes.share(quadCount).partials, 0);
    const partialBytes = partialCount * (data.featureCount + 2) * FLOAT_BYTES;
    const all = starts.map((): ModelProgress => ({ epoch: 0, loss: Number.NaN, isRunning: true }));
    const descents: RunResult[] = [];
    // What is one number for each epoch may come with one for each parameter.
    const bindingBytes = Math.min(maxBufferSize, maxStorageBufferBindingSize) - (data.featureCount + 1) * FLOAT_BYTES;
    for (const group of groupsOf(starts, partialBytes, bindingBytes)) {
      const first = descents.length;
      const run = await this.#begin(group, objective.loss);
      try {
        await run.advance(Infinity, {
          signal,
          onProgress(progress) {
            progress.forEach(({ epoch, loss, stopReason }, k) => {
              all[first + k] = { epoch, loss, isRunning: stopReason === 'running' };
            });
            if (all.some(({ epoch }) => epoch > 0)) onProgress?.(all.slice());
          },
        });
        const models = await run.read();
        const { timings } = run;
        models.forEach((model, k) => {
          descents.push(runResult({ ...standingOf(model, (group[k] as Start).settings), timings }));
        });
      } finally {
        run.dispose();
      }
    }
    return descents;
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
    this.#made.destroy();
    this.#on.data.destroy();
    this.#on.heldOut?.destroy();
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

  /** The pass over what is held out is that of a full batch, whatever training goes by. */
  async #validatorsOf(start: Start): Promise<Validators> {
    const { context, objective } = this.#on;
    const asked = { loss: objective.loss, isConjugate: isConjugate(start), inBatches: false };
    const [kernels, passes] = await Promise.all([
      compileValidationKernels(context),
      this.#recipes.recipeFor([start.role], asked),
    ]);
    return { kernels, passes };
  }

  /** Targets for the curvature: shared by all shards, unless each has weights that come with them. */
  #zeroTargets(shard: Shard): GPUBuffer {
    const { context, data } = this.#on;
    const key = data.isWeighted ? shard : null;
    const known = this.#zeros.get(key);
    if (known) return known;
    const mostQuads = Math.max(...data.shards.map(({ quadCount }) => quadCount));
    const columnBytes = (data.isWeighted ? shard.quadCount : mostQuads) * QUAD_BYTES;
    const zeros = this.#made.storage('zero targets', columnBytes * (data.isWeighted ? 2 : 1));
    this.#zeros.set(key, zeros);
    if (data.isWeighted) {
      const encoder = context.device.createCommandEncoder({ label: 'zero targets' });
      encoder.copyBufferToBuffer(shard.targets, shard.targets.size - columnBytes, zeros, columnBytes, columnBytes);
      context.device.queue.submit([encoder.finish()]);
    }
    return zeros;
  }
}

function standingOf(
  { progress, last, before, memory, ...read }: TrainedModel,
  { epochs }: ModelSettings,
): Omit<RunReading, 'timings'> {
  const { epoch, quietEpochs, loss } = progress;
  const rest = { ...read, epoch, previous: before, quietEpochs, loss };
  // The last update can leave f32 with no epoch after it that would notice.
  const isDiverged =
    progress.stopReason === 'diverged' || ![last, ...memory].every((its) => its.every(Number.isFinite));
  const isUpdated = epoch > 0 || progress.within !== undefined;
  if (isDiverged) return { ...rest, parameters: isUpdated ? before : last, stopReason: 'diverged' };
  const { stopReason } = progress;
  const ended = epoch < epochs ? null : 'epochs';
  const isOver = stopReason === 'converged' || stopReason === 'earlyStopping';
  return { ...rest, parameters: last, memory, stopReason: isOver ? stopReason : ended };
}
