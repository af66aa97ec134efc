import { DescentError } from '../../base/errors.js';
import type { Soon } from '../../base/soon.js';
import { nextTurn } from '../../base/turns.js';
import { outOfMemory } from '../memory.js';
import type { EngineWorker } from './start-worker.js';
import { addTo } from './threads.js';

/** A job of all workers: a kernel at parameters, in the format of its arithmetic, with a column of targets. */
export interface Job {
  /** The number of the kernel. */
  kernel: number;
  model: Float32Array | Float64Array;
  /** The offset of the targets in a tile. */
  target: number;
  /** The ranges of each worker's own rows, two at most: beginnings and ends. */
  ranges: readonly Int32Array[];
}

/** The way in which parameters go to the workers and sums come back. */
export interface Exchange {
  /** Makes a kernel known to all workers; `message` is that of src/cpu/threads/worker.js. */
  addKernel(message: KernelMessage): Promise<void>;
  /** Gives the workers a job. */
  begin(job: Job): void;
  /** Adds the sums of all workers, one after the other. Rejects with `WORKER_LOST`. */
  end(sums: Float64Array): Soon<void>;
}

export interface KernelMessage {
  action: 'kernel';
  module: WebAssembly.Module;
  modelLength: number;
  /** Bytes of a parameter. */
  modelFormat: 4 | 8;
  sumCount: number;
  scratchBytes: number;
}

/** The error of a worker that failed for this reason. */
function failureFor(reason: string): DescentError {
  const bytes = /no memory for (\d+) bytes/.exec(reason)?.[1];
  if (bytes !== undefined) return outOfMemory(Number(bytes));
  return new DescentError('WORKER_LOST', {
    got: `a worker that failed: ${reason}`,
    expected: 'all workers until the fit ends',
    fix: 'Start the fit again; if it fails again, use fewer examples.',
  });
}

/** Workers that answer, until one of them fails. */
class Answers {
  readonly #workers: readonly EngineWorker[];
  readonly #waiting: ((answer: unknown) => void)[][];
  #failure: DescentError | undefined;
  #reject: ((error: DescentError) => void) | undefined;

  constructor(workers: readonly EngineWorker[]) {
    this.#workers = workers;
    this.#waiting = workers.map(() => []);
    workers.forEach((worker, k) => {
      worker.onMessage = (data) => this.#waiting[k]?.shift()?.(data);
      worker.onFailure = (reason) => {
        this.#failure ??= failureFor(reason);
        this.#reject?.(this.#failure);
      };
    });
  }

  /** Throws if a worker has failed. */
  check(): void {
    if (this.#failure) throw this.#failure;
  }

  /** The next answer of each worker. */
  async next(): Promise<unknown[]> {
    this.check();
    const failed = new Promise<never>((_, reject) => (this.#reject = reject));
    for (const worker of this.#workers) worker.hold(true);
    const answers = this.#waiting.map((queue) => new Promise((resolve) => queue.push(resolve)));
    return Promise.race([failed, Promise.all(answers)]).finally(() => {
      for (const worker of this.#workers) worker.hold(false);
    });
  }
}

/** By messages: each way is a copy, and a turn of the event loop on either side. */
export class MessageExchange implements Exchange {
  readonly #workers: readonly EngineWorker[];
  readonly #answers: Answers;
  #sums: Promise<unknown[]> = Promise.resolve([]);

  constructor(workers: readonly EngineWorker[]) {
    this.#workers = workers;
    this.#answers = new Answers(workers);
  }

  async addKernel(message: KernelMessage): Promise<void> {
    const ready = this.#answers.next();
    for (const worker of this.#workers) worker.post(message);
    await ready;
  }

  begin({ kernel, model, target, ranges }: Job): void {
    this.#sums = this.#answers.next();
    this.#sums.catch(() => undefined); // awaited in `end`
    this.#workers.forEach((worker, k) => worker.post({ action: 'add', kernel, model, target, ranges: ranges[k] }));
  }

  async end(sums: Float64Array): Promise<void> {
    for (const others of await this.#sums) addTo(sums, others as Float64Array);
  }
}

/** Looks for the sums of the workers before it leaves the thread to others: less than a millisecond. */
const LOOKS = 100_000;

/** Numbers of the control memory for each worker: see src/cpu/threads/worker.js. */
const SLOT = 5;
const FIRST_SLOT = 3;
const JOB = 0;
const KERNEL = 1;
const TARGET = 2;
const NO_KERNEL = -1;

/** By shared memory, where the host has it: workers look for jobs, and this thread for their sums. */
export class SharedExchange implements Exchange {
  readonly control: Int32Array;
  readonly #workers: readonly EngineWorker[];
  readonly #answers: Answers;
  /** Shared memory of each kernel. */
  readonly #kernels: { model: Float32Array | Float64Array; sums: readonly Float64Array[] }[] = [];
  #isServed = false;

  constructor(workers: readonly EngineWorker[]) {
    this.#workers = workers;
    this.#answers = new Answers(workers);
    this.control = new Int32Array(new SharedArrayBuffer(4 * (FIRST_SLOT + SLOT * workers.length)));
  }

  static slotOf(worker: number): number {
    return FIRST_SLOT + SLOT * worker;
  }

  async addKernel(message: KernelMessage): Promise<void> {
    this.#leave();
    const ready = this.#answers.next();
    const { modelLength, modelFormat, sumCount } = message;
    const shared = new SharedArrayBuffer(8 * modelLength);
    const model = modelFormat === 4 ? new Float32Array(shared, 0, modelLength) : new Float64Array(shared);
    const sums = this.#workers.map(() => new Float64Array(new SharedArrayBuffer(8 * sumCount)));
    this.#workers.forEach((worker, k) => worker.post({ ...message, shared: { model, sums: sums[k] } }));
    this.#kernels.push({ model, sums });
    await ready;
  }

  begin({ kernel, model, target, ranges }: Job): void {
    this.#answers.check();
    const { control } = this;
    if (!this.#isServed) {
      for (const worker of this.#workers) worker.post({ action: 'serve', done: control[JOB] });
      this.#isServed = true;
    }
    this.#kernels[kernel]?.model.set(model);
    ranges.forEach((own, k) => control.set(own, SharedExchange.slotOf(k) + 1));
    this.#announce(kernel, target);
  }

  end(sums: Float64Array): Soon<void> {
    for (let look = 0; look < LOOKS; look++) {
      if (!this.#areDone()) continue;
      this.#add(sums);
      return;
    }
    return this.#endLater(sums);
  }

  async #endLater(sums: Float64Array): Promise<void> {
    while (!this.#areDone()) {
      await nextTurn();
      this.#answers.check();
    }
    this.#add(sums);
  }

  #areDone(): boolean {
    const { control } = this;
    for (let k = 0; k < this.#workers.length; k++) {
      if (Atomics.load(control, SharedExchange.slotOf(k)) !== control[JOB]) return false;
    }
    return true;
  }

  #add(sums: Float64Array): void {
    const kernel = this.#kernels[this.control[KERNEL] as number];
    for (const others of kernel?.sums ?? []) addTo(sums, others);
  }

  #announce(kernel: number, target: number): void {
    const { control } = this;
    control[KERNEL] = kernel;
    control[TARGET] = target;
    Atomics.store(control, JOB, ((control[JOB] as number) + 1) | 0);
    Atomics.notify(control, JOB);
  }

  /** Sends the workers back to their messages. */
  #leave(): void {
    if (this.#isServed) this.#announce(NO_KERNEL, 0);
    this.#isServed = false;
  }
}
