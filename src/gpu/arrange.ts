import { DescentError } from '../errors.js';
import { type Binding, Buffers, read, readWrite, uniform } from './buffers.js';
import { bind, type CompiledKernel, compileKernels } from './compile.js';
import type { BufferExamples } from './buffer-examples.js';
import type { GpuContext } from './device.js';
import { columnLayout, featureBytes, type Layout, planShards, quadCountOf, type ShardRange } from './layout.js';
import type { Standardization } from './standardization.js';
import { AS_IT_IS, type ColumnSurvey, type Scaling, scaleOf } from './survey.js';
import { arrangeKernel, writeCenters, writePiece } from './table-kernels.js';
import { piecesOf, piecesWithin, type Table, type TablePiece } from './tables.js';
import { workgroupsOfLoners } from './tuning.js';
import type { Shard, UploadedDataset } from './upload.js';

/** A table on its way into the buffers of training. */
interface Moving {
  table: Table;
  pieces: readonly TablePiece[];
  layout: Layout;
  centers: GPUBuffer;
  kernel: CompiledKernel;
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
  { columns, targetCenters }: Standardization,
  layout: Layout,
  signal?: AbortSignal,
): Promise<UploadedDataset> {
  const { device, limits, tuning } = context;
  const ranges = planShards(exampleCount, featureCount, layout, limits, tuning);
  const ofTargets = columnLayout('f32');
  const buffers = new Buffers(device);
  const working = new Buffers(device); // what is no longer needed when all is laid out
  try {
    const moving = async (table: Table, itsLayout: Layout, scalings: readonly Scaling[]): Promise<Moving> => {
      const kernels = [arrangeKernel(itsLayout.order, itsLayout.storage, tuning)];
      const [kernel] = (await compileKernels(context, kernels)) as [CompiledKernel];
      const centers = await context.guard(`lay out ${table.label}`, () => {
        const contents = writeCenters(scalings);
        const buffer = working.storage('centers', contents.byteLength);
        device.queue.writeBuffer(buffer, 0, contents);
        return buffer;
      });
      return { table, pieces: piecesOf(table, limits, tuning), layout: itsLayout, centers, kernel };
    };
    const scalings = columns.map(({ center, exponent }) => ({ center, scale: scaleOf(exponent) }));
    const movingFeatures = await moving(features, layout, scalings);
    const movingTargets = await moving(targets, ofTargets, [{ ...AS_IT_IS, center: targetCenters[0] as number }]);
    const shards: Shard[] = [];
    for (const range of ranges) {
      const step = `lay out ${range.exampleCount} of ${exampleCount} × ${featureCount} features`;
      const quadCount = quadCountOf(range.exampleCount, layout);
      const shard = await context.guard(step, () => ({
        ...{ ...range, quadCount, weight: range.exampleCount },
        features: move(context, buffers, working, movingFeatures, range, quadCount),
        targets: move(context, buffers, working, movingTargets, range, quadCount),
      }));
      shards.push(shard);
      await context.wait(device.queue.onSubmittedWorkDone());
      signal?.throwIfAborted();
    }
    return { exampleCount, featureCount, isWeighted: false, layout, shards, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  } finally {
    working.destroy();
  }
}

/** The part of a table that belongs to a shard, in a buffer of its own. */
function move(
  { device, tuning }: GpuContext,
  buffers: Buffers,
  working: Buffers,
  { table, pieces, layout, centers, kernel }: Moving,
  range: ShardRange,
  quadCount: number,
): GPUBuffer {
  const columnCount = table.columns.length;
  const arranged = buffers.storage(table.label, featureBytes(quadCount, columnCount, layout));
  const encoder = device.createCommandEncoder({ label: 'arrange' });
  const pass = encoder.beginComputePass({ label: 'arrange' });
  pass.setPipeline(kernel.pipeline);
  for (const piece of piecesWithin(pieces, range)) {
    const contents = writePiece({
      ...{ firstRow: piece.skipped, rowCount: piece.rowCount, firstExample: piece.firstExample },
      ...{ columnCount, quadCount, rowQuads: layout.rowQuads },
    });
    const bindings: Binding[] = [
      uniform(working.uniform('piece', contents)),
      read(table.buffer, piece.range),
      read(centers),
      readWrite(arranged),
    ];
    pass.setBindGroup(0, bind(device, kernel, bindings));
    const quads = Math.ceil((piece.rowCount * columnCount) / 4);
    pass.dispatchWorkgroups(workgroupsOfLoners(quads, tuning));
  }
  pass.end();
  device.queue.submit([encoder.finish()]);
  return arranged;
}

/** The largest number that halves hold, and what rounds to it. */
const MOST_HALF = 65_520;

/** Throws `NON_FINITE_VALUE` for a column that halves cannot hold once it is laid out. */
export function checkHalves(
  surveys: readonly ColumnSurvey[],
  { columns }: Standardization,
  names: readonly string[],
): void {
  surveys.forEach(({ least, greatest }, j) => {
    const { center, exponent } = columns[j] as Standardization['columns'][number];
    const reach = Math.max(greatest - center, center - least) * scaleOf(exponent);
    if (reach < MOST_HALF) return;
    const column = names[j] as string;
    throw new DescentError('NON_FINITE_VALUE', {
      got: `numbers from ${least} to ${greatest} in '${column}', which f16 cannot hold`,
      expected: `magnitudes under ${MOST_HALF}`,
      fix: 'Scale the column down, or standardize.',
      where: { column },
    });
  });
}
