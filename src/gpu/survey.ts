import { DescentError } from '../errors.js';
import { exponentFor } from '../moments/centers.js';
import { Buffers, read, readWrite, uniform } from './buffers.js';
import { bind, type CompiledKernel, compileKernels } from './compile.js';
import { writeConfig } from './config.js';
import type { GpuContext } from './device.js';
import { folded } from './recipes.js';
import { FOUND_BYTES, surveyKernel, writeCenters } from './table-kernels.js';
import { piecesOf, type Table, type TablePiece } from './tables.js';
import type { Tuning } from './tuning.js';

/** What a column of a caller's table is like, in f64 as far as f32 knows it. */
export interface ColumnSurvey {
  least: number;
  greatest: number;
  mean: number;
  /** Over m, not m − 1. */
  deviation: number;
}

/** What is taken off a column, and what it is then multiplied by: a power of two. Both are exact in f32. */
export interface Scaling {
  center: number;
  scale: number;
}

/** The sums of a column about a centre: Σ z and Σ z² with z = (x − center)·scale. */
export interface ColumnSums {
  sum: number;
  squares: number;
  least: number;
  greatest: number;
}

export const AS_IT_IS: Scaling = { center: 0, scale: 1 };

/** Invocations of survey: as many as keep the adapter busy, and as few as make little to read back. */
const MOST_INVOCATIONS: Record<Tuning['sums'], number> = { together: 65_536, alone: 256 };

/** Powers of two that are normal numbers in f32, and whose inverses are. */
const MOST_EXPONENT = 126;

/**
 * Looks at every number of a table, in two passes: the extremes and about where the mean is, and then the sums about that.
 * Throws `NON_FINITE_VALUE` with the first row and column, row by row, that holds no finite number; and what a device
 * may. What was made is freed.
 */
export async function surveyTable(context: GpuContext, table: Table, signal?: AbortSignal): Promise<ColumnSurvey[]> {
  const plain = await sumTable(
    context,
    table,
    table.columns.map(() => AS_IT_IS),
    signal,
  );
  const centers = plain.map(({ sum, least, greatest }) => {
    const mean = Number.isFinite(sum) ? sum / table.rowCount : least / 2 + greatest / 2;
    const center = Math.fround(Math.min(Math.max(mean, least), greatest));
    const scale = scaleOf(exponentFor(Math.max(greatest - center, center - least)));
    return { center, scale };
  });
  const about = await sumTable(context, table, centers, signal);
  return about.map(({ sum, squares, least, greatest }, j) => {
    const { center, scale } = centers[j] as Scaling;
    const offset = sum / table.rowCount;
    const variance = Math.max(0, squares / table.rowCount - offset ** 2);
    return { least, greatest, mean: center + offset / scale, deviation: Math.sqrt(variance) / scale };
  });
}

/** 2^−exponent, within what f32 holds. */
export function scaleOf(exponent: number): number {
  return 2 ** -Math.min(MOST_EXPONENT, Math.max(-MOST_EXPONENT, exponent));
}

/** One pass of `surveyTable`: the sums of each column about a centre. */
export async function sumTable(
  context: GpuContext,
  table: Table,
  scalings: readonly Scaling[],
  signal?: AbortSignal,
): Promise<ColumnSums[]> {
  const { device, tuning } = context;
  const columnCount = table.columns.length;
  const pieces = piecesOf(table, context.limits, tuning);
  const [compiled] = (await compileKernels(context, [surveyKernel(tuning)])) as [CompiledKernel];
  const mostRows = Math.max(...pieces.map(({ rowCount }) => rowCount));
  const shares = Math.min(mostRows, Math.max(1, Math.floor(MOST_INVOCATIONS[tuning.sums] / columnCount)));
  const made = new Buffers(device);
  const all = table.columns.map((): ColumnSums => ({ sum: 0, squares: 0, least: Infinity, greatest: -Infinity }));
  try {
    const { centers, found, result } = await context.guard(`look at ${table.label}`, () => {
      const contents = writeCenters(scalings);
      const foundBytes = FOUND_BYTES * shares * columnCount;
      const buffers = {
        centers: made.storage('centers', contents.byteLength),
        found: made.storage('found', foundBytes),
        result: made.staging('found readback', foundBytes),
      };
      device.queue.writeBuffer(buffers.centers, 0, contents);
      return buffers;
    });
    for (const piece of pieces) {
      await context.guard(`look at ${piece.rowCount} rows of ${table.label}`, () => {
        const shape = {
          featureCount: columnCount,
          quadCount: 0,
          rowQuads: 0,
          firstPartial: 0,
          partialCount: shares,
          huberDelta: 0,
        };
        const config = made.uniform('config', writeConfig({ ...shape, exampleCount: piece.rowCount }));
        const encoder = device.createCommandEncoder({ label: 'survey' });
        const pass = encoder.beginComputePass({ label: 'survey' });
        pass.setPipeline(compiled.pipeline);
        const bindings = [uniform(config), read(table.buffer, piece.range), read(centers), readWrite(found)];
        pass.setBindGroup(0, bind(device, compiled, bindings));
        pass.dispatchWorkgroups(...folded(Math.ceil((shares * columnCount) / tuning.residualSize)));
        pass.end();
        encoder.copyBufferToBuffer(found, 0, result, 0, found.size);
        device.queue.submit([encoder.finish()]);
      });
      await context.wait(result.mapAsync(GPUMapMode.READ));
      fold(new DataView(result.getMappedRange()), all, table, piece);
      result.unmap();
      signal?.throwIfAborted();
    }
    return all;
  } finally {
    made.destroy();
  }
}

/** Adds what the invocations found in a piece. */
function fold(found: DataView, all: readonly ColumnSums[], table: Table, piece: TablePiece): void {
  let first = { index: Infinity, value: 0 };
  for (let at = 0, t = 0; at < found.byteLength; at += FOUND_BYTES, t++) {
    const column = all[t % all.length] as ColumnSums;
    column.sum += found.getFloat32(at, true);
    column.squares += found.getFloat32(at + 4, true);
    column.least = Math.min(column.least, found.getFloat32(at + 8, true));
    column.greatest = Math.max(column.greatest, found.getFloat32(at + 12, true));
    const index = found.getUint32(at + 16, true);
    if (index < piece.rowCount * all.length && index < first.index) {
      first = { index, value: found.getFloat32(at + 20, true) };
    }
  }
  if (first.index === Infinity) return;
  const row = piece.firstRow + Math.floor(first.index / all.length);
  const column = table.columns[first.index % all.length] as string;
  throw new DescentError('NON_FINITE_VALUE', {
    got: `${first.value} in row ${row} of '${column}'`,
    expected: 'finite numbers',
    fix: 'Drop or fill that row before training.',
    where: { row, column },
  });
}
