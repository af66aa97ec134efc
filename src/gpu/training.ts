import type { Descent, Start } from '../backend.js';
import type { Objective } from '../loss.js';
import { Buffers } from './buffers.js';
import type { CompiledKernel } from './compile.js';
import {
  type ModelSettings,
  PROGRESS_BYTES,
  type Progress,
  readProgress,
  writeConfig,
  writeSettings,
} from './config.js';
import type { GpuContext } from './device.js';
import { type BoundShard, Epoch, type EpochBuffers } from './epoch.js';
import { jobLists, makeSpans } from './jobs.js';
import type { UploadedFolds } from './parts.js';
import { readFloats } from './readback.js';
import type { Recipe } from './recipes.js';
import type { Slices } from './slices.js';
import type { Standardization } from './standardization.js';
import type { Shard } from './upload.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A recipe with its kernels. */
export interface CompiledRecipe {
  recipe: Recipe;
  compiled: readonly CompiledKernel[];
}

/** What models train on. */
export interface TrainingData {
  context: GpuContext;
  slices: Slices;
  data: UploadedFolds;
  standardization: Standardization;
  objective: Objective;
}

export interface TrainingOptions {
  /** A column of zeros for a shard, in place of its own targets. */
  zeroTargets?: (shard: Shard) => GPUBuffer;
  signal?: AbortSignal | undefined;
  /** Is told after every submit. */
  onProgress?: (progress: readonly Progress[]) => void;
}

/** Where a model got to. */
export interface TrainedModel {
  progress: Progress;
  /** [d + 1] in training units: after the last epoch, and before it. */
  last: Float64Array;
  before: Float64Array;
  lossHistory: Float64Array;
}

/** All epochs of models that train together: state, history and end are each model's own. */
export async function trainTogether(
  on: TrainingData,
  compiled: CompiledRecipe,
  starts: readonly Start[],
  { zeroTargets, signal, onProgress }: TrainingOptions,
): Promise<{ models: TrainedModel[]; timings: Descent['timings'] }> {
  const { context, slices, data } = on;
  const made = new Buffers(context.device);
  try {
    const { epoch, buffers } = await context.guard('prepare the epochs', () =>
      prepare(on, made, compiled, starts, zeroTargets),
    );
    const startMs = performance.now();
    const { epochsPerRound } = compiled.recipe;
    const mostEpochs = Math.max(...starts.map(({ settings }) => settings.epochs));
    let progress = starts.map((): Progress => ({ epoch: 0, stopReason: 'running', quietEpochs: 0, loss: Number.NaN }));
    const gpuMs = await slices.run({
      steps: epoch.stepCount * Math.ceil(mostEpochs / epochsPerRound),
      stepBytes: (FLOAT_BYTES * data.exampleCount * (data.featureCount + 1) * starts.length) / epoch.stepCount,
      encode: (pass, step) => epoch.encode(pass, step),
      // Rounds of one epoch take turns with the progress; longer ones keep it in the first.
      watched: (steps) =>
        buffers.progress[epochsPerRound === 1 ? Math.floor(steps / epoch.stepCount) % 2 : 0] as GPUBuffer,
      watchedBytes: PROGRESS_BYTES * starts.length,
      look(contents) {
        progress = starts.map((_, k) => readProgress(contents, k * PROGRESS_BYTES));
        onProgress?.(progress);
        return progress.some(({ stopReason }) => stopReason === 'running');
      },
      signal,
    });
    const trainedMs = performance.now();
    const models = await readModels(on, made, buffers, starts, progress);
    const timings = { trainMs: trainedMs - startMs, readbackMs: performance.now() - trainedMs, gpuMs };
    return { models, timings };
  } finally {
    made.destroy();
  }
}

function prepare(
  on: TrainingData,
  made: Buffers,
  { recipe, compiled }: CompiledRecipe,
  starts: readonly Start[],
  zeroTargets: TrainingOptions['zeroTargets'],
): { epoch: Epoch; buffers: EpochBuffers } {
  const { context, data, standardization } = on;
  const { queue } = context.device;
  const { featureCount } = data;
  const size = featureCount + 1;
  const partialCount = data.shards.reduce((sum, { quadCount }) => sum + recipe.share(quadCount).partials, 0);
  const floats = (label: string, count: number) => made.storage(label, count * FLOAT_BYTES);
  const parameters = (turn: number) => floats(`parameters ${turn}`, starts.length * size);
  const progress = (turn: number) => made.storage(`progress ${turn}`, starts.length * PROGRESS_BYTES);
  const settings = settingsOf(data, starts);
  const contents = writeSettings(settings);
  const buffers: EpochBuffers = {
    modelCount: starts.length,
    shards: bindShards(on, made, recipe, starts, partialCount, zeroTargets),
    settings: made.storage('settings', contents.byteLength),
    partials: floats('partials', starts.length * (featureCount + 2) * partialCount),
    stepScales: floats('step scales', size),
    parameters: [parameters(0), parameters(1)],
    progress: [progress(0), progress(1)],
    lossHistory: floats(
      'loss history',
      settings.reduce((sum, { epochs }) => sum + epochs, 0),
    ),
  };
  queue.writeBuffer(buffers.settings, 0, contents);
  starts.forEach(({ initial }, k) => {
    const onDevice = standardization.toDevice(initial) as Float32Array<ArrayBuffer>;
    queue.writeBuffer(buffers.parameters[0], k * onDevice.byteLength, onDevice);
  });
  queue.writeBuffer(buffers.stepScales, 0, standardization.stepScales() as Float32Array<ArrayBuffer>);
  return { epoch: new Epoch(context.device, recipe.steps(compiled, buffers, featureCount, made), buffers), buffers };
}

/** Each shard with the models that train on it, and the place of its partial sums among all. */
function bindShards(
  { data: { shards, featureCount, layout }, objective: { huberDelta } }: TrainingData,
  made: Buffers,
  recipe: Recipe,
  starts: readonly Start[],
  partialCount: number,
  zeroTargets: TrainingOptions['zeroTargets'],
): BoundShard[] {
  const { many } = recipe;
  const roles = starts.map(({ role }) => role);
  let firstPartial = 0;
  return shards.map((shard) => {
    const { workgroups, partials } = recipe.share(shard.quadCount);
    const shape = { featureCount, rowQuads: layout.rowQuads, firstPartial, partialCount, huberDelta };
    firstPartial += partials;
    return {
      ...shard,
      targets: zeroTargets?.(shard) ?? shard.targets,
      config: made.uniform('config', writeConfig({ ...shard, ...shape })),
      workgroups,
      spans: many ? makeSpans(made, jobLists(roles, shard.fold, many.targets), many.mostJobs(shard.quadCount)) : [],
    };
  });
}

/** Of m examples, or of their weights, each model has those of the shards that it trains on. */
function settingsOf({ shards }: UploadedFolds, starts: readonly Start[]): ModelSettings[] {
  let firstLoss = 0;
  return starts.map(({ role: { heldOut }, settings }) => {
    const seen = shards.filter(({ fold }) => heldOut === null || fold !== heldOut);
    const its = { ...settings, exampleCount: seen.reduce((sum, { weight }) => sum + weight, 0), firstLoss };
    firstLoss += settings.epochs;
    return its;
  });
}

async function readModels(
  { context, data, standardization }: TrainingData,
  made: Buffers,
  { parameters, lossHistory }: EpochBuffers,
  starts: readonly Start[],
  progress: readonly Progress[],
): Promise<TrainedModel[]> {
  const size = data.featureCount + 1;
  const everything = [{ first: 0, count: starts.length * size }];
  let firstLoss = 0;
  const histories = starts.map(({ settings }, k) => {
    const first = firstLoss;
    firstLoss += settings.epochs;
    return { first, count: progress[k]?.epoch ?? 0 };
  });
  const [even, odd, losses] = await Promise.all([
    readFloats(context, made, parameters[0], everything),
    readFloats(context, made, parameters[1], everything),
    readFloats(context, made, lossHistory, histories),
  ]);
  let lossesRead = 0;
  return progress.map((its, k) => {
    const ofModel = (floats: Float32Array) => standardization.fromDevice(floats.subarray(k * size, (k + 1) * size));
    // Parameters take turns: those after n epochs are in buffer n % 2, and those of the last loss in the other.
    const [last, before] = its.epoch % 2 === 0 ? [even, odd] : [odd, even];
    const itsLosses = losses.subarray(lossesRead, lossesRead + its.epoch);
    lossesRead += its.epoch;
    return { progress: its, last: ofModel(last), before: ofModel(before), lossHistory: Float64Array.from(itsLosses) };
  });
}
