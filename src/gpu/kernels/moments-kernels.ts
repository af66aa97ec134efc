import momentsWgsl from '../../../shaders/moments/moments.wgsl?raw';
import momentsNarrowWgsl from '../../../shaders/moments/moments_narrow.wgsl?raw';
import { type Kernel, PARTIAL_SUMS, sizedKernel } from './epoch-kernels.js';
import { shaderText } from './shader-text.js';
import type { Tuning } from '../device/tuning.js';

/** The most columns whose products all fit the registers of an invocation. */
export const MOST_NARROW_COLUMNS = 9;

/** Rows, and columns, of products to a workgroup of moments. */
export const TILE = 4;

/** The kernel for n columns, the features and the targets: all products in one pass, or tile by tile. */
export function momentsKernel(columnCount: number, tuning: Tuning): Kernel {
  const isNarrow = columnCount <= MOST_NARROW_COLUMNS;
  return sizedKernel(
    isNarrow ? 'moments_narrow' : 'moments',
    shaderText(isNarrow ? momentsNarrowWgsl : momentsWgsl, {
      variants: { partial_sum: PARTIAL_SUMS[tuning.sums] },
      constants: isNarrow ? { COLUMNS: columnCount } : { TILE },
    }),
    ['uniform', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** Numbers in a partial: the lower triangle of the products with Σ z before each row. */
export function sumsOf(columnCount: number): number {
  return (columnCount * (columnCount + 3)) / 2;
}
