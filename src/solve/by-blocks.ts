import { inTurns, type WorkInParts } from '../base/turns.js';
import type { FloatArray } from '../data/dataset.js';
import type { NormalEquations } from './by-moments.js';
import { PivotedQr, UpperFactor } from './pivoted-qr.js';
import { eachBlockInParts, type Parts } from './residual-sums.js';

/** Rows that are folded in at a time: many times the columns, so that what is folded again costs little. */
const BLOCK_ROWS = 1024;
const ROWS_PER_COLUMN = 4;

/**
 * The factor of normal equations by QR of the examples themselves, a block of rows at a time folded into the R of those
 * before (Demmel, Grigori, Hoemmen and Langou, "Communication-optimal parallel and sequential QR and LU factorizations",
 * SIAM Journal on Scientific Computing 34 (2012), A206–A239). No products are added up, so that it has all the digits of
 * the smallest singular value that f64 leaves, where sums of products have half of them. Some 2·m·d² multiply-adds, and no
 * copy of the examples. Rejects with the signal's reason.
 */
export async function factorByBlocks(
  parts: Parts,
  { lengths, penalties, means }: Pick<NormalEquations, 'lengths' | 'penalties' | 'means'>,
  signal: AbortSignal | undefined,
): Promise<UpperFactor> {
  const size = lengths.length;
  // Below the examples stands a row for the penalty of each weight.
  let factor = await inTurns(
    folded(new UpperFactor([], [], size), size, (j, column) => {
      column[j] = Math.sqrt(penalties[j] as number) / (lengths[j] as number);
    }),
    signal,
  );
  const blockRows = Math.max(BLOCK_ROWS, ROWS_PER_COLUMN * size);
  await eachBlockInParts(parts, blockRows, signal, function* ({ features, targets, exampleWeights }, from) {
    const rowCount = Math.min(blockRows, targets.length - from);
    const roots = exampleWeights && Float64Array.from(exampleWeights.subarray(from, from + rowCount), Math.sqrt);
    factor = yield* folded(factor, rowCount, (j, column) => {
      const feature = features[j] as FloatArray;
      const [center, length] = [means[j] as number, lengths[j] as number];
      for (let i = 0; i < rowCount; i++) {
        column[i] = (((feature[from + i] as number) - center) / length) * (roots ? (roots[i] as number) : 1);
      }
    });
  });
  return factor;
}

/** R of so many rows, which `fill` writes column by column, and of the rows of another R. */
function* folded(
  { rows, size }: UpperFactor,
  rowCount: number,
  fill: (j: number, column: Float64Array) => void,
): WorkInParts<UpperFactor> {
  const columns = Array.from({ length: size }, (_, j) => {
    const column = new Float64Array(rowCount + rows.length);
    fill(j, column);
    rows.forEach((row, k) => (column[rowCount + k] = row[j] as number));
    return column;
  });
  return (yield* PivotedQr.of(columns)).upper;
}
