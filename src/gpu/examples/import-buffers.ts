import { beforeAbort } from '../../base/turns.js';
import { type Binding, Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import type { BufferExamples } from './buffer-examples.js';
import type { GpuContext } from '../device/device.js';
import {
  columnLayout,
  featureBytes,
  type Layout,
  planShards,
  quadCountOf,
  type ShardRange,
} from '../kernels/layout.js';
import { AS_IT_IS, type ColumnSums, type RowWeights, type Scaling, scaleOf, sumTable } from './column-statistics.js';
import type { SurveyedExamples } from './example-statistics.js';
import { importRowsKernel, writeCenters, writePiece } from '../kernels/table-kernels.js';
import { piecesOf, piecesWithin, type BufferTable, type TablePiece } from './tables.js';
import { workgroupsOfLoners } from '../device/tuning.js';
import type { Shard, UploadedDataset, UploadPart } from './upload.js';

/** A table on its way into the buffers of training. */
interface Moving {
  table: BufferTable;
  pieces: readonly TablePiece[];
  layout: Layout;
  centers: GPUBuffer;
  kernel: CompiledKernel;
}

/** The destination of a shard's part of a table. */
interface Destination {
  buffer: GPUBuffer;
  /** The column of the buffer that takes the first column of the table. */
  firstColumn: number;
  range: ShardRange;
  quadCount: number;
}

/**
 * Lays a caller's examples out for training, on the device: nothing passes through the host, and the caller's buffers
 * are only read. Each number is rounded once, as (x − center)·2^−exponent.
 *
 * Throws as `uploadDataset` does, and like it frees what was made.
 */
export async function arrangeDataset(
  context: GpuContext,
  { features, targets, exampleCount, featureCount }: BufferExamples,
  { standardization: { columns, targetCenters }, weights }: SurveyedExamples,
  layout: Layout,
  { leastColumns, signal }: Required<Pick<UploadPart, 'leastColumns'>> & { signal: AbortSignal | undefined },
): Promise<UploadedDataset> {
  const { device, limits, tuning } = context;
  const ranges = planShards({ exampleCount, featureCount, layout, limits, tuning, besideX: leastColumns });
  const ofTargets = columnLayout('f32');
  const buffers = new Buffers(device);
  const working = new Buffers(device); // what is no longer needed when all is laid out
  try {
    const scalings = columns.map(({ center, exponent }) => ({ center, scale: scaleOf(exponent) }));
    const start = (table: BufferTable, ofTable: Layout, by: readonly Scaling[]) =>
      startMoving(context, working, table, { layout: ofTable, scalings: by, signal });
    const movingFeatures = await start(features, layout, scalings);
    const ofY = [{ ...AS_IT_IS, center: targetCenters[0] as number }];
    const movingTargets = await start(targets, ofTargets, ofY);
    const ofWeights = weights && [{ center: 0, scale: weights.scale }];
    const movingWeights = ofWeights && (await start(weights.table, ofTargets, ofWeights));
    const shards: Shard[] = [];
    for (const range of ranges) {
      const step = `lay out ${range.exampleCount} of ${exampleCount} × ${featureCount} features`;
      const quadCount = quadCountOf(range.exampleCount, layout);
      const laidOut = await context.guard(step, () => {
        const place = (table: BufferTable, bytes: number): Destination => {
          return { buffer: buffers.storage(table.label, bytes), firstColumn: 0, range, quadCount };
        };
        const ofFeatures = place(features, featureBytes(quadCount, featureCount, layout));
        const besides = place(targets, featureBytes(quadCount, weights ? 2 : 1, ofTargets));
        move(context, working, movingFeatures, ofFeatures);
        move(context, working, movingTargets, besides);
        if (movingWeights) move(context, working, movingWeights, { ...besides, firstColumn: 1 });
        return { features: ofFeatures.buffer, targets: besides.buffer };
      });
      const weight = weights ? await weightOf(context, weights, range) : range.exampleCount;
      shards.push({ ...range, quadCount, ...laidOut, weight });
      await beforeAbort(context.wait(device.queue.onSubmittedWorkDone()), signal);
    }
    return {
      exampleCount,
      featureCount,
      isWeighted: weights !== undefined,
      layout,
      shards,
      destroy: () => buffers.destroy(),
    };
  } catch (error) {
    buffers.destroy();
    throw error;
  } finally {
    working.destroy();
  }
}

/** Compiles the kernel that moves a table, and writes what it subtracts and multiplies by. */
async function startMoving(
  context: GpuContext,
  working: Buffers,
  table: BufferTable,
  { layout, scalings, signal }: { layout: Layout; scalings: readonly Scaling[]; signal: AbortSignal | undefined },
): Promise<Moving> {
  const { device, limits, tuning } = context;
  const kernels = [importRowsKernel(layout.order, layout.storage, tuning)];
  const [kernel] = (await compileKernels(context, kernels, signal)) as [CompiledKernel];
  const centers = await context.guard(`lay out ${table.label}`, () => {
    const contents = writeCenters(scalings);
    const buffer = working.storage('centers', contents.byteLength);
    device.queue.writeBuffer(buffer, 0, contents);
    return buffer;
  });
  return { table, pieces: piecesOf(table, limits, tuning), layout, centers, kernel };
}

/** The total weight of the examples of a shard, with the weights as stored on the device. */
async function weightOf(context: GpuContext, { table, scale }: RowWeights, range: ShardRange): Promise<number> {
  const [{ sum }] = (await sumTable(context, table, [{ center: 0, scale }], { range })) as [ColumnSums];
  return sum;
}

/** The part of a table that belongs to a shard. */
function move(
  { device, tuning }: GpuContext,
  working: Buffers,
  { table, pieces, layout, centers, kernel }: Moving,
  { buffer, firstColumn, range, quadCount }: Destination,
): void {
  const columnCount = table.columns.length;
  const encoder = device.createCommandEncoder({ label: 'arrange' });
  const pass = encoder.beginComputePass({ label: 'arrange' });
  pass.setPipeline(kernel.pipeline);
  for (const piece of piecesWithin(pieces, range)) {
    const contents = writePiece({
      ...{ firstRow: piece.skipped, rowCount: piece.rowCount, firstExample: piece.firstExample },
      ...{ columnCount, quadCount, rowQuads: layout.rowQuads, firstColumn },
    });
    const bindings: Binding[] = [
      uniform(working.uniform('piece', contents)),
      read(table.buffer, piece.range),
      read(centers),
      readWrite(buffer),
    ];
    pass.setBindGroup(0, bind(device, kernel, bindings));
    const quads = Math.ceil((piece.rowCount * columnCount) / 4);
    pass.dispatchWorkgroups(workgroupsOfLoners(quads, tuning));
  }
  pass.end();
  device.queue.submit([encoder.finish()]);
}
