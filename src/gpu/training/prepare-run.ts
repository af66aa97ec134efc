import type { RunState, PathState, Start } from '../../descent/backend.js';
import type { Objective } from '../../options/objective.js';
import { type MiniBatches, placeOfBatch, quadsOfBatch, writeBatchConfigs } from '../examples/mini-batches.js';
import type { Buffers } from '../device/buffers.js';
import type { CompiledKernel } from '../device/compile.js';
import {
  type UniformSettings,
  PROGRESS_BYTES,
  type Progress,
  SETTINGS_BYTES,
  writeConfig,
} from '../kernels/uniforms.js';
import type { GpuContext } from '../device/device.js';
import { type BoundShard, Epoch, type EpochBuffers, EVERYWHERE, type Place } from './epoch.js';
import { historyFloats } from './history.js';
import { jobLists, makeSpans } from '../kernels/model-list.js';
import { type UploadedFolds, withoutFolds } from '../examples/upload-folds.js';
import type { PassBuffers, Recipe } from './recipe.js';
import type { ScheduleShape } from './dispatch-order.js';
import { countOf, type Share, sharesOf } from './shares.js';
import { slotsOf, slotsToWrite } from './optimizer-state.js';
import type { Slices } from '../device/submits.js';
import type { Standardization } from '../../descent/standardization.js';
import type { Shard, UploadedDataset } from '../examples/upload.js';
import { type ValidationKernels, Validation } from './validation.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A recipe with its kernels. */
export interface CompiledRecipe {
  recipe: Recipe;
  compiled: readonly CompiledKernel[];
}

/** The data that models are trained on, and their layout. */
export interface DeviceTrainingData {
  context: GpuContext;
  slices: Slices;
  data: UploadedFolds;
  /** The validation examples. */
  validationData: UploadedDataset | undefined;
  standardization: Standardization;
  objective: Objective;
  /** Left out for the full batch. */
  mini?: MiniBatches;
}

export interface TrainingOptions {
  /** A column of zeros for a shard, in place of its own targets. */
  zeroTargets?: (shard: Shard) => GPUBuffer;
  /** True if an update uses all examples, even in training by mini-batches. */
  isWhole?: boolean;
  /** The state in which an earlier run ended, if there is a single model. */
  from?: RunState;
  /** The kernels for validation; left out without validation. */
  validators?: Validators | undefined;
}

/** The kernels for validation, after a pass over the validation examples. */
export interface Validators {
  kernels: ValidationKernels;
  /** One with a pass, for the layout of the examples. */
  passes: CompiledRecipe;
}

/** A run that is prepared: its buffers, settings and dispatches. */
export interface Prepared {
  epoch: Epoch;
  shape: ScheduleShape;
  /** The place of the examples of an update, counted from the first of epoch 0. */
  placeOf: (update: number) => Place;
  buffers: EpochBuffers;
  settings: UniformSettings[];
  validation: Validation | undefined;
  progress: Progress[];
  /** [models] The first point of the path, for models that record one. */
  firstPoints: PathState[][];
}

/** Creates the buffers, settings and dispatches for the epochs of these models. */
export function prepare(
  on: DeviceTrainingData,
  allocator: Buffers,
  { recipe, compiled }: CompiledRecipe,
  starts: readonly Start[],
  options: TrainingOptions,
): Prepared {
  const { context, data, standardization } = on;
  const { from, validators } = options;
  const mini = options.isWhole ? undefined : on.mini;
  const updatesPerEpoch = mini?.batches.count ?? 1;
  const { updatesPerRound, endsWithEpoch = false } = recipe;
  // A kernel that makes several updates finds their batches by itself.
  const dispatched = updatesPerRound > 1 ? undefined : mini;
  const settings = settingsOf(data, starts);
  const factors = stepFactors(standardization, settings, starts);
  const examples = dispatched
    ? bindBatches(on, allocator, recipe, dispatched)
    : passOver(on, data, allocator, recipe, starts, { mini, zeroTargets: options.zeroTargets });
  const buffers = makeBuffers(allocator, examples, { recipe, starts, factorCount: factors.length });
  context.device.queue.writeBuffer(buffers.stepFactors, 0, factors);
  writeStates(on, buffers, { starts, from, updatesPerEpoch });
  const validation = validators && validationOf(on, allocator, validators, { buffers, starts, from });
  const { shards } = buffers;
  const rounds = (dispatched ? shards.map((shard) => [shard]) : [shards]).map((roundShards) =>
    recipe.steps(compiled, { ...buffers, shards: roundShards }, data.featureCount, allocator),
  );
  const epoch = new Epoch(context.device, { rounds, end: validation?.steps ?? [] }, buffers);
  const { roundSteps, endSteps } = epoch;
  const firstState = { epoch: from?.epoch ?? 0, quietEpochs: from?.quietEpochs ?? 0, loss: from?.loss ?? Number.NaN };
  return {
    epoch,
    shape: { roundSteps, updatesPerRound, updatesPerEpoch, endSteps, endsWithEpoch },
    placeOf: dispatched ? (update) => placeOfBatch(dispatched.batches, shards, update) : () => EVERYWHERE,
    buffers,
    settings,
    validation,
    progress: starts.map((): Progress => ({ stopReason: 'running', ...firstState })),
    firstPoints: starts.map(({ initial, settings: { pathEvery } }) =>
      pathEvery && firstState.epoch === 0
        ? [{ epoch: 0, parameters: standardization.fromDevice(standardization.toDevice(initial)) }]
        : [],
    ),
  };
}

/** The buffers of the epochs of these models, for examples that are bound. */
function makeBuffers(
  allocator: Buffers,
  examples: PassBuffers,
  { recipe, starts, factorCount }: { recipe: Recipe; starts: readonly Start[]; factorCount: number },
): EpochBuffers {
  const size = (starts[0] as Start).initial.length;
  const floats = (label: string, count: number) => allocator.storage(label, count * FLOAT_BYTES);
  const parameters = (turn: number) => floats(`parameters ${turn}`, slotsOf(starts) * starts.length * size);
  const progress = (turn: number) => allocator.storage(`progress ${turn}`, starts.length * PROGRESS_BYTES);
  const firstProgress = progress(0);
  // A kernel that makes several updates leaves the progress in its place.
  const isInPlace = recipe.updatesPerRound > 1;
  const historyLength = starts.reduce((sum, start) => sum + historyFloats(start.settings, size), 0);
  return {
    modelCount: starts.length,
    ...examples,
    settings: allocator.storage('settings', starts.length * SETTINGS_BYTES),
    stepFactors: floats('step factors', factorCount),
    parameters: [parameters(0), parameters(1)],
    progress: [firstProgress, isInPlace ? firstProgress : progress(1)],
    history: floats('history', historyLength),
  };
}

/** Writes the parameters and the optimizer state with which each model begins, and those before the last update. */
function writeStates(
  { context, standardization }: DeviceTrainingData,
  { parameters }: EpochBuffers,
  run: { starts: readonly Start[]; from: RunState | undefined; updatesPerEpoch: number },
): void {
  const { starts, from, updatesPerEpoch } = run;
  const isEven = ((from?.epoch ?? 0) * updatesPerEpoch) % 2 === 0;
  const [now, before] = isEven ? parameters : parameters.toReversed();
  const write = (buffer: GPUBuffer, place: number, values: Float32Array<ArrayBuffer>) =>
    context.device.queue.writeBuffer(buffer, place * values.byteLength, values);
  starts.forEach((start, k) => {
    for (const [slot, values] of slotsToWrite(start, standardization, from ?? {})) {
      write(now as GPUBuffer, slot * starts.length + k, values);
    }
  });
  if (!from) return;
  const start = { ...(starts[0] as Start), initial: from.previous };
  for (const [slot, values] of slotsToWrite(start, standardization, {})) write(before as GPUBuffer, slot, values);
}

/** The validation of a single model. */
function validationOf(
  on: DeviceTrainingData,
  allocator: Buffers,
  { kernels, passes: { recipe, compiled } }: Validators,
  run: { buffers: EpochBuffers; starts: readonly Start[]; from: RunState | undefined },
): Validation {
  const { context, validationData, standardization } = on;
  const { buffers, starts, from } = run;
  if (!validationData || !recipe.pass) throw new TypeError('validation needs validation examples and a pass over them');
  const { shards, partials } = passOver(on, withoutFolds(validationData), allocator, recipe, starts, {});
  return new Validation(context, allocator, {
    kernels,
    shards,
    weight: shards.reduce((sum, { weight }) => sum + weight, 0),
    partials,
    pass: recipe.pass(compiled, { shards, partials }, allocator),
    buffers,
    start: starts[0] as Start,
    standardization,
    from,
  });
}

/** Each shard with the models that train on it, and the place of its partial sums among all. */
function passOver(
  { context: { limits }, objective: { huberDelta } }: DeviceTrainingData,
  { shards, featureCount, layout }: UploadedFolds,
  allocator: Buffers,
  recipe: Recipe,
  starts: readonly Start[],
  { mini, zeroTargets }: { mini?: MiniBatches | undefined; zeroTargets?: TrainingOptions['zeroTargets'] | undefined },
): PassBuffers {
  const { many } = recipe;
  const partialBytes = starts.length * (featureCount + 2) * FLOAT_BYTES;
  const quadCounts = shards.map(({ quadCount }) => quadCount);
  const shares = sharesOf(quadCounts, (quadCount) => recipe.share(quadCount), { partialBytes, limits });
  const partialCount = countOf(shares);
  const roles = starts.map(({ role }) => role);
  let firstPartial = 0;
  const bound = shards.map((shard, s): BoundShard => {
    const { workgroups, partials } = shares[s] as Share;
    const shape = { featureCount, rowQuads: layout.rowQuads, firstPartial, partialCount, huberDelta };
    firstPartial += partials;
    return {
      ...shard,
      targets: zeroTargets?.(shard) ?? shard.targets,
      config: allocator.uniform('config', writeConfig({ ...shard, ...shape, ...(mini && { mini }) })),
      quadsAtOnce: shard.quadCount,
      workgroups,
      spans: many
        ? makeSpans(allocator, jobLists(roles, shard.fold, many.targets), many.mostJobs(shard.quadCount))
        : [],
    };
  });
  return { shards: bound, partials: allocator.storage('partials', partialCount * partialBytes) };
}

/** Each shard with its batches, all of which write their partial sums in one place. */
function bindBatches(
  { context: { limits }, data: { shards, featureCount, layout }, objective: { huberDelta } }: DeviceTrainingData,
  allocator: Buffers,
  recipe: Recipe,
  mini: MiniBatches,
): PassBuffers {
  const quadsAtOnce = quadsOfBatch(mini.batches, shards[0] as Shard);
  const partialBytes = (featureCount + 2) * FLOAT_BYTES;
  const [share] = sharesOf([quadsAtOnce], (quadCount) => recipe.share(quadCount), { partialBytes, limits });
  const { workgroups, partials: partialCount } = share as Share;
  const shape = { featureCount, rowQuads: layout.rowQuads, firstPartial: 0, partialCount, huberDelta };
  const bound = shards.map((shard) => {
    return { ...shard, config: writeBatchConfigs(allocator, mini, shard, shape), quadsAtOnce, workgroups, spans: [] };
  });
  return { shards: bound, partials: allocator.storage('partials', partialCount * partialBytes) };
}

/** The settings of each model, whose number or total weight of examples is that of the shards that it trains on. */
function settingsOf({ shards }: UploadedFolds, starts: readonly Start[]): UniformSettings[] {
  let firstLoss = 0;
  let firstFactor = 0;
  return starts.map(({ role: { validationFold }, initial, settings: { rule, ...settings } }) => {
    const seen = shards.filter(({ fold }) => validationFold === null || fold !== validationFold);
    const modelSettings: UniformSettings = {
      ...settings,
      exampleCount: seen.reduce((sum, { weight }) => sum + weight, 0),
      firstLoss,
      firstPoint: firstLoss + settings.epochs,
    };
    if (rule) modelSettings.rule = { ...rule, firstFactor, factorCount: rule.factors.length };
    firstLoss += historyFloats(settings, initial.length);
    firstFactor += rule?.factors.length ?? 0;
    return modelSettings;
  });
}

/**
 * Factors on λ: one for each parameter, and those for the epochs of each model, which begin at the index in its
 * settings.
 */
function stepFactors(
  standardization: Standardization,
  settings: readonly UniformSettings[],
  starts: readonly Start[],
): Float32Array<ArrayBuffer> {
  const scales = standardization.stepScales();
  const count = settings.reduce((sum, { rule }) => sum + (rule?.factorCount ?? 0), scales.length);
  const factors = new Float32Array(count);
  factors.set(scales);
  starts.forEach(({ settings: { rule } }, k) => {
    if (rule) factors.set(rule.factors, scales.length + (settings[k]?.rule?.firstFactor ?? 0));
  });
  return factors;
}
