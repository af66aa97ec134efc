import fusedNarrowWgsl from '../../shaders/fused_narrow.wgsl?raw';
import gradient from '../../shaders/gradient.wgsl?raw';
import gradientWide from '../../shaders/gradient_wide.wgsl?raw';
import residual from '../../shaders/residual.wgsl?raw';
import residualWide from '../../shaders/residual_wide.wgsl?raw';
import config from '../../shaders/shared/config.wgsl?raw';
import pairSums from '../../shaders/shared/pair_sums.wgsl?raw';
import workgroupSum from '../../shaders/shared/workgroup_sum.wgsl?raw';
import update from '../../shaders/update.wgsl?raw';
import type { Access } from './buffers.js';
import type { Work } from './tuning.js';

/** A kernel as its file states it: the entry point is its name, the bindings are numbered in this order. */
export interface Kernel {
  name: string;
  wgsl: string;
  bindings: readonly Access[];
  work: Work;
}

// What the kernels share comes after a kernel's own text, so that line numbers in compile errors are the file's:
// WGSL declarations may stand in any order.

export const RESIDUAL: Kernel = {
  name: 'residual',
  wgsl: residual + config,
  bindings: ['uniform', 'read', 'read', 'read', 'read', 'readWrite'],
  work: 'examples',
};

export const GRADIENT: Kernel = {
  name: 'gradient',
  wgsl: gradient + config + workgroupSum,
  bindings: ['uniform', 'read', 'read', 'read', 'readWrite'],
  work: 'sums',
};

/** residual and gradient for many features: the same bindings and results, sixteen columns at a time. */
export const RESIDUAL_WIDE: Kernel = { ...RESIDUAL, name: 'residual_wide', wgsl: residualWide + config };
export const GRADIENT_WIDE: Kernel = { ...GRADIENT, name: 'gradient_wide', wgsl: gradientWide + config + pairSums };

/** The columns that a workgroup of gradient_wide adds up. */
export const WIDE_COLUMNS = 16;

export const UPDATE: Kernel = {
  name: 'update',
  wgsl: update + config + workgroupSum,
  bindings: ['uniform', 'read', 'read', 'read', 'read', 'readWrite', 'readWrite', 'readWrite'],
  work: 'fold',
};

/** So many sums still fit the registers of an invocation; the pairs of shaders/fused_narrow.wgsl end there. */
export const MOST_NARROW_FEATURES = 16;

/** The fused kernel for d features, 1 to MOST_NARROW_FEATURES: its one text with d as a constant, so 16 texts in all. */
export function fusedNarrow(featureCount: number): Kernel {
  return {
    name: 'fused_narrow',
    wgsl: `${fusedNarrowWgsl}${config}${pairSums}\nconst FEATURES = ${featureCount}u;\n`,
    bindings: ['uniform', 'read', 'read', 'read', 'read', 'readWrite'],
    work: 'sums',
  };
}
