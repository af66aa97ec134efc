import type { Dataset, FloatArray } from '../dataset.js';
import { DescentError } from '../errors.js';
import { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';
import { halfBits } from './half.js';
import { featureBytes, type Layout, planShards, QUAD_BYTES, quadCountOf, type ShardRange } from './layout.js';
import type { Storage } from './kernels.js';
import type { Standardization } from './standardization.js';

/** Consecutive examples on the device, in buffers that fit one binding. */
export interface Shard extends ShardRange {
  /** Quads of four examples, padding included. */
  quadCount: number;
  /** X as the layout says. */
  features: GPUBuffer;
  /** [quads] f32, padded with zeros. */
  targets: GPUBuffer;
}

/** A dataset on the device. */
export interface UploadedDataset {
  exampleCount: number;
  featureCount: number;
  layout: Layout;
  shards: readonly Shard[];
  destroy(): void;
}

/** A turn of the event loop between two stretches of copying, so that a page stays alive and can abort. */
const STRETCH_MS = 50;

/**
 * Copies a dataset to the device, laid out as the standardization and the layout say, in as many shards as it takes.
 *
 * Throws `TOO_LARGE` when no shard fits the device's limits, `OUT_OF_MEMORY`, `NON_FINITE_VALUE` for a value that the
 * storage cannot hold, and the signal's reason. Whatever happens, what was made is freed.
 */
export async function uploadDataset(
  context: GpuContext,
  dataset: Dataset,
  standardization: Standardization,
  layout: Layout,
  signal?: AbortSignal,
): Promise<UploadedDataset> {
  const { exampleCount, featureCount } = dataset;
  const ranges = planShards(exampleCount, featureCount, layout, context.limits, context.tuning);
  const buffers = new Buffers(context.device);
  try {
    const shards: Shard[] = [];
    let stretchStart = performance.now();
    for (const range of ranges) {
      if (performance.now() - stretchStart > STRETCH_MS) {
        await new Promise((resolve) => setTimeout(resolve));
        signal?.throwIfAborted();
        stretchStart = performance.now();
      }
      shards.push(await uploadShard(context, buffers, dataset, standardization, layout, range));
    }
    return { exampleCount, featureCount, layout, shards, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

async function uploadShard(
  context: GpuContext,
  buffers: Buffers,
  dataset: Dataset,
  { columns, targetCenter }: Standardization,
  layout: Layout,
  range: ShardRange,
): Promise<Shard> {
  const { firstExample, exampleCount } = range;
  const quadCount = quadCountOf(exampleCount, layout);
  const bytes = featureBytes(quadCount, dataset.featureCount, layout);
  const slice = (column: FloatArray) => column.subarray(firstExample, firstExample + exampleCount);
  const step = `upload ${dataset.exampleCount} × ${dataset.featureCount} features (${bytes} bytes at a time)`;
  return context.guard(step, () => {
    const features = buffers.filled('features', bytes, (contents) => {
      dataset.columns.forEach((column, j) => {
        const { center, exponent } = columns[j] ?? { center: 0, exponent: 0 };
        const place = placeOf(layout, j, quadCount);
        const given = slice(column);
        const scale = 2 ** -exponent;
        layOut(given, { center, scale }, contents, layout.storage, place);
        const name = dataset.featureNames[j] ?? '';
        checkHeld(given, contents, layout.storage, place, { name, firstExample, scale });
      });
    });
    const place: Place = { first: 0, stride: 1 };
    const targets = buffers.filled('targets', quadCount * QUAD_BYTES, (contents) => {
      const given = slice(dataset.targets);
      layOut(given, { center: targetCenter, scale: 1 }, contents, 'f32', place);
      checkHeld(given, contents, 'f32', place, { name: dataset.targetName, firstExample, scale: 1 });
    });
    return { ...range, quadCount, features, targets };
  });
}

/** Where the numbers of a column go, counted in numbers. */
interface Place {
  first: number;
  stride: number;
}

function placeOf({ order, rowQuads }: Layout, j: number, quadCount: number): Place {
  return order === 'columns' ? { first: 4 * quadCount * j, stride: 1 } : { first: j, stride: 4 * rowQuads };
}

/** (x − center)·scale in f64, rounded once to what is stored. */
function layOut(
  column: FloatArray,
  { center, scale }: { center: number; scale: number },
  contents: ArrayBuffer,
  storage: Storage,
  { first, stride }: Place,
): void {
  if (storage === 'f16') {
    const target = new Uint16Array(contents);
    for (let i = 0, at = first; i < column.length; i++, at += stride) {
      target[at] = halfBits(((column[i] as number) - center) * scale);
    }
    return;
  }
  const target = new Float32Array(contents);
  if (center === 0 && scale === 1 && stride === 1) {
    target.set(column, first);
    return;
  }
  for (let i = 0, at = first; i < column.length; i++, at += stride) {
    target[at] = ((column[i] as number) - center) * scale;
  }
}

/** Throws when a finite number came out infinite. */
function checkHeld(
  column: FloatArray,
  contents: ArrayBuffer,
  storage: Storage,
  { first, stride }: Place,
  { name, firstExample, scale }: { name: string; firstExample: number; scale: number },
): void {
  if (storage === 'f32' && column instanceof Float32Array && scale === 1) return; // it was finite, and is as it was
  const words = storage === 'f16' ? new Uint16Array(contents) : new Uint32Array(contents);
  const exponent = storage === 'f16' ? 0x7c00 : 0x7f800000; // all its bits set: infinite, or NaN
  for (let i = 0, at = first; i < column.length; i++, at += stride) {
    if (((words[at] as number) & exponent) !== exponent) continue;
    throw new DescentError('NON_FINITE_VALUE', {
      got: `${column[i]} in row ${firstExample + i} of '${name}', which ${storage} cannot hold`,
      expected: `magnitudes under ${storage === 'f16' ? 65_520 : 3.4e38}`,
      fix: 'Scale the column down, or standardize.',
    });
  }
}
