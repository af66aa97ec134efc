import type { Descent, DescendSettings, Trainer } from '../backend.js';
import { Buffers } from './buffers.js';
import { PROGRESS_BYTES, type Progress, readProgress, writeConfig } from './config.js';
import type { GpuContext } from './device.js';
import type { CompiledRecipe } from './backend.js';
import { Epoch, type EpochBuffers } from './epoch.js';
import { partialCountFor } from './tuning.js';
import type { Standardization } from './standardization.js';
import { PassClock, TIMESTAMP_BYTES } from './timestamps.js';
import { QUAD_BYTES, type UploadedDataset } from './upload.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A submit should last about this long: short enough to leave a page alive and to abort, long enough to hide the wait. */
const SLICE_MS = 50;

/** A slice has at most this many times the epochs of the one before, so that one quick slice misleads little. */
const SLICE_GROWTH = 4;

/** What the first slice may take, by a guess at the slowest: a software adapter on a busy core. */
const FIRST_SLICE_MS = 10;
const SLOWEST_DISPATCHES_MS = 0.2;
const SLOWEST_BYTES_PER_MS = 1e5;

/** An upper bound on the commands that one submit holds, whatever the clock says. */
const MOST_EPOCHS_PER_SLICE = 4096;

/** Trains on a dataset that is on the device. */
export class GpuTrainer implements Trainer {
  readonly #context: GpuContext;
  readonly #compiled: CompiledRecipe;
  readonly #data: UploadedDataset;
  readonly #standardization: Standardization;

  constructor(context: GpuContext, compiled: CompiledRecipe, data: UploadedDataset, standardization: Standardization) {
    this.#context = context;
    this.#compiled = compiled;
    this.#data = data;
    this.#standardization = standardization;
  }

  get kernels(): CompiledRecipe['recipe']['name'] {
    return this.#compiled.recipe.name;
  }

  get warnings(): CompiledRecipe['warnings'] {
    return this.#compiled.warnings;
  }

  get constantFeatures(): number[] {
    return this.#standardization.columns.flatMap(({ isConstant }, j) => (isConstant ? [j] : []));
  }

  toCallerUnits(parameters: Float64Array): { weights: Float64Array; bias: number } {
    return this.#standardization.toCallerUnits(parameters);
  }

  /**
   * One epoch at λ = 1 with all targets zero takes v to v − H·v: the kernels of training measure the curvature
   * that they will meet.
   */
  async curvature(direction: Float64Array): Promise<Float64Array> {
    const settings = {
      epochs: 1,
      learningRate: 1,
      tolerance: 0,
      patience: 1,
      signal: undefined,
      onProgress: undefined,
    };
    const { last } = await this.#run(direction, settings, 'zero');
    return direction.map((value, j) => value - (last[j] as number));
  }

  async descend(initial: Float64Array, settings: DescendSettings): Promise<Descent> {
    const { progress, last, before, lossHistory, timings } = await this.#run(initial, settings, 'given');
    // The last update can leave f32 with no epoch after it that would notice.
    const isDiverged = progress.stopReason === 'diverged' || !last.every(Number.isFinite);
    const unfinished = progress.epoch < settings.epochs ? 'aborted' : 'epochs';
    const stopped = progress.stopReason === 'running' ? unfinished : progress.stopReason;
    return {
      parameters: isDiverged && progress.epoch > 0 ? before : last,
      lossHistory,
      stopReason: isDiverged ? 'diverged' : stopped,
      timings,
    };
  }

  dispose(): void {
    this.#data.destroy();
  }

  /** All epochs, and the parameters after the last of them and before it: [d + 1] in training units. */
  async #run(initial: Float64Array, settings: DescendSettings, targets: 'given' | 'zero') {
    const { device } = this.#context;
    const made = new Buffers(device);
    const clock = new PassClock(device);
    try {
      const { epoch, buffers } = await this.#context.guard('prepare the epochs', () =>
        this.#prepare(made, initial, settings, targets),
      );
      const startMs = performance.now();
      const { progress, gpuMs } = await this.#runSlices(made, clock, epoch, buffers, settings);
      const trainedMs = performance.now();
      const [even, odd, lossHistory] = await Promise.all([
        this.#read(made, buffers.parameters[0], initial.length),
        this.#read(made, buffers.parameters[1], initial.length),
        this.#read(made, buffers.lossHistory, progress.epoch),
      ]);
      // Parameters take turns: those after n epochs are in buffer n % 2, and those of the last loss in the other.
      const [last, before] = progress.epoch % 2 === 0 ? [even, odd] : [odd, even];
      return {
        progress,
        last: this.#standardization.fromDevice(last),
        before: this.#standardization.fromDevice(before),
        lossHistory: Float64Array.from(lossHistory),
        timings: { trainMs: trainedMs - startMs, readbackMs: performance.now() - trainedMs, gpuMs },
      };
    } finally {
      made.destroy();
      clock.destroy();
    }
  }

  #prepare(made: Buffers, initial: Float64Array, settings: DescendSettings, targets: 'given' | 'zero') {
    const { exampleCount, featureCount, quadCount } = this.#data;
    const { recipe, compiled } = this.#compiled;
    const { tuning } = this.#context;
    const partialCount = partialCountFor(quadCount, tuning);
    const shape = { quadCount, featureCount, partialCount, mostWorkgroups: tuning.mostWorkgroups };
    const floats = (label: string, count: number) => made.storage(label, count * FLOAT_BYTES);
    const quads = (label: string) => made.storage(label, quadCount * QUAD_BYTES);
    const start = this.#standardization.toDevice(initial);
    const buffers: EpochBuffers = {
      config: made.uniform('config', writeConfig({ ...shape, exampleCount, ...settings })),
      features: this.#data.features,
      targets: targets === 'given' ? this.#data.targets : quads('zero targets'),
      partials: floats('partials', 2 * (featureCount + 1) * partialCount),
      stepScales: floats('step scales', featureCount + 1),
      parameters: [floats('parameters 0', featureCount + 1), floats('parameters 1', featureCount + 1)],
      progress: [made.storage('progress 0', PROGRESS_BYTES), made.storage('progress 1', PROGRESS_BYTES)],
      lossHistory: floats('loss history', settings.epochs),
    };
    this.#context.device.queue.writeBuffer(buffers.parameters[0], 0, start as Float32Array<ArrayBuffer>);
    const stepScales = this.#standardization.stepScales() as Float32Array<ArrayBuffer>;
    this.#context.device.queue.writeBuffer(buffers.stepScales, 0, stepScales);
    const steps = recipe.steps(compiled, buffers, shape, made);
    return { epoch: new Epoch(this.#context.device, steps, buffers), buffers };
  }

  /** Epochs for a first submit that is short on the slowest adapter, and worth the wait for it on small data. */
  #firstSlice(): number {
    const { quadCount, featureCount } = this.#data;
    const slowestEpochMs = SLOWEST_DISPATCHES_MS + (quadCount * QUAD_BYTES * (featureCount + 1)) / SLOWEST_BYTES_PER_MS;
    return Math.max(1, Math.floor(FIRST_SLICE_MS / slowestEpochMs));
  }

  /** All epochs, many to a submit; between two submits the host looks at progress, clock and signal. */
  async #runSlices(
    made: Buffers,
    clock: PassClock,
    epoch: Epoch,
    buffers: EpochBuffers,
    { epochs, signal, onProgress }: DescendSettings,
  ): Promise<{ progress: Progress; gpuMs: number | null }> {
    const { device } = this.#context;
    const staging = made.staging('progress and clock', PROGRESS_BYTES + TIMESTAMP_BYTES);
    let progress: Progress = { epoch: 0, stopReason: 'running', quietEpochs: 0, loss: Number.NaN };
    let gpuMs = 0;
    let size = this.#firstSlice();
    let encoded = 0;
    while (encoded < epochs && progress.stopReason === 'running' && !signal?.aborted) {
      const startMs = performance.now();
      const end = Math.min(encoded + size, epochs);
      const submitted = this.#context.guard('run the epochs', () => {
        const encoder = device.createCommandEncoder({ label: 'epochs' });
        const pass = encoder.beginComputePass(clock.describePass('epochs'));
        for (; encoded < end; encoded++) epoch.encode(pass, encoded);
        pass.end();
        encoder.copyBufferToBuffer(buffers.progress[encoded % 2] as GPUBuffer, 0, staging, 0, PROGRESS_BYTES);
        clock.copyTo(encoder, staging, PROGRESS_BYTES);
        device.queue.submit([encoder.finish()]);
      });
      await this.#context.wait(Promise.all([submitted, staging.mapAsync(GPUMapMode.READ)]));
      const contents = staging.getMappedRange();
      progress = readProgress(contents);
      if (clock.isRunning) gpuMs += clock.readMs(contents, PROGRESS_BYTES);
      staging.unmap();
      onProgress?.(progress.epoch, progress.loss);
      const growth = SLICE_MS / Math.max(performance.now() - startMs, 0.1);
      size = Math.max(1, Math.min(Math.floor(size * Math.min(growth, SLICE_GROWTH)), MOST_EPOCHS_PER_SLICE));
    }
    return { progress, gpuMs: clock.isRunning ? gpuMs : null };
  }

  /** The first `count` floats of a buffer. */
  async #read(made: Buffers, source: GPUBuffer, count: number): Promise<Float32Array> {
    if (count === 0) return new Float32Array(0);
    const { device } = this.#context;
    const staging = await this.#context.guard('fetch the results', () => {
      const buffer = made.staging(`${source.label} readback`, count * FLOAT_BYTES);
      const encoder = device.createCommandEncoder({ label: 'readback' });
      encoder.copyBufferToBuffer(source, 0, buffer, 0, count * FLOAT_BYTES);
      device.queue.submit([encoder.finish()]);
      return buffer;
    });
    await this.#context.wait(staging.mapAsync(GPUMapMode.READ));
    return new Float32Array(staging.getMappedRange()).slice();
  }
}
