import type { Dataset, FloatArray } from '../dataset.js';
import { DescentError } from '../errors.js';
import { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';
import type { Standardization } from './standardization.js';

/** A dataset on the device. */
export interface UploadedDataset {
  exampleCount: number;
  featureCount: number;
  /** Quads of four examples in a column: ⌈m/4⌉. */
  quadCount: number;
  /** [d, quads] feature-major, f32; the last quad of each column is padded with zeros. */
  features: GPUBuffer;
  /** [quads] f32, padded likewise */
  targets: GPUBuffer;
  destroy(): void;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
export const QUAD_BYTES = 4 * FLOAT_BYTES;

/**
 * Copies a dataset to the device, column after column, laid out as the standardization says.
 *
 * Throws `TOO_LARGE` when the features exceed the device's limits, `OUT_OF_MEMORY`, and `NON_FINITE_VALUE` for a
 * value that f32 cannot hold.
 */
export async function uploadDataset(
  context: GpuContext,
  dataset: Dataset,
  standardization: Standardization,
): Promise<UploadedDataset> {
  const { exampleCount, featureCount } = dataset;
  const quadCount = Math.ceil(exampleCount / 4);
  const featureBytes = quadCount * featureCount * QUAD_BYTES;
  checkSize(context.device.limits, featureBytes, dataset);
  const buffers = new Buffers(context.device);
  try {
    const step = `upload ${exampleCount} × ${featureCount} features (${featureBytes} bytes)`;
    const [features, targets] = await context.guard(step, () => [
      buffers.filled('features', featureBytes, (contents) => {
        dataset.columns.forEach((column, j) => {
          const { center, exponent } = standardization.columns[j] ?? { center: 0, exponent: 0 };
          const target = new Float32Array(contents, j * quadCount * QUAD_BYTES, exampleCount);
          layOut(column, center, 2 ** -exponent, target, dataset.featureNames[j] ?? '');
        });
      }),
      buffers.filled('targets', quadCount * QUAD_BYTES, (contents) => {
        layOut(dataset.targets, standardization.targetCenter, 1, new Float32Array(contents), dataset.targetName);
      }),
    ]);
    return { exampleCount, featureCount, quadCount, features, targets, destroy: () => buffers.destroy() };
  } catch (error) {
    buffers.destroy();
    throw error;
  }
}

/** (x − center)·scale in f64, rounded once to f32. */
function layOut(column: FloatArray, center: number, scale: number, target: Float32Array, name: string): void {
  if (center === 0 && scale === 1) target.set(column);
  else for (let i = 0; i < column.length; i++) target[i] = ((column[i] as number) - center) * scale;
  if (column instanceof Float64Array || scale !== 1) checkHeldByF32(column, target, name);
}

function checkHeldByF32(column: FloatArray, target: Float32Array, name: string): void {
  const row = target.findIndex((value) => !Number.isFinite(value));
  if (row < 0) return;
  throw new DescentError('NON_FINITE_VALUE', {
    got: `${column[row]} in row ${row} of '${name}', which f32 cannot hold`,
    expected: 'magnitudes under 3.4e38',
    fix: 'Scale the column down, or standardize.',
  });
}

function checkSize(limits: GPUSupportedLimits, featureBytes: number, dataset: Dataset): void {
  const limit = Math.min(limits.maxBufferSize, limits.maxStorageBufferBindingSize);
  if (featureBytes <= limit) return;
  throw new DescentError('TOO_LARGE', {
    got: `${dataset.exampleCount} × ${dataset.featureCount} features, ${featureBytes} bytes in f32`,
    expected: `at most ${limit} bytes, this adapter's maxStorageBufferBindingSize`,
    fix: `Use at most ${4 * Math.floor(limit / dataset.featureCount / QUAD_BYTES)} examples, or backend: 'cpu'.`,
  });
}
