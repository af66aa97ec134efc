import { DescentError } from '../../src/index.js';
import type { Place, SharedDevice } from '../page/device.js';
import { Player } from '../page/player.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import { CpuRun } from './scale-cpu-run.js';
import { MOST_CPU_ROWS, mostRowsOn, type ScaleSettings } from './scale-data.js';
import { inWorker } from './scale-in-worker.js';
import type { Job, Measured, Way } from './scale-measure.js';
import { GpuRun, type ScaleRun, type Suggestion, suggestedOn } from './scale-run.js';
import { Speed } from './scale-speed.js';

/** The state that section 6 shows. */
export interface ScaleState {
  /** null before the examples are there. */
  run: ScaleRun | null;
  /** Why a worker trains on the CPU: there is no WebGPU, or batches are asked for; null on a device. */
  onCpu: 'missing' | 'batches' | null;
  /** The rows that this device has room for; null before it is known. */
  mostRows: number | null;
  suggestion: Suggestion | null;
  /** While it plays; null before. */
  epochsPerSecond: number | null;
  /** The epoch from which it went on when the device was lost. */
  resumedAt: number | null;
  measured: readonly Measured[];
  measuring: Way | null;
  /** The error, if one occurred; of a worker only the words. */
  problem: DescentError | string | null;
}

/** A slider that is drawn along passes over many sizes: only one at which it rests is made. */
const REST_MS = 150;

/** The part of the page's state that makes other data or another descent necessary, and that part of a run's settings. */
const DATA_NAMES = ['shape', 'rows', 'scaleSeed', 'scaleBatch'] as const;
const RUN_NAMES = ['shape', 'rows', 'seed', 'batch'] as const;

/** Training of section 6, from the first look at it on: data on the device, descent in play, and what each way takes. */
export class ScaleLesson {
  readonly player: Player;
  #state: ScaleState = {
    run: null,
    onCpu: null,
    mostRows: null,
    suggestion: null,
    epochsPerSecond: null,
    resumedAt: null,
    measured: [],
    measuring: null,
    problem: null,
  };
  #isSeen = false;
  #rest: ReturnType<typeof setTimeout> | undefined;
  #queue: Promise<unknown> = Promise.resolve();
  #measures = new AbortController();
  readonly #speed = new Speed();
  readonly #listeners = new Set<(state: ScaleState) => void>();

  constructor(
    readonly store: Store,
    readonly device: SharedDevice,
  ) {
    this.player = new Player(
      () => this.#playOn(),
      0,
      () => {
        this.#speed.restart();
        this.#change({});
      },
    );
    store.subscribe((state, before) => this.#follow(state, before));
    // A device that is lost while nothing runs: the data are made again at once.
    device.subscribe(({ context }) => {
      const { run } = this.#state;
      if (context && run instanceof GpuRun && context !== run.context) void this.#prepare();
    }, new AbortController().signal);
  }

  subscribe(listener: (state: ScaleState) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    listener(this.#state);
  }

  /** The section comes into view: nothing is made before. */
  see(): void {
    if (this.#isSeen) return;
    this.#isSeen = true;
    void this.#prepare();
  }

  stepEpoch(): Promise<unknown> {
    return this.#step(1);
  }

  /** Back to the parameters that it began with, on the same examples. */
  async restart(): Promise<void> {
    this.player.pause();
    await this.#onDevice((run) => run.restart());
    this.#change({ epochsPerSecond: null, resumedAt: null });
  }

  /** A hundred epochs by streaming, and by moments. */
  async compare(): Promise<void> {
    const { scaleRate } = this.store.state;
    const streams = () => this.#onDevice(async (run) => (run instanceof GpuRun ? run.measure(scaleRate) : null));
    const isOnCpu = this.#state.onCpu !== null;
    if (isOnCpu || (await this.#measure('streaming', streams))) await this.#inWorker('moments');
  }

  /** Some epochs on the CPU. */
  async compareCpu(): Promise<void> {
    await this.#inWorker('cpu');
  }

  #follow(state: PageState, before: PageState): void {
    if (state.pace !== before.pace) this.#speed.restart();
    const isOther = DATA_NAMES.some((name) => state[name] !== before[name]);
    if (!isOther && state.scaleRate === before.scaleRate) return;
    this.#measures.abort();
    this.#measures = new AbortController();
    this.#change({ measured: [], measuring: null });
    if (!isOther) return;
    this.player.pause();
    clearTimeout(this.#rest);
    if (this.#isSeen) this.#rest = setTimeout(() => void this.#prepare(), REST_MS);
  }

  async #prepare(): Promise<void> {
    await this.#onDevice(async (run) => {
      const { shape } = this.store.state;
      if (!(run instanceof GpuRun) || this.#state.suggestion?.shape === shape) return;
      this.#change({ suggestion: await suggestedOn(run.context, shape) });
    });
  }

  async #playOn(): Promise<boolean> {
    await new Promise(requestAnimationFrame);
    if (!this.player.isPlaying) return false; // or the step would follow what was asked for since
    const run = await this.#step(this.store.state.pace === 'full' ? this.#speed.epochsPerStep : 1);
    return run !== null && run.stopReason === null;
  }

  #step(epochs: number): Promise<ScaleRun | null> {
    return this.#onDevice(async (run) => {
      const startMs = performance.now();
      const before = run.epoch;
      await run.step(epochs, this.store.state.scaleRate);
      this.#speed.add(run.epoch - before, performance.now() - startMs);
      const { isPlaying } = this.player;
      this.#change({ epochsPerSecond: isPlaying ? this.#speed.epochsPerSecond : this.#state.epochsPerSecond });
      return run;
    });
  }

  #inWorker(way: Job['way']): Promise<boolean> {
    return this.#measure(way, (signal) => {
      const { mostRows } = this.#state;
      return inWorker({ way, ...this.#settings(mostRows ?? Infinity) }, signal);
    });
  }

  /** True if it was measured: not where it fails, and where other data or another rate are asked for meanwhile. */
  async #measure(way: Way, work: (signal: AbortSignal) => Promise<Measured | null>): Promise<boolean> {
    const { signal } = this.#measures;
    this.player.pause();
    this.#change({ measuring: way, problem: null });
    const words: Partial<ScaleState> = {};
    try {
      const made = await work(signal);
      const others = this.#state.measured.filter((one) => one.way !== way);
      if (made) words.measured = [...others, made];
    } catch (error) {
      words.problem = error instanceof DescentError ? error : error instanceof Error ? error.message : String(error);
    }
    if (signal.aborted) return false;
    this.#change({ ...words, measuring: null });
    return words.measured !== undefined;
  }

  /**
   * Does something with the run that the state asks for, after all that was asked before. When the device is lost on the
   * way, data and descent are opened on another one, and it is done there. null where it cannot be done.
   */
  #onDevice<Result>(task: (run: ScaleRun) => Promise<Result>): Promise<Result | null> {
    const inTurn = this.#queue.then(async () => {
      try {
        const result = await this.device.run(async (place) => {
          const run = await this.#runOn(place);
          return run && task(run);
        });
        this.#change({});
        return result;
      } catch (error) {
        if (!(error instanceof DescentError)) throw error;
        this.player.pause();
        this.#change({ problem: error });
        return null;
      }
    });
    this.#queue = inTurn.catch(() => undefined);
    return inTurn;
  }

  /** The run here: the one there is, another one, or that of a lost device, which goes on where it was. */
  async #runOn(place: Place): Promise<ScaleRun | null> {
    const { run } = this.#state;
    const { scaleBatch } = this.store.state;
    const context = place.backend === 'cpu' || scaleBatch !== 'all' ? null : place.context;
    const mostRows = context ? mostRowsOn(context.limits, this.store.state.shape) : MOST_CPU_ROWS;
    const settings = this.#settings(mostRows);
    const isSame = run !== null && RUN_NAMES.every((name) => run.settings[name] === settings[name]);
    const isHere = run instanceof GpuRun ? run.context === context : context === null;
    if (run && isSame && isHere) return run;
    const onCpu = place.backend === 'cpu' ? 'missing' : context ? null : 'batches';
    const saved = run instanceof GpuRun && isSame && context ? await run.checkpoint() : null;
    run?.dispose();
    if (!isSame || !saved) {
      this.#change({ run: null, mostRows, epochsPerSecond: null, resumedAt: null, problem: null, onCpu });
    }
    const opened = context ? await GpuRun.open(context, settings, saved) : await CpuRun.open(settings);
    this.#change({ run: opened, ...(saved && { resumedAt: opened.epoch }) });
    return opened;
  }

  /** The settings of the address, as far as there is room. */
  #settings(mostRows: number): ScaleSettings {
    const { shape, rows, scaleSeed: seed, scaleBatch: batch, scaleRate: rate } = this.store.state;
    return { shape, rows: Math.min(rows, mostRows), seed, batch, rate };
  }

  #change(changes: Partial<ScaleState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}
