import candidateWgsl from '../../../shaders/candidate.wgsl?raw';
import conjugateWgsl from '../../../shaders/conjugate.wgsl?raw';
import fusedNarrowWgsl from '../../../shaders/fused_narrow.wgsl?raw';
import fusedWideWgsl from '../../../shaders/fused_wide.wgsl?raw';
import gradientWgsl from '../../../shaders/gradient.wgsl?raw';
import gradientWideWgsl from '../../../shaders/gradient_wide.wgsl?raw';
import judgeWgsl from '../../../shaders/judge.wgsl?raw';
import residualWgsl from '../../../shaders/residual.wgsl?raw';
import residualWideWgsl from '../../../shaders/residual_wide.wgsl?raw';
import atHand from '../../../shaders/shared/at_hand.wgsl?raw';
import batchSums from '../../../shaders/shared/batch_sums.wgsl?raw';
import batches from '../../../shaders/shared/batches.wgsl?raw';
import config from '../../../shaders/shared/config.wgsl?raw';
import finite from '../../../shaders/shared/finite.wgsl?raw';
import foldAlone from '../../../shaders/shared/fold_alone.wgsl?raw';
import foldTogether from '../../../shaders/shared/fold_together.wgsl?raw';
import narrow from '../../../shaders/shared/narrow.wgsl?raw';
import step from '../../../shaders/shared/step.wgsl?raw';
import storedF16 from '../../../shaders/shared/stored_f16.wgsl?raw';
import storedF32 from '../../../shaders/shared/stored_f32.wgsl?raw';
import sumsAlone from '../../../shaders/shared/sums_alone.wgsl?raw';
import sumsTogether from '../../../shaders/shared/sums_together.wgsl?raw';
import wide from '../../../shaders/shared/wide.wgsl?raw';
import shortBatchesWgsl from '../../../shaders/short_batches.wgsl?raw';
import shortEpochsWgsl from '../../../shaders/short_epochs.wgsl?raw';
import updateWgsl from '../../../shaders/update.wgsl?raw';
import type { Access } from '../device/buffers.js';
import { NEVER } from './uniforms.js';
import { keepsLosses, lossText, PLAIN, rowLossText } from './variants.js';
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

/** How a number of X is stored on the device; all arithmetic is f32. */
export type Storage = 'f32' | 'f16';

/** The texts that say how X is stored, and who writes a partial. */
export const STORED: Record<Storage, string> = { f32: storedF32, f16: storedF16 };
export const SUMS: Record<Tuning['sums'], string> = { together: sumsTogether, alone: sumsAlone };

/** A kernel whose workgroups have this many invocations, which its text knows as workgroup_size. */
export function sizedKernel(name: string, wgsl: string, bindings: readonly Access[], workgroupSize: number): Kernel {
  return { name, wgsl, bindings, workgroupSize, constants: { workgroup_size: workgroupSize } };
}

// What the kernels share comes after a kernel's own text, so that line numbers in compile errors are the file's: WGSL
// declarations may stand in any order.

export function residual(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  return sizedKernel(
    'residual',
    residualWgsl + atHand + config + STORED[storage] + lossText(terms) + keepsLosses(terms),
    ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.residualSize,
  );
}

export function gradient(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  return sizedKernel(
    'gradient',
    gradientWgsl + atHand + config + STORED[storage] + SUMS[tuning.sums] + keepsLosses(terms),
    ['uniformAt', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** residual for many features: the same bindings and results, several columns at a time. */
export function residualWide(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const wgsl = residualWideWgsl + atHand + config + STORED[storage] + lossText(terms) + keepsLosses(terms);
  return { ...residual(tuning, storage), name: 'residual_wide', wgsl };
}

/** gradient for many features, likewise. */
export function gradientWide(tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const wgsl = gradientWideWgsl + atHand + config + STORED[storage] + SUMS[tuning.sums] + keepsLosses(terms);
  return { ...gradient(tuning, storage), name: 'gradient_wide', wgsl };
}

/** The columns that a workgroup of gradient_wide adds up. */
export const WIDE_COLUMNS = 8;

export function update({ foldSize, folders }: Tuning): Kernel {
  const isAlone = folders === 1;
  return {
    name: 'update',
    wgsl: updateWgsl + config + step + finite + (isAlone ? foldAlone : foldTogether),
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'read', 'readWrite', 'readWrite', 'readWrite'],
    workgroupSize: foldSize,
    constants: { workgroup_size: foldSize, ...(!isAlone && { folders }) },
  };
}

/** In place of update, with the same bindings: a step of conjugate gradient, all of a model's parameters in one workgroup. */
export function conjugate({ foldSize }: Tuning): Kernel {
  return {
    name: 'conjugate',
    wgsl: conjugateWgsl + config + step + finite,
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'read', 'readWrite', 'readWrite', 'readWrite'],
    workgroupSize: foldSize,
    constants: { workgroup_size: foldSize },
  };
}

/** The kernel that ends an epoch. */
export function lastKernel({ tuning, isConjugate }: { tuning: Tuning; isConjugate?: boolean }): Kernel {
  return isConjugate ? conjugate(tuning) : update(tuning);
}

/** After an epoch of examples that others judge: their loss, the best parameters so far, and whether to go on. */
export function judge({ foldSize }: Tuning): Kernel {
  const bindings: Access[] = ['uniform', ...Array<Access>(3).fill('read'), ...Array<Access>(3).fill('readWrite')];
  return sizedKernel('judge', judgeWgsl + config + finite, bindings, foldSize);
}

/** Before that, the model's parameters, where they are not the first of their slots. */
export function candidate({ foldSize }: Tuning): Kernel {
  return sizedKernel('candidate', candidateWgsl + config, ['uniform', 'read', 'read', 'read', 'readWrite'], foldSize);
}

/** So many sums still fit the registers of an invocation; the registers of shaders/shared/narrow.wgsl end there. */
export const MOST_NARROW_FEATURES = 16;

/** The fused kernel for d features, 1 to MOST_NARROW_FEATURES: its one text with d as a constant, so 16 for each loss. */
export function fusedNarrow(featureCount: number, tuning: Tuning, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const features = `\nconst FEATURES = ${featureCount}u;\n`;
  return sizedKernel(
    'fused_narrow',
    fusedNarrowWgsl + narrow + atHand + config + STORED[storage] + SUMS[tuning.sums] + lossText(terms) + features,
    ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** With more features a compiler may take longer than the epochs: minutes at sixteen, for Naga on SwiftShader. */
export const MOST_SHORT_FEATURES = 8;

/** The most epochs of one dispatch of short_epochs: even, and over in some milliseconds. */
export const SHORT_EPOCHS = 64;

/** All of an epoch in one workgroup, for d features, 1 to MOST_SHORT_FEATURES, and few examples. */
export function shortEpochs(
  featureCount: number,
  { shortSize }: Tuning,
  storage: Storage = 'f32',
  terms = PLAIN,
): Kernel {
  const counts = `\nconst FEATURES = ${featureCount}u;\nconst EPOCHS = ${SHORT_EPOCHS}u;\n`;
  return sizedKernel(
    'short_epochs',
    shortEpochsWgsl + narrow + atHand + config + step + finite + STORED[storage] + lossText(terms) + counts,
    ['uniform', ...Array<Access>(4).fill('read'), ...Array<Access>(4).fill('readWrite')],
    shortSize,
  );
}

/** The most quads that a batch of short_batches lies in: workgroup memory holds a residual for each example, 8 KiB. */
export const MOST_SHORT_QUADS = 512;

/** The most parameters that it holds beside them, 4 KiB. Every adapter has 16 KiB. */
export const MOST_SHORT_PARAMETERS = 1024;

/** What a dispatch of short_batches takes. Its arrays are no longer than need be: SwiftShader compiles a store for each number. */
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
export function shortBatches(
  { quads, parameters, updates, epochs }: ShortBatchesShape,
  { shortSize }: Tuning,
  storage: Storage = 'f32',
  terms = PLAIN,
): Kernel {
  return {
    name: 'short_batches',
    wgsl: shortBatchesWgsl + batchSums + batches + config + step + finite + STORED[storage] + lossText(terms),
    bindings: ['uniform', ...Array<Access>(4).fill('read'), ...Array<Access>(4).fill('readWrite')],
    workgroupSize: shortSize,
    constants: {
      ...{ workgroup_size: shortSize, parameter_count: parameters, most_quads: quads },
      ...{ updates, most_epochs: Math.min(epochs, NEVER) },
    },
  };
}

/** How the lanes of a subgroup share rows in fused_wide. */
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

/** As few lanes to a row as hold d features in one segment each; all of the subgroup, and more segments, for more. */
export function wideShape(featureCount: number, subgroup: number): WideShape {
  const needed = Math.ceil(featureCount / COLUMNS_PER_SEGMENT);
  const lanes = Math.min(subgroup, 2 ** Math.ceil(Math.log2(needed)));
  return { subgroup, lanes, segments: Math.ceil(needed / lanes) };
}

/** Quads of features in a row as fused_wide reads it, padding included. */
export function rowQuadsOf({ lanes, segments }: WideShape): number {
  return (lanes * segments * COLUMNS_PER_SEGMENT) / 4;
}

export function fusedWide({ subgroup, lanes, segments }: WideShape, storage: Storage = 'f32', terms = PLAIN): Kernel {
  const shape = `\nconst SUBGROUP = ${subgroup}u;\nconst LANES = ${lanes}u;\nconst SEGMENTS = ${segments}u;\n`;
  return {
    name: 'fused_wide',
    wgsl: fusedWideWgsl + wide + config + STORED[storage] + rowLossText(terms) + shape,
    bindings: ['uniformAt', 'read', 'read', 'read', 'read', 'readWrite'],
    workgroupSize: subgroup,
    constants: {},
  };
}
