import type { PathState, RunResult, Start } from '../../descent/backend.js';
import { Buffers } from '../device/buffers.js';
import {
  type UniformSettings,
  PROGRESS_BYTES,
  type Progress,
  readProgress,
  writeProgress,
  writeSettings,
} from '../kernels/uniforms.js';
import { AT_THE_END, type Epoch, type EpochBuffers } from './epoch.js';
import { DispatchOrder, type ScheduleShape } from './dispatch-order.js';
import { EpochStart } from './epoch-start.js';
import type { WatchedBytes } from '../device/submits.js';
import type { Validation } from './validation.js';
import { type FetchedRun, fetchRun, parametersOf, resultsOf, type RunContents, unreadFloats } from './read-run.js';
import {
  type CompiledRecipe,
  prepare,
  type Prepared,
  type DeviceTrainingData,
  type TrainingOptions,
} from './prepare-run.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** The bytes that a slow device reads while one workgroup makes an update: its barriers, its order and its step. */
const BYTES_OF_A_SLOW_UPDATE = 1024;

/**
 * The most losses and points that are fetched with the last submit, before it is known how many there are: fetching this much
 * takes less time than a wait for it would.
 */
const MOST_FLOATS_AHEAD = 2 ** 16;

export interface ManyRunWatch {
  signal?: AbortSignal | undefined;
  /** Is told after every submit: how far the models are and, of a single one, its losses since, with those of validation. */
  onProgress?:
    ((progress: readonly Progress[], losses: Float32Array, validationLosses: Float32Array) => void) | undefined;
}

/**
 * The epochs of models that train together: state, history and end are each model's own. All of it stays on the device
 * from one call of `runEpochs` to the next, until the run is disposed of.
 */
export class TrainingRun {
  readonly #on: DeviceTrainingData;
  readonly #allocator: Buffers;
  readonly #epoch: Epoch;
  readonly #buffers: EpochBuffers;
  readonly #shape: ScheduleShape;
  readonly #placeOf: Prepared['placeOf'];
  readonly #starts: readonly Start[];
  readonly #settings: UniformSettings[];
  readonly #validation: Validation | undefined;
  #progress: readonly Progress[];
  /** [models] Number of epochs whose losses were read. */
  #epochsRead: readonly number[];
  /** [models] The first point of each path, until it was read. */
  #firstPoints: readonly PathState[][];
  /** The state at the beginning of the epoch that runs; left out where epochs are short. */
  #epochStart: EpochStart | undefined;
  /** The contents after the last submit, if they are on their way. */
  #fetching: Promise<FetchedRun> | undefined;
  #timings: RunResult['timings'] = { trainMs: 0, readbackMs: 0, gpuMs: 0 };

  private constructor(on: DeviceTrainingData, allocator: Buffers, starts: readonly Start[], prepared: Prepared) {
    this.#on = on;
    this.#starts = starts;
    this.#allocator = allocator;
    this.#shape = prepared.shape;
    this.#placeOf = prepared.placeOf;
    this.#epoch = prepared.epoch;
    this.#buffers = prepared.buffers;
    this.#settings = prepared.settings;
    this.#validation = prepared.validation;
    this.#progress = prepared.progress;
    this.#epochsRead = prepared.progress.map(({ epoch }) => epoch);
    this.#firstPoints = prepared.firstPoints;
  }

  static async begin(
    on: DeviceTrainingData,
    compiled: CompiledRecipe,
    starts: readonly Start[],
    options: TrainingOptions = {},
  ): Promise<TrainingRun> {
    const allocator = new Buffers(on.context.device);
    try {
      const prepared = await on.context.guard('prepare the epochs', () =>
        prepare(on, allocator, compiled, starts, options),
      );
      return new TrainingRun(on, allocator, starts, prepared);
    } catch (error) {
      allocator.destroy();
      throw error;
    }
  }

  /** Sets the learning rate of the first model from the next `runEpochs` on. */
  setRate(rate: Pick<UniformSettings, 'learningRate' | 'tolerance'>): void {
    this.#settings[0] = { ...(this.#settings[0] as UniformSettings), ...rate };
  }

  /**
   * Trains every running model for up to `epochs` more epochs, within its own limit. A run cannot be resumed in the middle of an
   * epoch: after an abort within one it finishes, or, where it may take long, is taken back.
   */
  async runEpochs(epochs: number, { signal, onProgress }: ManyRunWatch): Promise<void> {
    const startMs = performance.now();
    // Those that go on have all come equally far.
    const first = Math.max(0, ...this.#progress.filter((_, k) => this.#goesOn(k)).map(({ epoch }) => epoch));
    try {
      await this.#prepareStart(signal);
      await this.#runTo(first + epochs, { signal, onProgress });
      const [{ epoch, within } = { epoch: 0 }] = this.#progress;
      if (within && this.#goesOn(0)) {
        if (this.#epochStart) this.#progress = await this.#epochStart.restore(this.#on.context);
        else await this.#runTo(epoch + 1, { onProgress });
      }
    } catch (error) {
      await this.#fetching?.catch(() => undefined); // its buffers are freed by then
      throw error;
    }
    this.#timings.trainMs += performance.now() - startMs;
  }

  /** Up to so many epochs in all. */
  async #runTo(epochs: number, { signal, onProgress }: ManyRunWatch): Promise<void> {
    const { updatesPerEpoch: perEpoch } = this.#shape;
    const running = this.#progress.filter((_, k) => this.#goesOn(k));
    const updates = running.map(({ epoch, within }) => epoch * perEpoch + (within?.batch ?? 0));
    const first = Math.max(0, ...updates);
    const last = Math.min(epochs, Math.max(...this.#settings.map((model) => model.epochs)));
    const progressBytes = PROGRESS_BYTES * this.#progress.length;
    const turnAt = (update: number) => (update % 2) as 0 | 1;
    const progressAt = (update: number) => this.#buffers.progress[turnAt(update)];
    const schedule = new DispatchOrder(this.#shape, first);
    this.#fetching = undefined;
    let watchedEpochs = this.#progress[0]?.epoch ?? 0;
    const gpuMs = await this.#on.slices.run({
      steps: running.length === 0 || signal?.aborted ? 0 : schedule.stepsTo(last * perEpoch),
      stepBytes: this.#bytesPerEpoch / schedule.stepsPerEpoch,
      inOneWorkgroup: this.#shape.updatesPerRound > 1,
      begin: () => this.#allow(last, progressAt(first)),
      encode: (pass, step) => {
        const { update, isAtEnd, step: roundStep } = schedule.at(step);
        this.#epoch.encode(pass, turnAt(update), isAtEnd ? AT_THE_END : this.#placeOf(update), roundStep);
      },
      cutAt: (end, start) => {
        const cut = schedule.cutAt(end);
        return this.#epochStart ? schedule.cutAtEpoch(cut, start) : cut;
      },
      watched: (steps) => {
        if (schedule.isUnvalidated(steps)) return [];
        const done = schedule.updatesAfter(steps);
        const epochs = Math.min(Math.floor(done / perEpoch), last);
        const losses = onProgress ? this.#lossesOf(watchedEpochs, epochs) : [];
        watchedEpochs = Math.max(watchedEpochs, epochs);
        const start = this.#epochStart?.watched(schedule, steps) ?? [];
        return [{ buffer: progressAt(done), byteOffset: 0, bytes: progressBytes }, ...losses, ...start];
      },
      look: (contents, steps) => {
        // Of an epoch that is still to be validated there is nothing to tell, and nothing to go on from.
        if (schedule.isUnvalidated(steps)) return true;
        const before = this.#progress[0]?.epoch ?? 0;
        this.#progress = this.#progress.map((_, k) => readProgress(contents, k * PROGRESS_BYTES));
        const startBytes = this.#takeStart(contents, schedule, steps);
        const losses = new Float32Array(contents.slice(progressBytes, contents.byteLength - startBytes));
        const count = (this.#progress[0]?.epoch ?? 0) - before;
        const validated = this.#validation
          ? losses.subarray(losses.length / 2).subarray(0, count)
          : losses.subarray(0, 0);
        onProgress?.(this.#progress, losses.subarray(0, count), validated.filter(Number.isFinite));
        return !signal?.aborted && this.#progress.some(({ stopReason }) => stopReason === 'running');
      },
      afterLast: () => this.#fetchAhead(last),
      mayAbort: signal !== undefined, // by `look`
    });
    this.#timings.gpuMs = gpuMs === null ? null : (this.#timings.gpuMs ?? 0) + gpuMs;
  }

  /** Has the state at hand with which the next epoch begins. */
  async #prepareStart(signal: AbortSignal | undefined): Promise<void> {
    if (this.#epochStart || signal?.aborted || !EpochStart.isNeeded(this.#shape)) return;
    const { context } = this.#on;
    this.#epochStart = await EpochStart.read(context, this.#buffers, this.#shape.updatesPerEpoch, this.#progress);
  }

  /** Takes the state after an epoch from what was read after some dispatches. Returns its bytes. */
  #takeStart(contents: ArrayBuffer, schedule: DispatchOrder, steps: number): number {
    const watched = this.#epochStart?.watched(schedule, steps) ?? [];
    if (watched.length > 0) this.#epochStart = this.#epochStart?.next(contents, this.#progress);
    return watched.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** [models] The results since they were last read. */
  async read(): Promise<RunResult[]> {
    const startMs = performance.now();
    const fetched = await this.#fetch().finally(() => {
      this.#timings.readbackMs += performance.now() - startMs;
    });
    const results = resultsOf(this.#contents, fetched);
    this.#epochsRead = this.#progress.map(({ epoch }) => epoch);
    this.#firstPoints = [];
    const timings = { ...this.#timings };
    return results.map((result) => ({ ...result, timings }));
  }

  /** The parameters of the first model after its last update, finite or not: [d + 1] in training units. */
  async readParameters(): Promise<Float64Array> {
    return parametersOf(this.#contents, await this.#fetch());
  }

  dispose(): void {
    this.#allocator.destroy();
  }

  /** Fetches, with the last submit, what the models will have if none of them ends before this number of epochs. */
  #fetchAhead(last: number): void {
    const progress = this.#progress.map((modelProgress, k): Progress => {
      if (!this.#goesOn(k)) return modelProgress;
      const { stopReason, quietEpochs, loss } = modelProgress;
      return { stopReason, quietEpochs, loss, epoch: Math.min(last, this.#settings[k]?.epochs ?? last) };
    });
    const ahead = { ...this.#contents, progress };
    if (unreadFloats(ahead) > MOST_FLOATS_AHEAD) return;
    this.#fetching = fetchRun(ahead);
    this.#fetching.catch(() => undefined); // it is awaited, unless the run fails or is not read
  }

  /** The contents of the run, from a fetch that is on its way or from one of its own. */
  #fetch(): Promise<FetchedRun> {
    const fetching = this.#fetching ?? fetchRun(this.#contents);
    this.#fetching = undefined; // the next read is about later epochs
    return fetching;
  }

  /** Bytes of X and y that an epoch reads, and those of its updates, counted once for each model. */
  get #bytesPerEpoch(): number {
    const { exampleCount, featureCount } = this.#on.data;
    const validationCount = this.#validation ? (this.#on.validationData?.exampleCount ?? 0) : 0;
    const read = FLOAT_BYTES * (exampleCount + validationCount) * (featureCount + 1);
    return (read + this.#shape.updatesPerEpoch * BYTES_OF_A_SLOW_UPDATE) * this.#progress.length;
  }

  get #contents(): RunContents {
    const { context, standardization, data } = this.#on;
    return {
      context,
      standardization,
      size: data.featureCount + 1,
      updatesPerEpoch: this.#shape.updatesPerEpoch,
      buffers: this.#buffers,
      validation: this.#validation,
      starts: this.#starts,
      settings: this.#settings,
      progress: this.#progress,
      epochsRead: this.#epochsRead,
      firstPoints: this.#firstPoints,
    };
  }

  /** Byte ranges of the losses of the epochs from `first` to `end`: training, then validation. Single model only. */
  #lossesOf(first: number, end: number): WatchedBytes[] {
    if (this.#progress.length > 1 || end <= first) return [];
    const count = end - first;
    const byteOffset = ((this.#settings[0]?.firstLoss ?? 0) + first) * FLOAT_BYTES;
    return [
      { buffer: this.#buffers.history, byteOffset, bytes: count * FLOAT_BYTES },
      ...(this.#validation ? [this.#validation.watched({ first, count })] : []),
    ];
  }

  #goesOn(model: number): boolean {
    const { stopReason, epoch } = this.#progress[model] as Progress;
    return stopReason === 'running' || (stopReason === 'finished' && epoch < (this.#settings[model]?.epochs ?? 0));
  }

  /** Lets the models go on up to this epoch, by the rates in force. */
  #allow(last: number, progress: GPUBuffer): void {
    const { device } = this.#on.context;
    const { queue } = device;
    // Where epochs are validated, updates do not say when to stop.
    const settings = this.#settings.map((modelSettings) =>
      this.#validation
        ? { ...modelSettings, epochs: Infinity, tolerance: 0 }
        : { ...modelSettings, epochs: Math.min(modelSettings.epochs, last) },
    );
    this.#validation?.allow(device, this.#settings[0] as UniformSettings);
    queue.writeBuffer(this.#buffers.settings, 0, writeSettings(settings));
    const going = this.#progress.map((modelProgress, k) =>
      this.#goesOn(k) ? { ...modelProgress, stopReason: 'running' as const } : modelProgress,
    );
    queue.writeBuffer(progress, 0, writeProgress(going));
  }
}
