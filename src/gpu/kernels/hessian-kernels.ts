import hessianWgsl from '../../../shaders/moments/hessian.wgsl?raw';
import hessianNarrowWgsl from '../../../shaders/moments/hessian_narrow.wgsl?raw';
import secondDerivativesWgsl from '../../../shaders/moments/second_derivatives.wgsl?raw';
import type { Tuning } from '../device/tuning.js';
import { type Kernel, PARTIAL_SUMS, sizedKernel } from './epoch-kernels.js';
import type { Layout } from './layout.js';
import { shaderText } from './shader-text.js';
import { exampleVariants, type Terms } from './variants.js';

/** The most features whose products all fit the registers of an invocation. */
export const MOST_NARROW_HESSIAN = 8;

/** Rows, and columns, of products to a workgroup of hessian. */
export const HESSIAN_TILE = 8;

/** The layout of X as the answers of shaders/variants/ say it. */
type FeatureLayout = Pick<Layout, 'order' | 'storage'>;

/** The second derivative of each example's loss, times its weight. */
export function secondDerivativesKernel({ order, storage }: FeatureLayout, tuning: Tuning, terms: Terms): Kernel {
  return sizedKernel(
    'second_derivatives',
    shaderText(secondDerivativesWgsl, { variants: { layout: order, storage, ...exampleVariants(terms) } }),
    ['uniform', 'read', 'read', 'read', 'readWrite'],
    tuning.residualSize,
  );
}

/** The sums of the Hessian tile by tile, for any number of features. */
export function hessianKernel({ order, storage }: FeatureLayout, tuning: Tuning): Kernel {
  return sizedKernel(
    'hessian',
    shaderText(hessianWgsl, { variants: { layout: order, storage, partial_sum: PARTIAL_SUMS[tuning.sums] } }),
    ['uniform', 'uniformAt', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** The sums of the Hessian in one pass, for 1 to MOST_NARROW_HESSIAN features in columns. */
export function hessianNarrowKernel(
  featureCount: number,
  { storage }: Pick<Layout, 'storage'>,
  tuning: Tuning,
  terms: Terms,
): Kernel {
  return sizedKernel(
    'hessian_narrow',
    shaderText(hessianNarrowWgsl, {
      variants: { storage, partial_sum: PARTIAL_SUMS[tuning.sums], ...exampleVariants(terms) },
      constants: { FEATURES: featureCount },
    }),
    ['uniform', 'uniformAt', 'read', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** The place of the sums of a feature in the lower triangle of [1 x][1 x]ᵀ; that of d features holds `rowBegin(d)` sums. */
export function rowBegin(feature: number): number {
  return ((feature + 1) * (feature + 2)) / 2;
}

/** `struct Band`: the sums of the triangle that lie in the partials, and the tiles and examples of a dispatch. */
export interface BandUniform {
  firstTile: number;
  firstQuad: number;
  endQuad: number;
  firstSum: number;
  sumCount: number;
  /** False where the sums take the place of those that were there. */
  isAdded: boolean;
}

/** Six fields of four bytes, padded to the 16 bytes that a uniform struct is rounded up to. */
export const BAND_BYTES = 32;

export function writeBand({ firstTile, firstQuad, endQuad, firstSum, sumCount, isAdded }: BandUniform): ArrayBuffer {
  return Uint32Array.of(firstTile, firstQuad, endQuad, firstSum, sumCount, isAdded ? 1 : 0, 0, 0).buffer;
}
