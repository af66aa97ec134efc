import { beforeAbort } from '../../base/turns.js';
import { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';
import { Pace } from './pace.js';
import { mapForReading, readMapped } from './readback.js';
import { PassClock, TIMESTAMP_BYTES } from './timestamps.js';

/** Submits under way: while the host looks at one, and its answer is on its way, the device works on the other. */
const IN_FLIGHT = 2;

/** Bytes of a buffer. */
export interface WatchedBytes {
  buffer: GPUBuffer;
  byteOffset: number;
  bytes: number;
}

/** A run of steps on the device. */
export interface StepRun {
  /** All steps, counted from 0. */
  steps: number;
  /** Bytes of X that a step reads, or could in the time that it takes, times the models that it is for, on the average. */
  stepBytes: number;
  /** True if a step keeps a single workgroup busy, of which nothing is known from steps that keep all busy. Default false. */
  inOneWorkgroup?: boolean;
  /** Writes what the steps need, before the first of them. */
  begin?(): void;
  encode(pass: GPUComputePassEncoder, step: number): void;
  /** The number of steps after which a submit from `start` ends, at most `end`. Default: `end`. */
  cutAt?(end: number, start: number): number;
  /** The bytes that the host reads after a submit that ends after this number of steps. Called in the order of the submits. */
  watched(steps: number): readonly WatchedBytes[];
  /**
   * Takes the bytes that were read, one range after the other, and the number of steps so far. False ends the run; submits
   * that are under way are looked at all the same, and the last of them decides.
   */
  look(contents: ArrayBuffer, steps: number): boolean;
  /** Is called once the last step is submitted, before anything is known of the last submits. */
  afterLast?(): void;
  /** Ends the run at once: what is under way is waited for by nobody, and its results are lost. */
  signal?: AbortSignal | undefined;
  /** True if `look` may end the run because somebody aborts: submits are short then. Default false. */
  mayAbort?: boolean;
}

/** A submit under way. */
interface Flight {
  /** Steps of the run up to its end, and its own. */
  end: number;
  steps: number;
  readBytes: number;
  submittedMs: number;
  /** The time at which the answer came, and the buffer that holds it. */
  answered: Promise<Answer>;
}

interface Answer {
  answeredMs: number;
  staging: GPUBuffer;
}

/**
 * Runs steps, many to a submit, as the pace says. After each submit the host looks at results and signal, and the next one is
 * on its way by then.
 */
export class Slices {
  readonly #context: GpuContext;
  readonly #pace = new Pace();

  constructor(context: GpuContext) {
    this.#context = context;
  }

  /**
   * Milliseconds of the compute passes by the device's own clock; null where it has none to show. Rejects with the reason of the
   * signal.
   */
  async run(run: StepRun): Promise<number | null> {
    const allocator = new Buffers(this.#context.device);
    const clock = await PassClock.open(this.#context);
    const flights: Flight[] = [];
    const idle: GPUBuffer[] = [];
    let size = this.#pace.begin(run.stepBytes, run);
    let gpuMs = 0;
    let encoded = 0;
    let isWanted = true;
    let mostFlights = IN_FLIGHT;
    try {
      while (true) {
        run.signal?.throwIfAborted();
        const isMore = encoded < run.steps && isWanted;
        // The wait is measured on a queue that has nothing else to do.
        if (isMore && flights.length < (this.#pace.needsWait ? 1 : mostFlights)) {
          const flight = this.#submit(run, encoded, size, { allocator, clock, staging: idle.pop() });
          flight.answered.catch(() => undefined); // it is awaited, unless the one before fails
          flights.push(flight);
          encoded = flight.end;
          if (encoded === run.steps) run.afterLast?.();
          continue;
        }
        const flight = flights.shift();
        if (!flight) break;
        const { answeredMs, staging } = await beforeAbort(flight.answered, run.signal);
        size = this.#pace.next({ ...flight, answeredMs }, run.stepBytes);
        const [passMs, read] = await readMapped(
          this.#context,
          staging,
          (contents) => [clock.isRunning ? clock.readMs(contents, 0) : 0, contents.slice(TIMESTAMP_BYTES)] as const,
          flight.readBytes,
        );
        gpuMs += passMs;
        idle.push(staging);
        isWanted = run.look(read, flight.end);
        if (!isWanted) mostFlights = 1; // if a later look asks for more steps after all, then for no more than it needs
      }
      return clock.isRunning ? gpuMs : null;
    } finally {
      allocator.destroy();
      clock.destroy();
    }
  }

  /** Submits up to `size` steps from `start`. */
  #submit(
    run: StepRun,
    start: number,
    size: number,
    { allocator, clock, staging: idle }: { allocator: Buffers; clock: PassClock; staging: GPUBuffer | undefined },
  ): Flight {
    const context = this.#context;
    const { queue } = context.device;
    const most = Math.min(start + size, run.steps);
    const cut = run.cutAt?.(most, start) ?? most;
    const end = cut > start ? cut : most;
    const watched = run.watched(end);
    // The clock's eight-byte ticks lie first, where they are aligned.
    const readBytes = watched.reduce((sum, { bytes }) => sum + bytes, TIMESTAMP_BYTES);
    const submittedMs = performance.now();
    const waited = this.#pace.needsWait ? this.#measureWait(submittedMs) : undefined;
    waited?.catch(() => undefined); // it is awaited, unless the submit fails
    const submitted = context.guard('run the epochs', () => {
      const staging = roomFor(allocator, idle, readBytes);
      if (start === 0) run.begin?.();
      const encoder = context.device.createCommandEncoder({ label: 'epochs' });
      const pass = encoder.beginComputePass(clock.describePass('epochs'));
      for (let step = start; step < end; step++) run.encode(pass, step);
      pass.end();
      let at = TIMESTAMP_BYTES;
      for (const { buffer, byteOffset, bytes } of watched) {
        encoder.copyBufferToBuffer(buffer, byteOffset, staging, at, bytes);
        at += bytes;
      }
      clock.copyTo(encoder, staging, 0);
      queue.submit([encoder.finish()]);
      const answeredMs = mapForReading(staging).then(() => performance.now());
      answeredMs.catch(() => undefined); // it is awaited, unless the submit fails
      return { staging, answeredMs };
    });
    return { end, steps: end - start, readBytes, submittedMs, answered: this.#answer(submitted, waited) };
  }

  /** The answer to a submit. What was wrong with the submit comes first: its answer then fails for lesser reasons. */
  async #answer(
    submitted: Promise<{ staging: GPUBuffer; answeredMs: Promise<number> }>,
    waited: Promise<void> | undefined,
  ): Promise<Answer> {
    const { staging, answeredMs } = await submitted;
    const [answer] = await this.#context.wait(Promise.all([answeredMs, waited]));
    return { staging, answeredMs: answer };
  }

  /** The time from an empty submit, to a queue without work, to its answer; what follows it does not lengthen it. */
  async #measureWait(startMs: number): Promise<void> {
    const { queue } = this.#context.device;
    queue.submit([]);
    await queue.onSubmittedWorkDone();
    this.#pace.waited(performance.now() - startMs);
  }
}

/** The buffer, if it has so much room, or one of twice the room at least in its place. */
function roomFor(allocator: Buffers, staging: GPUBuffer | undefined, bytes: number): GPUBuffer {
  if (staging && staging.size >= bytes) return staging;
  if (staging) allocator.free(staging);
  return allocator.staging('slice', Math.max(bytes, 2 * (staging?.size ?? 0)));
}
