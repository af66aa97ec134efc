import { notFinite } from '../../data/dataset.js';
import type { DescentError } from '../../base/errors.js';
import { beforeAbort } from '../../base/turns.js';
import { noWeight } from '../../data/example-weights.js';
import { noLabel } from '../../data/labels.js';
import { exponentFor } from '../../moments/centers.js';
import { Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import { mapForReading, readMapped } from '../device/readback.js';
import type { ShardRange } from '../kernels/layout.js';
import { folded } from '../device/dispatch-size.js';
import { FOUND_BYTES, type Holds, columnStatisticsKernel, writeCenters, writeRows } from '../kernels/table-kernels.js';
import { besidePiece, piecesOf, piecesWithin, type BufferTable } from './tables.js';
import type { Tuning } from '../device/tuning.js';

/**
 * The properties of a column of a caller's table, from the rows with a weight above 0, in f64 as exactly as f32 allows.
 */
export interface ColumnSurvey {
  least: number;
  greatest: number;
  mean: number;
  /** Over m, not m − 1. */
  deviation: number;
  /** The extremes of all rows, those that count nothing too. */
  reach: { least: number; greatest: number };
}

/** The weights of the rows of a table. */
export interface RowWeights {
  /** [m, 1] */
  table: BufferTable;
  /** The factor that the device puts on them, a power of two, so that the largest is near 1. */
  scale: number;
  /** Their sum times the scale. */
  total: number;
}

/** The options of a survey of a table. */
export interface SurveyOptions {
  /** Default: all rows count the same. */
  weights?: RowWeights | undefined;
  /** Default 'numbers'. */
  holds?: Holds;
  /** The rows to look at. Default: all. */
  range?: ShardRange;
  signal?: AbortSignal | undefined;
}

/**
 * The shift that is subtracted from a column, and the power of two that it is then multiplied by. Both are exact in
 * f32.
 */
export interface Scaling {
  center: number;
  scale: number;
}

/** The sums of a column about a centre: Σ w·z and Σ w·z² with z = (x − center)·scale and w how much a row counts. */
export interface ColumnSums {
  sum: number;
  squares: number;
  least: number;
  greatest: number;
}

export const AS_IT_IS: Scaling = { center: 0, scale: 1 };

/** Invocations of survey: as many as keep the adapter busy, and as few as make little to read back. */
const MOST_INVOCATIONS: Record<Tuning['sums'], number> = { together: 65_536, alone: 256 };

/** `strange` where there is none: no binding has so many numbers. */
const NONE_STRANGE = 0xffff_ffff;

/** Powers of two that are normal numbers in f32, and whose inverses are. */
const MOST_EXPONENT = 126;

/**
 * Looks at every number of a table, in two passes: the extremes and about where the mean is, and then the sums about that;
 * with weights in one more, for the rows that count nothing. Throws `NON_FINITE_VALUE` with the first row and column, row by
 * row, that holds no finite number; and what a device may. What was made is freed.
 */
export async function surveyTable(
  context: GpuContext,
  table: BufferTable,
  options: Pick<SurveyOptions, 'weights' | 'signal'> = {},
): Promise<ColumnSurvey[]> {
  const { weights, signal } = options;
  const asItIs = table.columns.map(() => AS_IT_IS);
  const unweighted = weights && (await sumTable(context, table, asItIs, { signal }));
  const plain = await sumTable(context, table, asItIs, options);
  const total = weights?.total ?? table.rowCount;
  const centers = plain.map(({ sum, least, greatest }) => {
    const mean = Number.isFinite(sum) ? sum / total : least / 2 + greatest / 2;
    const center = Math.fround(Math.min(Math.max(mean, least), greatest));
    const scale = scaleOf(exponentFor(Math.max(greatest - center, center - least)));
    return { center, scale };
  });
  const about = await sumTable(context, table, centers, options);
  return about.map(({ sum, squares, least, greatest }, j) => {
    const { center, scale } = centers[j] as Scaling;
    const offset = sum / total;
    const variance = Math.max(0, squares / total - offset ** 2);
    const reach = unweighted?.[j] ?? { least, greatest };
    return {
      ...{ least, greatest, mean: center + offset / scale, deviation: Math.sqrt(variance) / scale },
      reach: { least: reach.least, greatest: reach.greatest },
    };
  });
}

/** 2^−exponent, within what f32 holds. */
export function scaleOf(exponent: number): number {
  return 2 ** -Math.min(MOST_EXPONENT, Math.max(-MOST_EXPONENT, exponent));
}

/** One pass over a table: the sums of each column about a centre. Throws for the first number that it may not hold. */
export async function sumTable(
  context: GpuContext,
  table: BufferTable,
  scalings: readonly Scaling[],
  { weights, holds = 'numbers', range, signal }: SurveyOptions = {},
): Promise<ColumnSums[]> {
  const { device, tuning } = context;
  const columnCount = table.columns.length;
  const examples = range ?? { firstExample: 0, exampleCount: table.rowCount };
  const pieces = piecesWithin(piecesOf(table, context.limits, tuning), examples);
  const kernel = columnStatisticsKernel(tuning, holds, weights !== undefined);
  const [compiled] = (await compileKernels(context, [kernel], signal)) as [CompiledKernel];
  const mostRows = Math.max(...pieces.map(({ rowCount }) => rowCount));
  const shareCount = Math.min(mostRows, Math.max(1, Math.floor(MOST_INVOCATIONS[tuning.sums] / columnCount)));
  const allocator = new Buffers(device);
  const all = table.columns.map((): ColumnSums => ({ sum: 0, squares: 0, least: Infinity, greatest: -Infinity }));
  try {
    const { centers, found, result } = await context.guard(`look at ${table.label}`, () => {
      const contents = writeCenters(scalings);
      const foundBytes = FOUND_BYTES * shareCount * columnCount;
      const buffers = {
        centers: allocator.storage('centers', contents.byteLength),
        found: allocator.storage('found', foundBytes),
        result: allocator.staging('found readback', foundBytes),
      };
      device.queue.writeBuffer(buffers.centers, 0, contents);
      return buffers;
    });
    for (const piece of pieces) {
      const { mapped } = await context.guard(`look at ${piece.rowCount} rows of ${table.label}`, () => {
        const rows = { first: piece.skipped, count: piece.rowCount, columnCount, shareCount };
        const contents = writeRows({ ...rows, ...(weights && { weightScale: weights.scale }) });
        const encoder = device.createCommandEncoder({ label: 'survey' });
        const pass = encoder.beginComputePass({ label: 'survey' });
        pass.setPipeline(compiled.pipeline);
        const bindings = [
          uniform(allocator.uniform('rows', contents)),
          read(table.buffer, piece.range),
          read(centers),
          ...(weights ? [read(weights.table.buffer, besidePiece(piece, columnCount))] : []),
          readWrite(found),
        ];
        pass.setBindGroup(0, bind(device, compiled, bindings));
        pass.dispatchWorkgroups(...folded(Math.ceil((shareCount * columnCount) / tuning.residualSize)));
        pass.end();
        encoder.copyBufferToBuffer(found, 0, result, 0, found.size);
        device.queue.submit([encoder.finish()]);
        return { mapped: mapForReading(result) };
      });
      await beforeAbort(context.wait(mapped), signal);
      const strange = await readMapped(context, result, (contents) => fold(new DataView(contents), all));
      if (strange) throw refusal(strange, table, piece.firstRow, holds);
    }
    return all;
  } finally {
    allocator.destroy();
  }
}

/** A number that may not be there, and where in the binding it is. */
interface Strange {
  index: number;
  value: number;
}

/** Adds what the invocations found in a piece, and gives the first number that may not be there. */
function fold(found: DataView, all: readonly ColumnSums[]): Strange | undefined {
  let first: Strange | undefined;
  for (let at = 0, t = 0; at < found.byteLength; at += FOUND_BYTES, t++) {
    const column = all[t % all.length] as ColumnSums;
    column.sum += found.getFloat32(at, true);
    column.squares += found.getFloat32(at + 4, true);
    column.least = Math.min(column.least, found.getFloat32(at + 8, true));
    column.greatest = Math.max(column.greatest, found.getFloat32(at + 12, true));
    const index = found.getUint32(at + 16, true);
    if (index !== NONE_STRANGE && index < (first?.index ?? Infinity)) {
      first = { index, value: found.getFloat32(at + 20, true) };
    }
  }
  return first;
}

function refusal({ index, value }: Strange, { columns }: BufferTable, firstRow: number, holds: Holds): DescentError {
  const row = firstRow + Math.floor(index / columns.length);
  const column = columns[index % columns.length] as string;
  if (holds === 'weights') return noWeight(value, row);
  if (holds === 'labels' && Number.isFinite(value)) return noLabel(value, row, column);
  return notFinite(value, row, column);
}
