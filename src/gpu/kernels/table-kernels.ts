import columnStatisticsWgsl from '../../../shaders/examples/column_statistics.wgsl?raw';
import importRowsWgsl from '../../../shaders/examples/import_rows.wgsl?raw';
import predictWgsl from '../../../shaders/examples/predict.wgsl?raw';
import { type Kernel, sizedKernel, type Storage } from './epoch-kernels.js';
import type { Layout } from './layout.js';
import { shaderText } from './shader-text.js';
import type { Tuning } from '../device/tuning.js';

// The kernels that read a caller's table, [m, n] row-major, where it lies.

/** The answers of shaders/variants/predict_output/: the output of predict for a row. */
export type PredictOutput = 'prediction' | 'probability' | 'residual' | 'correct';

export function predictKernel(output: PredictOutput, tuning: Tuning): Kernel {
  const readsTargets = output === 'residual' || output === 'correct';
  return sizedKernel(
    'predict',
    shaderText(predictWgsl, { variants: { predict_output: output } }),
    ['uniform', 'read', 'read', ...(readsTargets ? (['read'] as const) : []), 'readWrite'],
    tuning.residualSize,
  );
}

/** The values that a table may hold: finite numbers, only 0 and 1, or no number under 0. */
export type Holds = 'numbers' | 'labels' | 'weights';

export function columnStatisticsKernel(tuning: Tuning, holds: Holds = 'numbers', weighted = false): Kernel {
  return sizedKernel(
    'column_statistics',
    shaderText(columnStatisticsWgsl, {
      variants: { example_weight: weighted ? 'weighted' : 'none' },
      constants: { LABELS: holds === 'labels', WEIGHTS: holds === 'weights' },
    }),
    ['uniform', 'read', 'read', ...(weighted ? ['read' as const] : []), 'readWrite'],
    tuning.residualSize,
  );
}

/** `struct Rows` of column_statistics. */
export interface SurveyedRows {
  first: number;
  count: number;
  columnCount: number;
  shareCount: number;
  /** Default 1. */
  weightScale?: number;
}

/** Five fields of four bytes, padded to the 16 bytes that a uniform struct is rounded up to. */
export function writeRows({ first, count, columnCount, shareCount, weightScale = 1 }: SurveyedRows): ArrayBuffer {
  const contents = new ArrayBuffer(32);
  new Uint32Array(contents).set([first, count, columnCount, shareCount]);
  new DataView(contents).setFloat32(16, weightScale, true);
  return contents;
}

/** Bytes of the result of one invocation: `struct Found` of column_statistics. */
export const FOUND_BYTES = 24;

export function importRowsKernel(order: Layout['order'], storage: Storage, tuning: Tuning): Kernel {
  const wgsl = shaderText(importRowsWgsl, { variants: { storage }, constants: { ROWS: order === 'rows' } });
  return sizedKernel('import_rows', wgsl, ['uniform', 'read', 'read', 'readWrite'], tuning.residualSize);
}

/** `struct Piece` of import_rows. */
export interface ArrangedPiece {
  firstRow: number;
  rowCount: number;
  firstExample: number;
  columnCount: number;
  quadCount: number;
  rowQuads: number;
  firstColumn: number;
}

/** Seven fields of four bytes, padded likewise. */
export function writePiece(piece: ArrangedPiece): ArrayBuffer {
  const contents = new ArrayBuffer(32);
  const { firstRow, rowCount, firstExample, columnCount, quadCount, rowQuads, firstColumn } = piece;
  new Uint32Array(contents).set([firstRow, rowCount, firstExample, columnCount, quadCount, rowQuads, firstColumn]);
  return contents;
}

/** A scale, and the centre times the scale, for each column: what column_statistics and import_rows take off and multiply by. */
export function writeCenters(centers: readonly { center: number; scale: number }[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(centers.flatMap(({ center, scale }) => [scale, center * scale]));
}
