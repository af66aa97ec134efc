import type { Lanes } from '../wasm/lanes.js';

/** Bytes of a column of a tile: a line of the cache. */
const LINE_BYTES = 64;

/**
 * The shape of the examples in memory: tiles of 16 rows in f32 or 8 in f64, each with its columns one after another, the
 * features first, then the targets, then the weights if there are any. One stream is read, without gaps, and the rows of
 * a tile lie in the lanes of vectors: no sum across lanes is taken before the end.
 */
export interface Shape {
  /** d */
  featureCount: number;
  /** t */
  targetCount: number;
  isWeighted: boolean;
  storedBytes: 4 | 8;
}

export const rowsOfTile = ({ storedBytes }: Pick<Shape, 'storedBytes'>): number => LINE_BYTES / storedBytes;

export const columnsOfTile = ({ featureCount, targetCount, isWeighted }: Shape): number =>
  featureCount + targetCount + (isWeighted ? 1 : 0);

export const tileBytes = (shape: Shape): number => columnsOfTile(shape) * LINE_BYTES;

/** The offset of a column in its tile. */
export const columnOffset = (column: number): number => column * LINE_BYTES;

/** Vectors of a column of a tile. */
export const vectorsOfColumn = ({ count, storedBytes }: Lanes): number => LINE_BYTES / (count * storedBytes);

/** The offset of a vector in its column. */
export const vectorOffset = ({ count, storedBytes }: Lanes, vector: number): number => vector * count * storedBytes;

/** Entries on and above the diagonal of a Hessian, the bias included. */
export const hessianLength = (featureCount: number): number => ((featureCount + 1) * (featureCount + 2)) / 2;

/** Entries of the sums of a kernel: [d + 2], and the second derivatives if it has them. */
export const sumCount = ({ featureCount }: Shape, { withHessian }: { withHessian: boolean }): number =>
  featureCount + 2 + (withHessian ? hessianLength(featureCount) : 0);

/** Numbers of the tiles that hold this many rows. */
export const numbersOfTiles = (shape: Shape, count: number): number =>
  (Math.ceil(count / rowsOfTile(shape)) * tileBytes(shape)) / shape.storedBytes;
