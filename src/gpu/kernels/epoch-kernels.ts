import conjugateWgsl from '../../../shaders/epoch/conjugate.wgsl?raw';
import fusedNarrowWgsl from '../../../shaders/epoch/fused_narrow.wgsl?raw';
import fusedWideWgsl from '../../../shaders/epoch/fused_wide.wgsl?raw';
import gradientWgsl from '../../../shaders/epoch/gradient.wgsl?raw';
import gradientWideWgsl from '../../../shaders/epoch/gradient_wide.wgsl?raw';
import residualWgsl from '../../../shaders/epoch/residual.wgsl?raw';
import residualWideWgsl from '../../../shaders/epoch/residual_wide.wgsl?raw';
import shortBatchesWgsl from '../../../shaders/epoch/short_batches.wgsl?raw';
import shortEpochsWgsl from '../../../shaders/epoch/short_epochs.wgsl?raw';
import updateWgsl from '../../../shaders/epoch/update.wgsl?raw';
import validationLossWgsl from '../../../shaders/validation/validation_loss.wgsl?raw';
import validationModelWgsl from '../../../shaders/validation/validation_model.wgsl?raw';
import type { Access } from '../device/buffers.js';
import { NEVER } from './uniforms.js';
import { shaderText } from './shader-text.js';
import { areLossesKept, exampleVariants, PLAIN, type Terms } from './variants.js';
import type { Tuning } from '../device/tuning.js';

/** A kernel as its file states it: the entry point is its name, the bindings are numbered in this order. */
export interface Kernel {
  name: string;
  wgsl: string;
  bindings: readonly Access[];
  workgroupSize: number;
  /** Values of the `override` constants of its text. */
  constants: Readonly<Record<string, number>>;
}

/** The answers of shaders/variants/storage/: X as f32 or as halves on the device. All arithmetic is f32. */
export type Storage = 'f32' | 'f16';

/** The answers of shaders/variants/partial_sum/. */
export const PARTIAL_SUMS = { together: 'per_workgroup', alone: 'per_invocation' } as const;

/** A kernel whose workgroups have this many invocations, which its text knows as workgroup_size. */
export function sizedKernel(name: string, wgsl: string, bindings: readonly Access[], workgroupSize: number): Kernel {
  return { name, wgsl, bindings, workgroupSize, constants: { workgroup_size: workgroupSize } };
}

export function residualKernel(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  return sizedKernel(
    'residual',
    residualText(residualWgsl, storage, terms),
    ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.residualSize,
  );
}

export function gradientKernel(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  return sizedKernel(
    'gradient',
    gradientText(gradientWgsl, tuning, storage, terms),
    ['uniformAt', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** residual for many features: the same bindings and results, several columns at a time. */
export function residualWideKernel(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const wgsl = residualText(residualWideWgsl, storage, terms);
  return { ...residualKernel(tuning, storage), name: 'residual_wide', wgsl };
}

/** gradient for many features: the same bindings and results, several columns at a time. */
export function gradientWideKernel(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const wgsl = gradientText(gradientWideWgsl, tuning, storage, terms);
  return { ...gradientKernel(tuning, storage), name: 'gradient_wide', wgsl };
}

function residualText(wgsl: string, storage: Storage, terms: Terms): string {
  return shaderText(wgsl, {
    variants: { storage, ...exampleVariants(terms) },
    constants: { KEEPS_LOSSES: areLossesKept(terms) },
  });
}

function gradientText(wgsl: string, { sums }: Tuning, storage: Storage, terms: Terms): string {
  return shaderText(wgsl, {
    variants: { storage, partial_sum: PARTIAL_SUMS[sums] },
    constants: { KEEPS_LOSSES: areLossesKept(terms) },
  });
}

/** The columns that a workgroup of gradient_wide adds up. */
export const WIDE_COLUMNS = 8;

export function updateKernel({ foldSize, folders }: Tuning): Kernel {
  const isAlone = folders === 1;
  return {
    name: 'update',
    wgsl: shaderText(updateWgsl, { variants: { fold: isAlone ? 'one_invocation' : 'workgroup' } }),
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'read', 'readWrite', 'readWrite', 'readWrite'],
    workgroupSize: foldSize,
    constants: { workgroup_size: foldSize, ...(!isAlone && { folders }) },
  };
}

/** In place of update, with the same bindings: a step of conjugate gradient, all of a model's parameters in one workgroup. */
export function conjugateKernel({ foldSize }: Tuning): Kernel {
  return {
    name: 'conjugate',
    wgsl: shaderText(conjugateWgsl),
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'read', 'readWrite', 'readWrite', 'readWrite'],
    workgroupSize: foldSize,
    constants: { workgroup_size: foldSize },
  };
}

/** The kernel that ends an epoch. */
export function lastKernel({ tuning, isConjugate }: { tuning: Tuning; isConjugate?: boolean }): Kernel {
  return isConjugate ? conjugateKernel(tuning) : updateKernel(tuning);
}

/** The kernel after a validation pass: the validation loss, the best parameters so far, and early stopping. */
export function validationLossKernel({ foldSize }: Tuning): Kernel {
  const bindings: Access[] = ['uniform', ...Array<Access>(3).fill('read'), ...Array<Access>(3).fill('readWrite')];
  return sizedKernel('validation_loss', shaderText(validationLossWgsl), bindings, foldSize);
}

/** The kernel before a validation pass: the model's parameters, if the optimizer state holds them elsewhere. */
export function validationModelKernel({ foldSize }: Tuning): Kernel {
  const bindings: Access[] = ['uniform', 'read', 'read', 'read', 'readWrite'];
  return sizedKernel('validation_model', shaderText(validationModelWgsl), bindings, foldSize);
}

/** The most features whose sums fit the registers of an invocation; the registers of shaders/shared/narrow.wgsl end there. */
export const MOST_NARROW_FEATURES = 16;

/** The fused kernel for d features, 1 to MOST_NARROW_FEATURES: its one text with d as a constant, so 16 for each loss. */
export function fusedNarrowKernel(
  featureCount: number,
  tuning: Tuning,
  storage: Storage = 'f32',
  terms = PLAIN,
): Kernel {
  return sizedKernel(
    'fused_narrow',
    shaderText(fusedNarrowWgsl, {
      variants: { storage, partial_sum: PARTIAL_SUMS[tuning.sums], ...exampleVariants(terms) },
      constants: { FEATURES: featureCount },
    }),
    ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** With more features a compiler may take longer than the epochs: minutes at sixteen, for Naga on SwiftShader. */
export const MOST_SHORT_FEATURES = 8;

/** The most epochs of one dispatch of short_epochs: even, and over in some milliseconds. */
export const SHORT_EPOCHS = 64;

/** All of an epoch in one workgroup, for d features, 1 to MOST_SHORT_FEATURES, and few examples. */
export function shortEpochsKernel(
  featureCount: number,
  { shortSize }: Tuning,
  storage: Storage = 'f32',
  terms = PLAIN,
): Kernel {
  return sizedKernel(
    'short_epochs',
    shaderText(shortEpochsWgsl, {
      variants: { storage, ...exampleVariants(terms) },
      constants: { FEATURES: featureCount, EPOCHS: SHORT_EPOCHS },
    }),
    ['uniform', ...Array<Access>(4).fill('read'), ...Array<Access>(4).fill('readWrite')],
    shortSize,
  );
}

/** The most quads that a batch of short_batches lies in: workgroup memory holds a residual for each example, 8 KiB. */
export const MOST_SHORT_QUADS = 512;

/** The most parameters that it holds beside them, 4 KiB. Every adapter has 16 KiB. */
export const MOST_SHORT_PARAMETERS = 1024;

/** The sizes of a dispatch of short_batches. Its arrays are no longer than necessary: SwiftShader compiles a store for each number. */
export interface ShortBatchesShape {
  /** The most quads that a batch lies in: 1 to MOST_SHORT_QUADS. */
  quads: number;
  /** d + 1, at most MOST_SHORT_PARAMETERS. */
  parameters: number;
  /** The most updates of a dispatch, and the most epochs that it ends. */
  updates: number;
  epochs: number;
}

/** Many updates by mini-batches to a dispatch, all in one workgroup. */
export function shortBatchesKernel(
  { quads, parameters, updates, epochs }: ShortBatchesShape,
  { shortSize }: Tuning,
  storage: Storage = 'f32',
  terms = PLAIN,
): Kernel {
  return {
    name: 'short_batches',
    wgsl: shaderText(shortBatchesWgsl, { variants: { storage, ...exampleVariants(terms) } }),
    bindings: ['uniform', ...Array<Access>(4).fill('read'), ...Array<Access>(4).fill('readWrite')],
    workgroupSize: shortSize,
    constants: {
      workgroup_size: shortSize,
      parameter_count: parameters,
      most_quads: quads,
      updates,
      most_epochs: Math.min(epochs, NEVER),
    },
  };
}

/** The share of each lane of a subgroup in the rows of fused_wide. */
export interface WideShape {
  /** Lanes of a subgroup, and of a workgroup. */
  subgroup: number;
  /** Lanes that share a row: a power of two. */
  lanes: number;
  /** Segments of sixteen columns that a lane holds: 1 to MOST_SEGMENTS. */
  segments: number;
}

const COLUMNS_PER_SEGMENT = 16;
const MOST_SEGMENTS = 8;

/** The most columns that a subgroup holds in its registers. */
export function mostWideFeatures(subgroup: number): number {
  return subgroup * COLUMNS_PER_SEGMENT * MOST_SEGMENTS;
}

/** The fewest lanes per row that hold d features in one segment each; for more features the subgroup, with more segments. */
export function wideShape(featureCount: number, subgroup: number): WideShape {
  const needed = Math.ceil(featureCount / COLUMNS_PER_SEGMENT);
  const lanes = Math.min(subgroup, 2 ** Math.ceil(Math.log2(needed)));
  return { subgroup, lanes, segments: Math.ceil(needed / lanes) };
}

/** Quads of features in a row as fused_wide reads it, padding included. */
export function rowQuadsOf({ lanes, segments }: WideShape): number {
  return (lanes * segments * COLUMNS_PER_SEGMENT) / 4;
}

export function fusedWideKernel(
  { subgroup, lanes, segments }: WideShape,
  storage: Storage = 'f32',
  terms = PLAIN,
  isPinned = false,
): Kernel {
  return {
    name: 'fused_wide',
    wgsl: shaderText(isPinned ? withPinnedSize(fusedWideWgsl) : fusedWideWgsl, {
      variants: { storage, ...exampleVariants(terms) },
      constants: { SUBGROUP: subgroup, LANES: lanes, SEGMENTS: segments },
    }),
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    workgroupSize: subgroup,
    constants: {},
  };
}

/** The text with its subgroups of SUBGROUP lanes, where the adapter has several sizes. Its lines stay where they are. */
function withPinnedSize(wgsl: string): string {
  return wgsl
    .replace('enable subgroups;', 'enable subgroups, subgroup_size_control;')
    .replace('@workgroup_size(SUBGROUP)', '@workgroup_size(SUBGROUP) @subgroup_size(SUBGROUP)');
}
