import lossesWgsl from '../../../shaders/losses.wgsl?raw';
import lossesWideWgsl from '../../../shaders/losses_wide.wgsl?raw';
import manyGradientWgsl from '../../../shaders/many_gradient.wgsl?raw';
import manyNarrowWgsl from '../../../shaders/many_narrow.wgsl?raw';
import manyResidualWgsl from '../../../shaders/many_residual.wgsl?raw';
import config from '../../../shaders/shared/config.wgsl?raw';
import jobs from '../../../shaders/shared/jobs.wgsl?raw';
import many from '../../../shaders/shared/many.wgsl?raw';
import manyWide from '../../../shaders/shared/many_wide.wgsl?raw';
import stopped from '../../../shaders/shared/stopped.wgsl?raw';
import targetsEach from '../../../shaders/shared/targets_each.wgsl?raw';
import targetsOne from '../../../shaders/shared/targets_one.wgsl?raw';
import { type Kernel, sizedKernel, type Storage, STORED, SUMS } from './epoch-kernels.js';
import { keepsLosses, lossText, PLAIN, type Terms } from './variants.js';
import type { Tuning } from '../device/tuning.js';

// The kernels for several models, each one text with the numbers of features and models as constants after it: as many
// texts as there are pairs of the two, for each loss.

const TARGETS = { one: targetsOne, each: targetsEach };

/** What the kernels for several models have in common. */
export interface ManyKernelOptions {
  /** Models that an invocation works for, 1 to the most of its kernel. */
  models: number;
  /** Whether all models of a dispatch learn one column of targets, or each one of its own. */
  targets: 'one' | 'each';
  tuning: Tuning;
  storage?: Storage;
  terms?: Terms;
}

/**
 * The most models that an invocation of many_narrow and losses holds in registers. Measured on SwiftShader with two
 * cores: 16 models at 1,000,000 × 2 take 9 ms, where one takes 2.9; at 100,000 × 16, 4 at a time 0.42 of one each, 8 at
 * a time 0.29, and twice the time to compile. A GPU has 255 registers for an invocation at most.
 */
export function mostNarrowModels(featureCount: number): number {
  if (featureCount <= 3) return 16;
  return featureCount <= 8 ? 8 : 4;
}

/** The most models of many_residual, many_gradient and losses_wide: as many as are written out there. */
export const MOST_WIDE_MODELS = 4;

/** The columns that a workgroup of many_gradient adds up. */
export const MANY_COLUMNS = 4;

export function manyNarrow(
  featureCount: number,
  { models, targets, tuning, storage = 'f32', terms = PLAIN }: ManyKernelOptions,
): Kernel {
  const wgsl = [
    manyNarrowWgsl,
    many,
    config,
    jobs,
    stopped,
    TARGETS[targets],
    STORED[storage],
    SUMS[tuning.sums],
    lossText(terms),
    constants({ FEATURES: featureCount, MODELS: models }),
  ].join('');
  return sizedKernel(
    'many_narrow',
    wgsl,
    ['uniform', 'read', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

export function manyResidual({ models, targets, tuning, storage = 'f32', terms = PLAIN }: ManyKernelOptions): Kernel {
  const wgsl = [
    manyResidualWgsl,
    manyWide,
    config,
    jobs,
    stopped,
    TARGETS[targets],
    STORED[storage],
    lossText(terms),
    keepsLosses(terms),
    constants({ MODELS: models }),
  ].join('');
  return sizedKernel(
    'many_residual',
    wgsl,
    ['uniform', 'read', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.residualSize,
  );
}

export function manyGradient({
  models,
  tuning,
  storage = 'f32',
  terms = PLAIN,
}: Omit<ManyKernelOptions, 'targets'>): Kernel {
  const wgsl = [
    manyGradientWgsl,
    config,
    jobs,
    stopped,
    STORED[storage],
    SUMS[tuning.sums],
    keepsLosses(terms),
    constants({ MODELS: models }),
  ].join('');
  return sizedKernel('many_gradient', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}

/** Twice the loss at many points: `models` points for a lane, and as many lanes as a workgroup has. */
export function losses(
  featureCount: number,
  { models, tuning, storage = 'f32', terms = PLAIN }: Omit<ManyKernelOptions, 'targets'>,
): Kernel {
  const wgsl = [
    lossesWgsl,
    many,
    config,
    jobs,
    targetsOne,
    STORED[storage],
    lossText(terms),
    constants({ FEATURES: featureCount, MODELS: models }),
  ].join('');
  return sizedKernel('losses', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}

export function lossesWide({
  models,
  tuning,
  storage = 'f32',
  terms = PLAIN,
}: Omit<ManyKernelOptions, 'targets'>): Kernel {
  const wgsl = [
    lossesWideWgsl,
    manyWide,
    config,
    jobs,
    targetsOne,
    STORED[storage],
    SUMS[tuning.sums],
    lossText(terms),
    constants({ MODELS: models }),
  ].join('');
  return sizedKernel('losses_wide', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}

function constants(values: Record<string, number>): string {
  return Object.entries(values)
    .map(([name, value]) => `\nconst ${name} = ${value}u;\n`)
    .join('');
}
