import arrangeWgsl from '../../shaders/arrange.wgsl?raw';
import predictWgsl from '../../shaders/predict.wgsl?raw';
import config from '../../shaders/shared/config.wgsl?raw';
import writeProbability from '../../shaders/shared/write_probability.wgsl?raw';
import writePrediction from '../../shaders/shared/write_prediction.wgsl?raw';
import writeResidual from '../../shaders/shared/write_residual.wgsl?raw';
import surveyWgsl from '../../shaders/survey.wgsl?raw';
import type { Access } from './buffers.js';
import { type Kernel, sizedKernel, type Storage, STORED } from './kernels.js';
import type { Layout } from './layout.js';
import type { Tuning } from './tuning.js';

// The kernels that read a caller's table, [m, n] row-major, where it lies.

/** What predict writes for a row. */
export type PredictOutput = 'prediction' | 'probability' | 'residual';

const OUTPUTS: Record<PredictOutput, { wgsl: string; bindings: Access[] }> = {
  prediction: { wgsl: writePrediction, bindings: ['readWrite'] },
  probability: { wgsl: writeProbability, bindings: ['readWrite'] },
  residual: { wgsl: writeResidual, bindings: ['read', 'readWrite'] },
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

export function surveyKernel(tuning: Tuning): Kernel {
  return sizedKernel('survey', surveyWgsl + config, ['uniform', 'read', 'read', 'readWrite'], tuning.residualSize);
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
}

/** Six fields of four bytes, padded to the 16 bytes that a uniform struct is rounded up to. */
export function writePiece(piece: ArrangedPiece): ArrayBuffer {
  const contents = new ArrayBuffer(32);
  const { firstRow, rowCount, firstExample, columnCount, quadCount, rowQuads } = piece;
  new Uint32Array(contents).set([firstRow, rowCount, firstExample, columnCount, quadCount, rowQuads]);
  return contents;
}

/** A scale, and the centre times the scale, for each column: what survey and arrange take off and multiply by. */
export function writeCenters(centers: readonly { center: number; scale: number }[]): Float32Array<ArrayBuffer> {
  return Float32Array.from(centers.flatMap(({ center, scale }) => [scale, center * scale]));
}
