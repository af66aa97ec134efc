import arrangeWgsl from '../../../shaders/arrange.wgsl?raw';
import predictWgsl from '../../../shaders/predict.wgsl?raw';
import config from '../../../shaders/shared/config.wgsl?raw';
import countedAlike from '../../../shaders/shared/table_counted_alike.wgsl?raw';
import countedByWeight from '../../../shaders/shared/table_counted_by_weight.wgsl?raw';
import writeHit from '../../../shaders/shared/write_hit.wgsl?raw';
import writeProbability from '../../../shaders/shared/write_probability.wgsl?raw';
import writePrediction from '../../../shaders/shared/write_prediction.wgsl?raw';
import writeResidual from '../../../shaders/shared/write_residual.wgsl?raw';
import surveyWgsl from '../../../shaders/survey.wgsl?raw';
import type { Access } from '../device/buffers.js';
import { type Kernel, sizedKernel, type Storage, STORED } from './epoch-kernels.js';
import type { Layout } from './layout.js';
import type { Tuning } from '../device/tuning.js';

// The kernels that read a caller's table, [m, n] row-major, where it lies.

/** What predict writes for a row: 'hit' is whether the more probable label is the target. */
export type PredictOutput = 'prediction' | 'probability' | 'residual' | 'hit';

const OUTPUTS: Record<PredictOutput, { wgsl: string; bindings: Access[] }> = {
  prediction: { wgsl: writePrediction, bindings: ['readWrite'] },
  probability: { wgsl: writeProbability, bindings: ['readWrite'] },
  residual: { wgsl: writeResidual, bindings: ['read', 'readWrite'] },
  hit: { wgsl: writeHit, bindings: ['read', 'readWrite'] },
};

export function predictKernel(output: PredictOutput, tuning: Tuning): Kernel {
  const { wgsl, bindings } = OUTPUTS[output];
  return sizedKernel(
    'predict',
    predictWgsl + config + wgsl,
    ['uniform', 'read', 'read', ...bindings],
    tuning.residualSize,
  );
}

/** What the columns of a table may hold: finite numbers; of those 0 and 1 alone, or none under 0. */
export type Holds = 'numbers' | 'labels' | 'weights';

export function surveyKernel(tuning: Tuning, holds: Holds = 'numbers', weighted = false): Kernel {
  const allowed = `\nconst LABELS = ${holds === 'labels'};\nconst WEIGHTS = ${holds === 'weights'};\n`;
  return sizedKernel(
    'survey',
    surveyWgsl + config + (weighted ? countedByWeight : countedAlike) + allowed,
    ['uniform', 'read', 'read', ...(weighted ? ['read' as const] : []), 'readWrite'],
    tuning.residualSize,
  );
}

/** `struct Rows` of survey. */
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

/** Bytes of what an invocation of survey finds: `struct Found`. */
export const FOUND_BYTES = 24;

export function arrangeKernel(order: Layout['order'], storage: Storage, tuning: Tuning): Kernel {
  const wgsl = `${arrangeWgsl}${config}${STORED[storage]}\nconst ROWS = ${order === 'rows'};\n`;
  return sizedKernel('arrange', wgsl, ['uniform', 'read', 'read', 'readWrite'], tuning.residualSize);
}

/** `struct Piece` of arrange. */
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

/** A scale, and the centre times the scale, for each column: what survey and arrange take off and multiply by. */
export function writeCenters(centers: readonly { center: number; scale: number }[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(centers.flatMap(({ center, scale }) => [scale, center * scale]));
}
