import { beforeAbort } from '../../base/turns.js';
import type { PointsRun } from '../../descent/backend.js';
import type { Objective } from '../../options/objective.js';
import { Buffers, read, readWrite, uniform } from '../device/buffers.js';
import { bind, type CompiledKernel, compileKernels } from '../device/compile.js';
import { writeConfig } from '../kernels/uniforms.js';
import type { GpuContext } from '../device/device.js';
import { JOB_BYTES, makeSpans } from '../kernels/model-list.js';
import type { Kernel } from '../kernels/epoch-kernels.js';
import { featureBytes, type Layout } from '../kernels/layout.js';
import { lossesKernel, lossesWideKernel, MOST_WIDE_MODELS, mostNarrowModels } from '../kernels/many-kernels.js';
import type { FoldShard } from '../examples/upload-folds.js';
import { readFloats } from '../device/readback.js';
import type { Slices } from '../device/submits.js';
import type { Share } from '../training/shares.js';
import { MOST_WORKGROUPS, partialsOf, type Tuning, workgroupsFor } from '../device/tuning.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Quads that a lane of losses adds up at most, block by block: few enough that a sum in f32 keeps its digits. */
const MOST_SHARE_QUADS = 4096;

/**
 * Points times bytes of X that one dispatch of losses may take, so that it stays under about 100 ms: a software adapter on
 * two cores does 19·10⁹ in a second (64 points of 1,000,000 × 2 in 27 ms), graphics of 10¹² operations a second 64 times
 * as many, which is not measured.
 */
const MOST_WORK: Record<Tuning['sums'], number> = { alone: 2 ** 31, together: 2 ** 37 };

/** Points, and the examples that their loss is over. */
export interface LossQuery {
  /** [d + 1] each, in the units of the device. */
  points: readonly Float32Array[];
  target: number;
  shards: readonly FoldShard[];
  featureCount: number;
  layout: Layout;
  objective: Objective;
  isWeighted: boolean;
}

/** The kernel that finds losses, and how points and examples are shared out. */
export interface LossRecipe {
  kernel: Kernel;
  /** Points that a workgroup works for, and how many workgroups at most one dispatch has for each share of so many quads. */
  points: number;
  mostGroups(quadCount: number): number;
  /** Workgroups that share the examples of a shard, and the partials that they write. */
  share(quadCount: number): Share;
}

/** A stretch of the points, ready to run. */
interface LossPass {
  partials: GPUBuffer;
  dispatches: { group: GPUBindGroup; workgroups: readonly [number, number] }[];
}

/**
 * The loss at each point. Sums of bounded length in f32 on the device, added up in f64 on the host. Rejects with the
 * signal's reason.
 */
export async function findLosses(
  context: GpuContext,
  slices: Slices,
  query: LossQuery,
  { signal, onProgress }: PointsRun,
): Promise<Float64Array> {
  const { points, shards, featureCount, layout } = query;
  const recipe = lossRecipeFor(query, context.tuning);
  const [compiled] = (await compileKernels(context, [recipe.kernel], signal)) as [CompiledKernel];
  const partialCount = shards.reduce((sum, { quadCount }) => sum + recipe.share(quadCount).partials, 0);
  const exampleCount = shards.reduce((sum, shard) => sum + shard.exampleCount, 0);
  const weight = shards.reduce((sum, shard) => sum + shard.weight, 0);
  const bindingBytes = Math.min(context.limits.maxBufferSize, context.limits.maxStorageBufferBindingSize);
  const pointBytes = Math.max(FLOAT_BYTES * Math.max(featureCount + 1, partialCount), JOB_BYTES);
  const mostPoints = Math.max(1, Math.min(Math.floor(bindingBytes / pointBytes), recipe.points * MOST_WORKGROUPS));
  const found = new Float64Array(points.length);
  for (let first = 0; first < points.length; first += mostPoints) {
    signal?.throwIfAborted();
    const chunk = points.slice(first, first + mostPoints);
    const allocator = new Buffers(context.device);
    try {
      const { partials, dispatches } = await context.guard('prepare the points', () =>
        preparePass(context, allocator, { ...query, points: chunk }, recipe, compiled, partialCount),
      );
      await slices.run({
        steps: dispatches.length,
        stepBytes: (featureBytes(exampleCount / 4, featureCount, layout) * chunk.length) / dispatches.length,
        encode(pass, step) {
          const { group, workgroups } = dispatches[step] as LossPass['dispatches'][number];
          pass.setPipeline(compiled.pipeline);
          pass.setBindGroup(0, group);
          pass.dispatchWorkgroups(...workgroups);
        },
        // What it holds does not matter, only that the submit is over.
        watched: () => [{ buffer: partials, byteOffset: 0, bytes: FLOAT_BYTES }],
        look(_, steps) {
          onProgress?.(first + Math.floor((chunk.length * steps) / dispatches.length));
          return true;
        },
        signal,
      });
      const reading = readFloats(context, allocator, [
        { source: partials, first: 0, count: chunk.length * partialCount },
      ]);
      const sums = await beforeAbort(reading, signal);
      chunk.forEach((_, k) => {
        const loss = sumOf(sums.subarray(k * partialCount, (k + 1) * partialCount)) / (2 * weight);
        found[first + k] = Number.isNaN(loss) ? Infinity : loss; // an infinite prediction, taken from another
      });
    } finally {
      allocator.destroy();
    }
  }
  return found;
}

/** The recipe for these points: many to a lane where the features fit registers. */
export function lossRecipeFor(query: LossQuery, tuning: Tuning): LossRecipe {
  const { points, featureCount, layout, shards } = query;
  const terms = { loss: query.objective.loss, weighted: query.isWeighted };
  const { storage } = layout;
  const bytesOf = (quadCount: number) => featureBytes(quadCount, featureCount, layout);
  if (featureCount > tuning.mostNarrowFeatures) {
    const models = Math.min(MOST_WIDE_MODELS, points.length);
    return {
      kernel: lossesWideKernel({ models, tuning, storage, terms }),
      points: models,
      mostGroups: (quadCount) => Math.max(1, Math.floor(tuning.mostShardBytes / bytesOf(quadCount))),
      share(quadCount) {
        const workgroups = workgroupsFor(quadCount, tuning);
        return { workgroups, partials: partialsOf(workgroups, tuning) };
      },
    };
  }
  const mostLanePoints = (quadCount: number) => MOST_WORK[tuning.sums] / bytesOf(quadCount) / tuning.sumsSize;
  const models = Math.min(
    mostNarrowModels(featureCount),
    Math.ceil(points.length / tuning.sumsSize),
    Math.max(1, Math.floor(mostLanePoints(Math.max(...shards.map(({ quadCount }) => quadCount))))),
  );
  const perWorkgroup = models * tuning.sumsSize;
  return {
    kernel: lossesKernel(featureCount, { models, tuning, storage, terms }),
    points: perWorkgroup,
    mostGroups: (quadCount) => Math.max(1, Math.floor(mostLanePoints(quadCount) / models)),
    share(quadCount) {
      // Enough to keep the device busy with these points, and enough to keep the sums short.
      const least = Math.ceil(tuning.mostWorkgroups / Math.ceil(points.length / perWorkgroup));
      const workgroups = Math.min(Math.max(least, Math.ceil(quadCount / MOST_SHARE_QUADS)), quadCount);
      return { workgroups, partials: workgroups };
    },
  };
}

function preparePass(
  { device }: GpuContext,
  allocator: Buffers,
  { points, target, shards, featureCount, layout, objective: { huberDelta } }: LossQuery,
  recipe: LossRecipe,
  compiled: CompiledKernel,
  partialCount: number,
): LossPass {
  const parameters = allocator.filled('points', points.length * (featureCount + 1) * FLOAT_BYTES, (contents) => {
    const floats = new Float32Array(contents);
    points.forEach((point, k) => floats.set(point, k * point.length));
  });
  const partials = allocator.storage('partials', points.length * partialCount * FLOAT_BYTES);
  const jobs = points.map((_, model) => ({ model, target }));
  let firstPartial = 0;
  const dispatches = shards.flatMap((shard) => {
    const share = recipe.share(shard.quadCount);
    const config = allocator.uniform(
      'config',
      writeConfig({ ...shard, featureCount, rowQuads: layout.rowQuads, firstPartial, partialCount, huberDelta }),
    );
    firstPartial += share.partials;
    return makeSpans(allocator, [jobs], recipe.points * recipe.mostGroups(shard.quadCount)).map((span) => ({
      group: bind(device, compiled, [
        uniform(config),
        read(shard.features),
        read(shard.targets),
        read(span.jobs),
        read(parameters),
        readWrite(partials),
      ]),
      workgroups: [Math.ceil(span.count / recipe.points), share.workgroups] as const,
    }));
  });
  return { partials, dispatches };
}

function sumOf(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
