import lossesWgsl from '../../../shaders/many/losses.wgsl?raw';
import lossesWideWgsl from '../../../shaders/many/losses_wide.wgsl?raw';
import manyGradientWgsl from '../../../shaders/many/many_gradient.wgsl?raw';
import manyNarrowWgsl from '../../../shaders/many/many_narrow.wgsl?raw';
import manyResidualWgsl from '../../../shaders/many/many_residual.wgsl?raw';
import { type Kernel, PARTIAL_SUMS, sizedKernel, type Storage } from './epoch-kernels.js';
import { shaderText } from './shader-text.js';
import { areLossesKept, exampleVariants, PLAIN, type Terms } from './variants.js';
import type { Tuning } from '../device/tuning.js';

// The kernels for several models, each one text with the numbers of features and models as constants after it: as many
// texts as there are pairs of the two, for each loss.

/** The answers of shaders/variants/targets/. */
const TARGETS = { one: 'shared', each: 'per_model' } as const;

/** Options that the kernels for several models share. */
export interface ManyKernelOptions {
  /** Models that an invocation works for, 1 to the most of its kernel. */
  models: number;
  /** 'one' if all models of a dispatch learn one column of targets, 'each' if each has a column of its own. */
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

export function manyNarrowKernel(
  featureCount: number,
  { models, targets, tuning, storage = 'f32', terms = PLAIN }: ManyKernelOptions,
): Kernel {
  const wgsl = shaderText(manyNarrowWgsl, {
    variants: { targets: TARGETS[targets], storage, partial_sum: PARTIAL_SUMS[tuning.sums], ...exampleVariants(terms) },
    constants: { FEATURES: featureCount, MODELS: models },
  });
  return sizedKernel(
    'many_narrow',
    wgsl,
    ['uniform', 'read', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

export function manyResidualKernel({
  models,
  targets,
  tuning,
  storage = 'f32',
  terms = PLAIN,
}: ManyKernelOptions): Kernel {
  const wgsl = shaderText(manyResidualWgsl, {
    variants: { targets: TARGETS[targets], storage, ...exampleVariants(terms) },
    constants: { KEEPS_LOSSES: areLossesKept(terms), MODELS: models },
  });
  return sizedKernel(
    'many_residual',
    wgsl,
    ['uniform', 'read', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.residualSize,
  );
}

export function manyGradientKernel({
  models,
  tuning,
  storage = 'f32',
  terms = PLAIN,
}: Omit<ManyKernelOptions, 'targets'>): Kernel {
  const wgsl = shaderText(manyGradientWgsl, {
    variants: { storage, partial_sum: PARTIAL_SUMS[tuning.sums] },
    constants: { KEEPS_LOSSES: areLossesKept(terms), MODELS: models },
  });
  return sizedKernel('many_gradient', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}

/** Twice the loss at many points: `models` points for a lane, and as many lanes as a workgroup has. */
export function lossesKernel(
  featureCount: number,
  { models, tuning, storage = 'f32', terms = PLAIN }: Omit<ManyKernelOptions, 'targets'>,
): Kernel {
  const wgsl = shaderText(lossesWgsl, {
    variants: { storage, ...exampleVariants(terms) },
    constants: { FEATURES: featureCount, MODELS: models },
  });
  return sizedKernel('losses', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}

export function lossesWideKernel({
  models,
  tuning,
  storage = 'f32',
  terms = PLAIN,
}: Omit<ManyKernelOptions, 'targets'>): Kernel {
  const wgsl = shaderText(lossesWideWgsl, {
    variants: { storage, partial_sum: PARTIAL_SUMS[tuning.sums], ...exampleVariants(terms) },
    constants: { MODELS: models },
  });
  return sizedKernel('losses_wide', wgsl, ['uniform', 'read', 'read', 'read', 'read', 'readWrite'], tuning.sumsSize);
}
