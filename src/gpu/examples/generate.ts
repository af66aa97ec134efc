import type { SyntheticData } from '../../data/synthetic.js';
import { Buffers, readWrite } from '../device/buffers.js';
import type { GpuContext } from '../device/device.js';
import { Generator } from './generator.js';
import { type Layout, planShards, QUAD_BYTES, quadCountOf } from '../kernels/layout.js';
import type { Shard, UploadedDataset } from './upload.js';

/**
 * Makes synthetic examples on the device, straight into the buffers that training reads: nothing is uploaded, and the
 * host makes no example. The same numbers as `data.dataset` holds: uniform features to the last bit, normal ones and
 * targets to the bounds that shaders/shared/random_numbers.wgsl states.
 *
 * Throws as `uploadDataset` does, and like it frees what was made.
 */
export async function generateDataset(
  context: GpuContext,
  data: SyntheticData,
  layout: Layout,
  signal: AbortSignal | undefined,
  leastColumns: number,
): Promise<UploadedDataset> {
  const { exampleCount, featureCount } = data;
  const { limits, tuning } = context;
  const ranges = planShards({ exampleCount, featureCount, layout, limits, tuning, besideX: leastColumns });
  const generator = await Generator.open(context, data, layout, signal);
  const buffers = new Buffers(context.device);
  try {
    const shards: Shard[] = [];
    for (const range of ranges) {
      const quadCount = quadCountOf(range.exampleCount, layout);
      const { features, targets } = await generator.draw(
        range,
        ({ featureBytes }) => ({
          features: readWrite(buffers.storage('features', featureBytes)),
          targets: readWrite(buffers.storage('targets', quadCount * QUAD_BYTES)),
        }),
        signal,
      );
      shards.push({
        ...{ ...range, quadCount, weight: range.exampleCount },
        ...{ features: features.buffer, targets: targets.buffer },
      });
    }
    return { exampleCount, featureCount, layout, isWeighted: false, shards, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  } finally {
    generator.dispose();
  }
}
