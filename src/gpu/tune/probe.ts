import { initialState } from '../../descent/run.js';
import { PLAIN_COLUMN, Standardization } from '../../descent/standardization.js';
import type { Run } from '../../descent/backend.js';
import { compileRecipe } from '../training/compile-recipe.js';
import { Buffers } from '../device/buffers.js';
import { contextFromDevice, type GpuContext } from '../device/device.js';
import type { Tuning } from '../device/tuning.js';
import { withoutFolds } from '../examples/upload-folds.js';
import { featureBytes, type Layout, QUAD_BYTES } from '../kernels/layout.js';
import { recipeFor } from '../training/recipes.js';
import { GpuTrainer } from '../training/trainer.js';

/** A window is at least so long: several times what clocks of browsers are rounded to. */
const WINDOW_MS = 8;

/** Bytes that are written from the host; the rest of a buffer are copies of them. */
const PATTERN_BYTES = 2 ** 20;

/** Epochs of one run, whose losses are held. */
const MOST_EPOCHS = 2 ** 17;

const RUN_SETTINGS = { learningRate: 2 ** -20, tolerance: 0, patience: 1, l1: 0, l2: 0 };
const OBJECTIVE = { loss: 'squared', huberDelta: 1, fitIntercept: true, weighted: false } as const;

/** Training with one tuning, an epoch after another, on examples of no meaning. */
export class Probe {
  readonly #trainer: GpuTrainer;
  readonly #run: Run;
  readonly #buffers: Buffers;
  #epochs = 1;
  #left = MOST_EPOCHS;

  private constructor(trainer: GpuTrainer, run: Run, buffers: Buffers) {
    this.#trainer = trainer;
    this.#run = run;
    this.#buffers = buffers;
  }

  /** Compiles the kernels for d features with a tuning, and makes about so many bytes of X on the device. */
  static async open(context: GpuContext, tuning: Tuning, featureCount: number, bytes: number): Promise<Probe> {
    const tuned = contextFromDevice(context.device, { tuning, limits: context.limits });
    const buffers = new Buffers(context.device);
    try {
      const trainer = await openTrainer(tuned, buffers, featureCount, bytes);
      const start = initialState(new Float64Array(featureCount + 1));
      const run = await trainer.begin(start, { ...RUN_SETTINGS, epochs: MOST_EPOCHS });
      return new Probe(trainer, run, buffers);
    } catch (error) {
      buffers.destroy();
      throw error;
    }
  }

  /** Milliseconds of an epoch, over as many as take a window. */
  async measure(signal: AbortSignal | undefined): Promise<number> {
    for (;;) {
      const epochs = Math.min(this.#epochs, this.#left);
      if (epochs === 0) return Infinity; // so many have run that no window can be filled
      const startMs = performance.now();
      await this.#run.runEpochs(epochs, { signal, onProgress: undefined });
      const ms = performance.now() - startMs;
      this.#left -= epochs;
      if (ms >= WINDOW_MS) return ms / epochs;
      this.#epochs = Math.ceil(epochs * Math.min(10, (1.2 * WINDOW_MS) / Math.max(ms, 0.1)));
    }
  }

  /** Frees everything, once what is on its way to the host has arrived. */
  async close(): Promise<void> {
    await this.#run.read().catch(() => undefined);
    this.#run.dispose();
    this.#trainer.dispose();
    this.#buffers.destroy();
  }
}

/** A trainer with the kernels and shares of a context, on one shard. */
async function openTrainer(
  context: GpuContext,
  buffers: Buffers,
  featureCount: number,
  bytes: number,
): Promise<GpuTrainer> {
  const { tuning, limits, subgroupSize, isSubgroupPinned } = context;
  const recipe = recipeFor(featureCount, {
    ...{ exampleCount: Number.MAX_SAFE_INTEGER, besideX: 1, kernels: 'auto', storage: 'f32' },
    ...{ terms: { loss: 'squared', weighted: false }, tuning, limits, subgroupSize, isSubgroupPinned },
  });
  const { layout, name } = recipe;
  const compiled = await compileRecipe(context, recipe);
  const shard = await context.guard('make examples to tune with', () => {
    return fillShard(context, buffers, featureCount, Math.min(bytes, limits.maxStorageBufferBindingSize), layout);
  });
  const { exampleCount } = shard;
  const data = { exampleCount, featureCount, layout, isWeighted: false, shards: [shard], destroy: () => undefined };
  const source = {
    ...{ name, warnings: [], share: recipe.share.bind(recipe) },
    recipeFor: () => Promise.resolve(compiled),
  };
  const columns = Array.from({ length: featureCount }, () => PLAIN_COLUMN);
  const standardization = new Standardization(columns, [0], true);
  return new GpuTrainer(context, source, withoutFolds(data), standardization, OBJECTIVE);
}

/** One shard of X and y: a pattern, again and again. */
function fillShard(context: GpuContext, buffers: Buffers, featureCount: number, bytes: number, layout: Layout) {
  const unitQuads = layout.exampleMultiple / 4;
  const units = Math.max(1, Math.floor(bytes / featureBytes(unitQuads, featureCount, layout)));
  const quadCount = units * unitQuads;
  const features = buffers.storage('features', featureBytes(quadCount, featureCount, layout));
  const targets = buffers.storage('targets', quadCount * QUAD_BYTES);
  const pattern = makePattern(context, buffers);
  for (const buffer of [features, targets]) fill(context, buffer, pattern);
  const exampleCount = 4 * quadCount;
  return { firstExample: 0, exampleCount, quadCount, features, targets, weight: exampleCount };
}

function fill({ device }: GpuContext, buffer: GPUBuffer, pattern: GPUBuffer): void {
  const encoder = device.createCommandEncoder({ label: 'fill' });
  for (let filled = 0; filled < buffer.size; filled += pattern.size) {
    encoder.copyBufferToBuffer(pattern, 0, buffer, filled, Math.min(pattern.size, buffer.size - filled));
  }
  device.queue.submit([encoder.finish()]);
}

/** Numbers from −1 to 1 that have no order, so that no memory compresses them. */
function makePattern({ device }: GpuContext, buffers: Buffers): GPUBuffer {
  const numbers = Float32Array.from({ length: PATTERN_BYTES / 4 }, (_, i) => ((i * 0x9e3779b1) >>> 8) / 2 ** 23 - 1);
  const buffer = buffers.storage('pattern', PATTERN_BYTES);
  device.queue.writeBuffer(buffer, 0, numbers);
  return buffer;
}
