import type { Descent, DescendSettings, Trainer } from '../backend.js';
import type { CompiledRecipe } from './backend.js';
import { Buffers } from './buffers.js';
import { PROGRESS_BYTES, type Progress, readProgress, SETTINGS_BYTES, writeConfig, writeSettings } from './config.js';
import type { GpuContext } from './device.js';
import { type BoundShard, Epoch, type EpochBuffers } from './epoch.js';
import { QUAD_BYTES } from './layout.js';
import type { Standardization } from './standardization.js';
import { PassClock, TIMESTAMP_BYTES } from './timestamps.js';
import type { UploadedDataset } from './upload.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** A submit should last about this long: short enough to leave a page alive and to abort, long enough to hide the wait. */
const SLICE_MS = 50;

/** A slice has at most this many times the steps of the one before, so that one quick slice misleads little. */
const SLICE_GROWTH = 4;

/** What the first slice may take, by a guess at the slowest: a software adapter on a busy core. */
const FIRST_SLICE_MS = 10;
const SLOWEST_STEP_MS = 0.1;
const SLOWEST_BYTES_PER_MS = 1e5;

/** An upper bound on the commands that one submit holds, whatever the clock says. */
const MOST_STEPS_PER_SLICE = 8192;

/** Trains on a dataset that is on the device. */
export class GpuTrainer implements Trainer {
  readonly #context: GpuContext;
  readonly #compiled: CompiledRecipe;
  readonly #data: UploadedDataset;
  readonly #standardization: Standardization;
  /** What lives as long as this. */
  readonly #made: Buffers;
  #zeros: GPUBuffer | undefined;
  /** What a step took in the last slice, the wait for it included; 0 before there was one. */
  #stepMs = 0;

  constructor(context: GpuContext, compiled: CompiledRecipe, data: UploadedDataset, standardization: Standardization) {
    this.#context = context;
    this.#compiled = compiled;
    this.#data = data;
    this.#standardization = standardization;
    this.#made = new Buffers(context.device);
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
      l1: 0,
      l2: 0,
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
    this.#made.destroy();
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
    const { exampleCount, featureCount, layout } = this.#data;
    const { recipe, compiled } = this.#compiled;
    const { queue } = this.#context.device;
    const floats = (label: string, count: number) => made.storage(label, count * FLOAT_BYTES);
    const shares = this.#data.shards.map(({ quadCount }) => recipe.share(quadCount));
    const partialCount = shares.reduce((sum, { partials }) => sum + partials, 0);
    let firstPartial = 0;
    const shards = this.#data.shards.map((shard, i): BoundShard => {
      const { workgroups, partials } = shares[i] as { workgroups: number; partials: number };
      const shape = { featureCount, rowQuads: layout.rowQuads, firstPartial, partialCount };
      firstPartial += partials;
      return {
        ...shard,
        targets: targets === 'given' ? shard.targets : this.#zeroTargets(),
        config: made.uniform('config', writeConfig({ ...shard, ...shape })),
        workgroups,
      };
    });
    const buffers: EpochBuffers = {
      shards,
      settings: made.storage('settings', SETTINGS_BYTES),
      partials: floats('partials', (featureCount + 2) * partialCount),
      stepScales: floats('step scales', featureCount + 1),
      parameters: [floats('parameters 0', featureCount + 1), floats('parameters 1', featureCount + 1)],
      progress: [made.storage('progress 0', PROGRESS_BYTES), made.storage('progress 1', PROGRESS_BYTES)],
      lossHistory: floats('loss history', settings.epochs),
    };
    queue.writeBuffer(buffers.settings, 0, writeSettings([{ ...settings, exampleCount }]));
    queue.writeBuffer(buffers.parameters[0], 0, this.#standardization.toDevice(initial) as Float32Array<ArrayBuffer>);
    queue.writeBuffer(buffers.stepScales, 0, this.#standardization.stepScales() as Float32Array<ArrayBuffer>);
    const steps = recipe.steps(compiled, buffers, featureCount, made);
    return { epoch: new Epoch(this.#context.device, steps, buffers), buffers };
  }

  /** Targets for the curvature, shared by all shards. */
  #zeroTargets(): GPUBuffer {
    const mostQuads = Math.max(...this.#data.shards.map(({ quadCount }) => quadCount));
    return (this.#zeros ??= this.#made.storage('zero targets', mostQuads * QUAD_BYTES));
  }

  /**
   * Steps for a first submit: as many as take SLICE_MS by what the last run took, or, before there was one, as are short
   * on the slowest adapter and worth the wait for it on small data.
   */
  #firstSlice(stepCount: number): number {
    if (this.#stepMs > 0) return Math.min(Math.max(1, Math.floor(SLICE_MS / this.#stepMs)), MOST_STEPS_PER_SLICE);
    const { exampleCount, featureCount } = this.#data;
    const bytes = (FLOAT_BYTES * exampleCount * (featureCount + 1)) / stepCount;
    return Math.max(1, Math.floor(FIRST_SLICE_MS / (SLOWEST_STEP_MS + bytes / SLOWEST_BYTES_PER_MS)));
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
    const { epochsPerRound } = this.#compiled.recipe;
    const steps = Math.ceil(epochs / epochsPerRound) * epoch.stepCount;
    let size = this.#firstSlice(epoch.stepCount);
    let encoded = 0;
    while (encoded < steps && progress.stopReason === 'running' && !signal?.aborted) {
      const startMs = performance.now();
      const start = encoded;
      const end = Math.min(encoded + size, steps);
      const submitted = this.#context.guard('run the epochs', () => {
        const encoder = device.createCommandEncoder({ label: 'epochs' });
        const pass = encoder.beginComputePass(clock.describePass('epochs'));
        for (; encoded < end; encoded++) epoch.encode(pass, encoded);
        pass.end();
        // Rounds of one epoch take turns with the progress; longer ones keep it in the first.
        const turn = epochsPerRound === 1 ? Math.floor(encoded / epoch.stepCount) % 2 : 0;
        encoder.copyBufferToBuffer(buffers.progress[turn] as GPUBuffer, 0, staging, 0, PROGRESS_BYTES);
        clock.copyTo(encoder, staging, PROGRESS_BYTES);
        device.queue.submit([encoder.finish()]);
      });
      await this.#context.wait(Promise.all([submitted, staging.mapAsync(GPUMapMode.READ)]));
      const contents = staging.getMappedRange();
      progress = readProgress(contents);
      if (clock.isRunning) gpuMs += clock.readMs(contents, PROGRESS_BYTES);
      staging.unmap();
      if (progress.epoch > 0) onProgress?.(progress.epoch, progress.loss);
      const sliceMs = Math.max(performance.now() - startMs, 0.1);
      this.#stepMs = sliceMs / (end - start);
      const growth = SLICE_MS / sliceMs;
      size = Math.max(1, Math.min(Math.floor(size * Math.min(growth, SLICE_GROWTH)), MOST_STEPS_PER_SLICE));
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
