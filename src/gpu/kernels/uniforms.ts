import type { Batches } from '../../descent/batches.js';
import { OPTIMIZERS, type OptimizerName } from '../../options/names.js';

/** The uniform of the kernels that read one shard: the fields of `struct Config` in shaders/shared/config.wgsl. */
export interface Config {
  exampleCount: number;
  quadCount: number;
  featureCount: number;
  rowQuads: number;
  firstPartial: number;
  partialCount: number;
  huberDelta: number;
  /** Left out: one batch of all. */
  mini?: { batches: Pick<Batches, 'count' | 'size' | 'halfBits' | 'keys'>; evenWeight: number };
  /** The batch at hand: its first example in the shard, the one after its last, and how much they count together. */
  batch?: { first: number; end: number; weight: number };
}

/** Sixteen fields of four bytes: a uniform struct is rounded up to sixteen bytes on every backend. */
export const CONFIG_BYTES = 64;

export function writeConfig(config: Config): ArrayBuffer {
  const contents = new ArrayBuffer(CONFIG_BYTES);
  new Uint32Array(contents).set([
    config.exampleCount,
    config.quadCount,
    config.featureCount,
    config.rowQuads,
    config.firstPartial,
    config.partialCount,
  ]);
  const view = new DataView(contents);
  view.setFloat32(24, config.huberDelta, true);
  const { batch = { first: 0, end: config.exampleCount, weight: 0 } } = config;
  view.setUint32(28, batch.first, true);
  view.setUint32(32, batch.end, true);
  view.setFloat32(36, batch.weight, true);
  const { batches, evenWeight = 0 } = config.mini ?? {};
  const { count = 1, size = config.exampleCount, halfBits = 0, keys = [0, 0] } = batches ?? {};
  view.setFloat32(40, evenWeight, true);
  new Uint32Array(contents, 44).set([count, size, halfBits, ...keys]);
  return contents;
}

/** The settings of the training of one model: `struct Settings`. */
export interface UniformSettings {
  /** m over all shards that it trains on, or the sum of the weights of the examples. */
  exampleCount: number;
  learningRate: number;
  tolerance: number;
  patience: number;
  /** Infinity where the host dispatches no more than there are to be. */
  epochs: number;
  /** Index of its first loss in the history of all models. */
  firstLoss: number;
  l1: number;
  l2: number;
  /** Left out: gradient descent at one rate, without average. */
  rule?: RuleSettings;
  /** Epochs from one point of its path to the next, and where the points begin in the history. Left out or 0: no path. */
  pathEvery?: number;
  firstPoint?: number;
}

/** The settings of the update rule, which turns a gradient into a step. */
export interface RuleSettings {
  /** Index of its first factor on λ among those of all models, and number of its factors. */
  firstFactor: number;
  factorCount: number;
  optimizer: OptimizerName;
  momentum: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** Infinity for never. */
  averageFrom: number;
}

const PLAIN_RULE: RuleSettings = {
  firstFactor: 0,
  factorCount: 0,
  optimizer: 'gradientDescent',
  momentum: 0,
  beta1: 0,
  beta2: 0,
  epsilon: 1,
  averageFrom: Infinity,
};

/** No number of epochs: the greatest u32. */
export const NEVER = 0xffffffff;

/** A β of 0 or nearly keeps nothing: e^-100 is 0 in f32, and its logarithm is still a number. */
const LEAST_LOG_BETA = -100;

export const SETTINGS_BYTES = 72;

/** [models] */
export function writeSettings(models: readonly UniformSettings[]): ArrayBuffer {
  const contents = new ArrayBuffer(SETTINGS_BYTES * models.length);
  models.forEach((settings, k) => {
    const view = new DataView(contents, k * SETTINGS_BYTES);
    view.setFloat32(0, settings.exampleCount, true);
    view.setFloat32(4, settings.learningRate, true);
    view.setFloat32(8, settings.tolerance, true);
    view.setUint32(12, settings.patience, true);
    view.setUint32(16, Math.min(settings.epochs, NEVER), true);
    view.setUint32(20, settings.firstLoss, true);
    view.setFloat32(24, settings.l1, true);
    view.setFloat32(28, settings.l2, true);
    const { rule = PLAIN_RULE } = settings;
    view.setUint32(32, rule.firstFactor, true);
    view.setUint32(36, rule.factorCount, true);
    view.setUint32(40, OPTIMIZERS.indexOf(rule.optimizer), true);
    view.setFloat32(44, rule.momentum, true);
    view.setFloat32(48, Math.max(Math.log(rule.beta1), LEAST_LOG_BETA), true);
    view.setFloat32(52, Math.max(Math.log(rule.beta2), LEAST_LOG_BETA), true);
    view.setFloat32(56, rule.epsilon, true);
    view.setUint32(60, Math.min(rule.averageFrom, NEVER), true);
    view.setUint32(64, settings.pathEvery ?? 0, true);
    view.setUint32(68, settings.firstPoint ?? 0, true);
  });
  return contents;
}

/** `struct Progress`: where the epochs stand. */
export interface Progress {
  epoch: number;
  stopReason: 'running' | 'plateau' | 'diverged' | 'finished' | 'earlyStopping';
  quietEpochs: number;
  loss: number;
  /** Left out: at the beginning of the epoch. */
  within?: WithinEpoch;
}

/** The progress within an epoch that has begun. */
export interface WithinEpoch {
  /** Batches done, and the sums of their losses as the kernels keep them. */
  batch: number;
  lossSum: number;
  lastLosses: number;
}

export const PROGRESS_BYTES = 28;

const STOP_REASONS = ['running', 'plateau', 'diverged', 'finished', 'earlyStopping'] as const;

/** [models] */
export function writeProgress(models: readonly Progress[]): ArrayBuffer {
  const contents = new ArrayBuffer(PROGRESS_BYTES * models.length);
  models.forEach((progress, k) => {
    const view = new DataView(contents, k * PROGRESS_BYTES);
    view.setUint32(0, progress.epoch, true);
    view.setUint32(4, STOP_REASONS.indexOf(progress.stopReason), true);
    view.setUint32(8, progress.quietEpochs, true);
    view.setFloat32(12, progress.loss, true);
    const { batch = 0, lossSum = 0, lastLosses = 0 } = progress.within ?? {};
    view.setUint32(16, batch, true);
    view.setFloat32(20, lossSum, true);
    view.setFloat32(24, lastLosses, true);
  });
  return contents;
}

export function readProgress(contents: ArrayBuffer, byteOffset = 0): Progress {
  const view = new DataView(contents, byteOffset, PROGRESS_BYTES);
  return {
    epoch: view.getUint32(0, true),
    stopReason: STOP_REASONS[view.getUint32(4, true)] ?? 'running',
    quietEpochs: view.getUint32(8, true),
    loss: view.getFloat32(12, true),
    ...withinEpoch(view),
  };
}

function withinEpoch(view: DataView): Pick<Progress, 'within'> {
  const batch = view.getUint32(16, true);
  if (batch === 0) return {};
  return { within: { batch, lossSum: view.getFloat32(20, true), lastLosses: view.getFloat32(24, true) } };
}
