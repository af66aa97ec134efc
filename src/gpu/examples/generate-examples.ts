import { DescentError } from '../../base/errors.js';
import { requireKnown } from '../../base/check-names.js';
import { isSynthetic } from '../../data/is-synthetic.js';
import type { SyntheticData } from '../../data/synthetic.js';
import type { BufferInput } from '../../data/buffer-input.js';
import { Buffers, readWrite } from '../device/buffers.js';
import type { GpuContext } from '../device/device.js';
import { Generator } from './generator.js';
import type { BufferLimits } from '../kernels/layout.js';
import { TABLE_LAYOUT } from '../kernels/synthetic-kernel.js';
import { piecesOf } from './tables.js';

/** Synthetic examples in buffers of the context's device, as `fit` takes them. They are the caller's. */
export interface GeneratedExamples extends Required<Omit<BufferInput, 'exampleWeights'>> {
  /** Frees both buffers. */
  destroy(): void;
}

/** The options of `generateExamples`. */
export interface GenerateOptions {
  /** The context whose device is to hold them: of `createContext` or `contextFromDevice`. */
  context: GpuContext;
  /** Ends it with the signal's reason. */
  signal?: AbortSignal;
}

const NAMES = ['context', 'signal'] as const satisfies readonly (keyof GenerateOptions)[];

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/**
 * Draws synthetic examples on the device, into two new buffers: features [m, d] row-major and targets [m], f32, of the
 * usages STORAGE, COPY_SRC and COPY_DST. Any number of fits train on them, and shaders of the caller's may read them
 * too. The host makes no example; `data.dataset` holds the same numbers, uniform features to the last bit, normal ones
 * and targets to the bounds that shaders/shared/random_numbers.wgsl states.
 *
 * Throws a `DescentError`: `INVALID_OPTION` without a context, `SHAPE_MISMATCH` for data that are not synthetic,
 * `TOO_LARGE` for a buffer over the device's maxBufferSize, `OUT_OF_MEMORY`, and what `fit` throws of a device.
 * Whatever happens, nothing stays allocated.
 *
 *     const context = await createContext();
 *     const examples = await generateExamples(syntheticRegression({ rows: 1_000_000, features: 2 }), { context });
 *     const model = await fit(examples, { context });
 *     examples.destroy();
 */
export async function generateExamples(data: SyntheticData, options: GenerateOptions): Promise<GeneratedExamples> {
  const { context, signal } = checked(data, options);
  context.check();
  signal?.throwIfAborted();
  const { exampleCount, featureCount, featureNames, targetName } = data;
  const featureBytes = exampleCount * featureCount * FLOAT_BYTES;
  requireRoom(data, featureBytes, context.limits);
  const pieces = piecesOf(
    { label: 'features', rowCount: exampleCount, columns: featureNames },
    context.limits,
    context.tuning,
  );
  const generator = await Generator.open(context, data, TABLE_LAYOUT, signal);
  const buffers = new Buffers(context.device);
  try {
    const { features, targets } = await context.guard(`make room for ${exampleCount} synthetic examples`, () => ({
      features: buffers.storage('features', featureBytes),
      targets: buffers.storage('targets', exampleCount * FLOAT_BYTES),
    }));
    for (const { firstRow, rowCount, range } of pieces) {
      const ofTargets = { offset: firstRow * FLOAT_BYTES, size: rowCount * FLOAT_BYTES };
      await generator.draw(
        { firstExample: firstRow, exampleCount: rowCount },
        () => ({ features: readWrite(features, range), targets: readWrite(targets, ofTargets) }),
        signal,
      );
    }
    const destroy = () => buffers.destroy();
    return { features, targets, exampleCount, featureCount, featureNames, targetName, destroy };
  } catch (error) {
    buffers.destroy();
    throw error;
  } finally {
    generator.dispose();
  }
}

/** Callers without types hand in anything. */
function checked(data: unknown, options: Partial<GenerateOptions> = {}): GenerateOptions {
  const { context, signal } = requireKnown(options, NAMES);
  if (!isSynthetic(data)) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: 'data that is not synthetic',
      expected: 'the result of syntheticRegression or syntheticClassification',
      fix: 'Call one of them, or write your own examples to buffers.',
    });
  }
  if (!context) {
    throw new DescentError('INVALID_OPTION', {
      got: 'no context',
      expected: 'the context of the device for the examples',
      fix: 'Pass { context: await createContext() }, or contextFromDevice(device).',
      where: { option: 'context' },
    });
  }
  return { context, ...(signal && { signal }) };
}

function requireRoom({ exampleCount, featureCount }: SyntheticData, bytes: number, { maxBufferSize }: BufferLimits) {
  if (bytes <= maxBufferSize) return;
  throw new DescentError('TOO_LARGE', {
    got: `${exampleCount} × ${featureCount} features in one buffer, ${bytes} bytes`,
    expected: `at most ${maxBufferSize} bytes, this device's maxBufferSize`,
    fix: 'Use fewer rows, or pass the synthetic data to fit, which takes as many buffers as it needs.',
  });
}
