import type { StopReason } from '../../src/index.js';
import type { PointSlice } from '../page/count-points.js';
import type { Hypothesis, ScaleSettings } from './scale-data.js';
import { openWorker } from '../../pages/open-worker.js';
import workerUrl from './scale-cpu-worker.ts?worker&url';
import type { ScaleRun } from './scale-run.js';

/** A request to the worker. */
export type CpuQuestion =
  | { kind: 'open'; settings: ScaleSettings }
  | { kind: 'step'; epochs: number; rate: number }
  | { kind: 'restart' }
  | { kind: 'count'; slice: PointSlice };

/** The state after that, as far as it has changed; of a count the points on each pixel. */
export interface CpuAnswer {
  hypothesis?: Hypothesis;
  truth?: Hypothesis;
  limit?: number | null;
  losses: readonly number[];
  stopReason: StopReason | null;
  counts?: Uint32Array<ArrayBuffer>;
}

export type CpuReply = { id: number; answer: CpuAnswer } | { id: number; message: string };

/** Descent in a worker, on the library's CPU engine: where there is no WebGPU, and by batches, which examples on a device are not dealt into. */
export class CpuRun implements ScaleRun {
  readonly losses: number[] = [];
  hypothesis: Hypothesis = { weights: [], bias: 0 };
  truth: Hypothesis = { weights: [], bias: 0 };
  limit: number | null = null;
  stopReason: StopReason | null = null;
  readonly settings: Omit<ScaleSettings, 'rate'>;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve: (answer: CpuAnswer) => void; reject: (reason: Error) => void }>();
  #asked = 0;

  private constructor(settings: ScaleSettings) {
    this.settings = settings;
    this.#worker = openWorker(workerUrl);
    this.#worker.addEventListener('message', ({ data }: MessageEvent<CpuReply>) => {
      const waiting = this.#waiting.get(data.id);
      this.#waiting.delete(data.id);
      if ('answer' in data) waiting?.resolve(data.answer);
      else waiting?.reject(new Error(data.message));
    });
    this.#worker.addEventListener('error', ({ message }) => {
      for (const { reject } of this.#waiting.values()) reject(new Error(message));
      this.#waiting.clear();
    });
  }

  /** Makes the examples in a worker by their seed, and begins. */
  static async open(settings: ScaleSettings): Promise<CpuRun> {
    const run = new CpuRun(settings);
    try {
      run.#take(await run.#ask({ kind: 'open', settings }));
      return run;
    } catch (error) {
      run.dispose();
      throw error;
    }
  }

  get epoch(): number {
    return this.losses.length;
  }

  async step(epochs: number, rate: number): Promise<void> {
    if (this.stopReason !== null) return;
    this.#take(await this.#ask({ kind: 'step', epochs, rate }));
  }

  async restart(): Promise<void> {
    const answer = await this.#ask({ kind: 'restart' });
    this.losses.length = 0;
    this.#take(answer);
  }

  /** Number of points on each pixel of a picture. */
  async count(slice: PointSlice): Promise<Uint32Array<ArrayBuffer>> {
    const { counts } = await this.#ask({ kind: 'count', slice });
    if (!counts) throw new TypeError('a count has counts');
    return counts;
  }

  dispose(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }

  #ask(question: CpuQuestion): Promise<CpuAnswer> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, question });
    });
  }

  #take({ hypothesis, truth, limit, losses, stopReason }: CpuAnswer): void {
    if (hypothesis) this.hypothesis = hypothesis;
    if (truth) this.truth = truth;
    if (limit !== undefined) this.limit = limit;
    this.losses.push(...losses);
    this.stopReason = stopReason;
  }
}
