import momentsWgsl from '../../../shaders/moments.wgsl?raw';
import momentsNarrowWgsl from '../../../shaders/moments_narrow.wgsl?raw';
import config from '../../../shaders/shared/config.wgsl?raw';
import { type Kernel, sizedKernel, SUMS } from './epoch-kernels.js';
import type { Tuning } from '../device/tuning.js';

/** So many columns still have all of their products in the registers of an invocation. */
export const MOST_NARROW_COLUMNS = 9;

/** Rows, and columns, of products to a workgroup of moments. */
export const TILE = 4;

/** The kernel for n columns, the features and the targets: all products in one pass, or tile by tile. */
export function momentsKernel(columnCount: number, tuning: Tuning): Kernel {
  const isNarrow = columnCount <= MOST_NARROW_COLUMNS;
  const size = isNarrow ? `const COLUMNS = ${columnCount}u;` : `const TILE = ${TILE}u;`;
  return sizedKernel(
    isNarrow ? 'moments_narrow' : 'moments',
    `${isNarrow ? momentsNarrowWgsl : momentsWgsl}${config}${SUMS[tuning.sums]}\n${size}\n`,
    ['uniform', 'read', 'read', 'readWrite'],
    tuning.sumsSize,
  );
}

/** Numbers in a partial: the lower triangle of the products with Σ z before each row. */
export function sumsOf(columnCount: number): number {
  return (columnCount * (columnCount + 3)) / 2;
}
