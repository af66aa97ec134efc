import type { SyntheticData } from '../sources/synthetic.js';
import { Buffers, read, readWrite, uniform } from './buffers.js';
import { bind, type CompiledKernel, compileKernels } from './compile.js';
import type { GpuContext } from './device.js';
import { type Layout, planShards, QUAD_BYTES, quadCountOf, type ShardRange } from './layout.js';
import { shardSize, shardWorkgroups, syntheticKernel, truthOf, writeShard } from './synthetic-kernel.js';
import type { Shard, UploadedDataset } from './upload.js';

/**
 * Makes synthetic examples on the device, straight into the buffers that training reads: nothing is uploaded, and the
 * host makes no example. The same numbers as `data.dataset` holds: uniform features to the last bit, normal ones and
 * targets to the bounds that shaders/shared/numbers.wgsl states.
 *
 * Throws as `uploadDataset` does, and like it frees what was made.
 */
export async function generateDataset(
  context: GpuContext,
  data: SyntheticData,
  layout: Layout,
  signal?: AbortSignal,
  leastColumns = 1,
): Promise<UploadedDataset> {
  const { exampleCount, featureCount, spec, rows } = data;
  const ranges = planShards(exampleCount, featureCount, layout, context.limits, context.tuning, leastColumns);
  const [kernel] = await compileKernels(context, [
    syntheticKernel(spec, layout.order, context.tuning, rows !== undefined),
  ]);
  const buffers = new Buffers(context.device);
  const parameters = new Buffers(context.device); // of the generator: no longer needed when it is done
  try {
    const truth = await context.guard('make synthetic data', () => {
      const contents = truthOf(spec);
      const buffer = parameters.storage('truth', contents.byteLength);
      context.device.queue.writeBuffer(buffer, 0, contents as Float32Array<ArrayBuffer>);
      return buffer;
    });
    const shards: Shard[] = [];
    for (const range of ranges) {
      const step = `make ${range.exampleCount} of ${exampleCount} × ${featureCount} synthetic examples`;
      const uniforms = { kernel: kernel as CompiledKernel, truth, parameters };
      shards.push(await context.guard(step, () => makeShard(context, buffers, data, layout, range, uniforms)));
      await context.wait(context.device.queue.onSubmittedWorkDone());
      signal?.throwIfAborted();
    }
    return { exampleCount, featureCount, layout, isWeighted: false, shards, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  } finally {
    parameters.destroy();
  }
}

function makeShard(
  { device, tuning }: GpuContext,
  buffers: Buffers,
  { spec, rows }: SyntheticData,
  layout: Layout,
  range: ShardRange,
  { kernel, truth, parameters }: { kernel: CompiledKernel; truth: GPUBuffer; parameters: Buffers },
): Shard {
  const shard = { first: range.firstExample, exampleCount: range.exampleCount, layout };
  const size = shardSize(spec, shard);
  const quadCount = quadCountOf(range.exampleCount, layout);
  const features = buffers.storage('features', size.featureBytes);
  const targets = buffers.storage('targets', quadCount * QUAD_BYTES);
  const picked = rows && parameters.storage('rows', range.exampleCount * Uint32Array.BYTES_PER_ELEMENT);
  if (picked)
    device.queue.writeBuffer(picked, 0, rows as Uint32Array<ArrayBuffer>, range.firstExample, range.exampleCount);
  const group = bind(device, kernel, [
    uniform(parameters.uniform('shard', writeShard(spec, shard))),
    read(truth),
    readWrite(features),
    readWrite(targets),
    ...(picked ? [read(picked)] : []),
  ]);
  const encoder = device.createCommandEncoder({ label: 'synthetic' });
  const pass = encoder.beginComputePass({ label: 'synthetic' });
  pass.setPipeline(kernel.pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(shardWorkgroups(size, tuning));
  pass.end();
  device.queue.submit([encoder.finish()]);
  return { ...range, quadCount, features, targets, weight: range.exampleCount };
}
