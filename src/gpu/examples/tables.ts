import { DescentError } from '../../base/errors.js';
import { type Binding, Buffers, type ByteRange, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import type { GpuContext } from '../device/device.js';
import type { BufferLimits, ShardRange } from '../kernels/layout.js';
import { FOUND_BYTES, columnStatisticsKernel, writeCenters, writeRows } from '../kernels/table-kernels.js';
import type { Tuning } from '../device/tuning.js';
import { BUFFER_USAGE } from '../device/constants.js';

/** A caller's buffer of numbers, [m, n] row-major, f32. It is read and nothing else. */
export interface BufferTable {
  /** The name of the table in errors. */
  label: string;
  buffer: GPUBuffer;
  rowCount: number;
  /** n names. */
  columns: readonly string[];
}

/** A buffer of a device, for those who only pass it on. */
export type DeviceBuffer = GPUBuffer;

/** Consecutive rows that one binding holds. */
export interface TablePiece {
  firstRow: number;
  rowCount: number;
  /** The range of the piece in the table's buffer. */
  range: ByteRange;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** So many rows of any number of columns take a multiple of 256 bytes, the coarsest alignment a device may ask for. */
const ALIGNED_ROWS = 64;

/**
 * Cuts a table into pieces that one binding holds and one submit reads: all of one size, a multiple of 64 rows, but the
 * last. Throws `TOO_LARGE` when not even 64 rows fit.
 */
export function piecesOf(
  { label, rowCount, columns }: Omit<BufferTable, 'buffer'>,
  { maxStorageBufferBindingSize }: Pick<BufferLimits, 'maxStorageBufferBindingSize'>,
  { mostShardBytes }: Pick<Tuning, 'mostShardBytes'>,
): TablePiece[] {
  const rowBytes = columns.length * FLOAT_BYTES;
  const unitBytes = Math.min(rowCount, ALIGNED_ROWS) * rowBytes;
  if (unitBytes > maxStorageBufferBindingSize) {
    throw new DescentError('TOO_LARGE', {
      got: `${label} of ${columns.length} columns, ${unitBytes} bytes for ${Math.min(rowCount, ALIGNED_ROWS)} rows`,
      expected: `at most ${maxStorageBufferBindingSize} bytes, this device's maxStorageBufferBindingSize`,
      fix: 'Use fewer features, or a device with higher limits.',
    });
  }
  const most = Math.min(maxStorageBufferBindingSize, mostShardBytes);
  const rows = ALIGNED_ROWS * Math.max(1, Math.floor(most / (ALIGNED_ROWS * rowBytes)));
  return Array.from({ length: Math.ceil(rowCount / rows) }, (_, k) => {
    const firstRow = k * rows;
    const count = Math.min(rows, rowCount - firstRow);
    return { firstRow, rowCount: count, range: { offset: firstRow * rowBytes, size: count * rowBytes } };
  });
}

/** The range, in a table of one column, of the rows of a piece of n columns. */
export function besidePiece({ range }: TablePiece, columnCount: number): ByteRange {
  return { offset: range.offset / columnCount, size: range.size / columnCount };
}

/** The rows of a piece that lie in a shard. */
export interface PiecePart extends TablePiece {
  /** Rows before them in the piece. */
  skipped: number;
  /** Index of the first of them in the shard. */
  firstExample: number;
}

export function piecesWithin(pieces: readonly TablePiece[], { firstExample, exampleCount }: ShardRange): PiecePart[] {
  return pieces.flatMap((piece) => {
    const from = Math.max(firstExample, piece.firstRow);
    const to = Math.min(firstExample + exampleCount, piece.firstRow + piece.rowCount);
    if (from >= to) return [];
    return [{ ...piece, skipped: from - piece.firstRow, rowCount: to - from, firstExample: from - firstExample }];
  });
}

/**
 * Refuses buffers that kernels of the context's device cannot read: `BUFFER_USAGE`, `BUFFER_TOO_SMALL`,
 * `BUFFER_NOT_READY` or `BUFFER_OF_ANOTHER_DEVICE`.
 */
export async function checkTables(context: GpuContext, tables: readonly BufferTable[]): Promise<void> {
  context.check();
  tables.forEach(checkTable);
  const [compiled] = (await compileKernels(context, [columnStatisticsKernel(context.tuning)])) as [CompiledKernel];
  for (const table of tables) await checkDevice(context, compiled, table);
}

function checkTable({ label, buffer, rowCount, columns }: BufferTable): void {
  if ((buffer.usage & BUFFER_USAGE.STORAGE) === 0) {
    throw new DescentError('BUFFER_USAGE', {
      got: `${label} in a GPUBuffer of usage 0x${buffer.usage.toString(16)}`,
      expected: `GPUBufferUsage.STORAGE (0x${BUFFER_USAGE.STORAGE.toString(16)}) in it`,
      fix: 'Create the buffer with GPUBufferUsage.STORAGE in its usage.',
    });
  }
  const bytes = rowCount * columns.length * FLOAT_BYTES;
  if (buffer.size < bytes) {
    throw new DescentError('BUFFER_TOO_SMALL', {
      got: `${label} in a GPUBuffer of ${buffer.size} bytes`,
      expected: `${bytes}: ${rowCount} rows of ${columns.length} in f32`,
      fix: 'Check exampleCount and featureCount.',
    });
  }
  if (buffer.mapState !== 'unmapped') throw notReady(`${label} in a GPUBuffer whose mapState is '${buffer.mapState}'`);
}

function notReady(got: string, cause?: unknown): DescentError {
  return new DescentError('BUFFER_NOT_READY', {
    got,
    expected: 'a buffer that is neither mapped nor destroyed',
    fix: 'Unmap the buffer before use, and destroy it only afterwards.',
    cause,
  });
}

/**
 * There is nothing to ask a buffer for its device, nor whether it was destroyed: but a device refuses to bind one that is
 * not its own, and to submit what uses a destroyed one (or, in wgpu, to bind it). So a survey of no rows tells.
 */
async function checkDevice(
  context: GpuContext,
  compiled: CompiledKernel,
  { label, buffer }: BufferTable,
): Promise<void> {
  const { device } = context;
  const allocator = new Buffers(device);
  try {
    const others = await context.guard(`look at ${label}`, () => ({
      rows: allocator.uniform('rows', writeRows({ first: 0, count: 0, columnCount: 1, shareCount: 1 })),
      centers: allocator.storage('centers', writeCenters([{ center: 0, scale: 1 }]).byteLength),
      found: allocator.storage('found', FOUND_BYTES),
    }));
    const bindings = [
      uniform(others.rows),
      read(buffer, { offset: 0, size: FLOAT_BYTES }),
      read(others.centers),
      readWrite(others.found),
    ];
    const [refusedToBind, refusedToUse] = await context.wait(tryOut(device, compiled, bindings));
    const refused = refusedToBind ?? refusedToUse;
    if (!refused) return;
    if (!refusedToBind || /destroyed/i.test(refused.message)) {
      throw notReady(`${label} in a GPUBuffer that was destroyed`, refused);
    }
    throw new DescentError('BUFFER_OF_ANOTHER_DEVICE', {
      got: `${label} in a GPUBuffer that the context's device cannot bind: ${refused.message}`,
      expected: "a buffer of the context's own device",
      fix: 'Pass contextFromDevice(device) with the device that made the buffer.',
      cause: refused,
    });
  } finally {
    allocator.destroy();
  }
}

/** The errors of the device when these buffers are bound, and when they are used. A device that is lost may throw one. */
async function tryOut(
  device: GPUDevice,
  compiled: CompiledKernel,
  bindings: readonly Binding[],
): Promise<[GPUError | null, GPUError | null]> {
  device.pushErrorScope('validation');
  const group = bind(device, compiled, bindings);
  const bound = device.popErrorScope();
  device.pushErrorScope('validation');
  const encoder = device.createCommandEncoder({ label: 'check' });
  const pass = encoder.beginComputePass({ label: 'check' });
  pass.setPipeline(compiled.pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(1);
  pass.end();
  device.queue.submit([encoder.finish()]);
  return Promise.all([bound, device.popErrorScope()]);
}
