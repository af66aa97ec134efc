import type { Buffers } from '../device/buffers.js';
import type { CompiledKernel } from '../device/compile.js';
import type { Tuning } from '../device/tuning.js';
import type { Kernel, Storage } from '../kernels/epoch-kernels.js';
import type { BufferLimits, Layout } from '../kernels/layout.js';
import type { Terms } from '../kernels/variants.js';
import type { EpochBuffers, Step } from './epoch.js';
import type { Share } from './shares.js';

/** A way to run an epoch: its kernels, how X lies for them, and the dispatches made of them, in order. */
export interface Recipe {
  name: 'textbook' | 'short' | 'short-batches' | 'fused-narrow' | 'fused-wide' | 'wide' | 'many-narrow' | 'many-wide';
  layout: Layout;
  kernels: readonly Kernel[];
  /** The most updates that its dispatches make when each has run once: 1, or more if a kernel keeps the progress in its place. */
  updatesPerRound: number;
  /** True if a round ends with its epoch, though it may then make fewer updates: where epochs take many rounds. Default false. */
  endsWithEpoch?: boolean;
  /** The way in which the kernels serve several models; null if they serve one. */
  many: ManyShape | null;
  /** Workgroups that share the examples of a shard, and the partials that they write. */
  share(quadCount: number): Share;
  /** The dispatches of an epoch; buffers that the recipe needs for itself come from the allocator. */
  steps(compiled: readonly CompiledKernel[], buffers: EpochBuffers, featureCount: number, allocator: Buffers): Step[];
  /** The steps before the update, which read the examples and write partials; left out where there is no such pass. */
  pass?(compiled: readonly CompiledKernel[], buffers: PassBuffers, allocator: Buffers): Step[];
}

/** The buffers that a pass over examples reads and writes, besides the parameters. */
export type PassBuffers = Pick<EpochBuffers, 'shards' | 'partials'>;

export interface ManyShape {
  /** Models that an invocation works for. */
  models: number;
  /** 'one' if all models of a dispatch learn the same column of targets, 'each' if every model has its own. */
  targets: 'one' | 'each';
  /** The most models that one dispatch should work for, on a shard of so many quads. */
  mostJobs(quadCount: number): number;
}

/** The conditions that select a recipe. */
export interface RecipeChoice {
  exampleCount: number;
  /** Columns as long as the targets that a binding must hold, as the examples were cut into shards. */
  besideX: number;
  kernels: 'auto' | 'textbook';
  storage: Storage;
  terms: Terms;
  tuning: Tuning;
  limits: BufferLimits;
  subgroupSize: number | null;
  /** True if kernels ask for that size of subgroups; default false. */
  isSubgroupPinned?: boolean;
  /** True if the steps are those of conjugate gradient; default false. */
  isConjugate?: boolean;
  /** True if there is validation after each epoch; default false. */
  isValidated?: boolean;
  /** True for mini-batches, each of one shard; default false. */
  inBatches?: boolean;
}

/** The conditions that the kernels of a recipe depend on, besides the number of features. */
export type KernelChoice = Pick<RecipeChoice, 'storage' | 'terms' | 'tuning' | 'isConjugate'>;
