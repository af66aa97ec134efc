import { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';
import { PassClock, TIMESTAMP_BYTES } from './timestamps.js';

/** A submit should last about this long: short enough to leave a page alive and to abort, long enough to hide the wait. */
const SLICE_MS = 50;

/** A slice has at most this many times the steps of the one before, so that one quick slice misleads little. */
const SLICE_GROWTH = 4;

/** Time limit of the first slice, with a guess at the slowest step: a software adapter on a busy core. */
const FIRST_SLICE_MS = 10;
const SLOWEST_STEP_MS = 0.1;
const SLOWEST_BYTES_PER_MS = 1e5;

/** An upper bound on the commands that one submit holds, whatever the clock says. */
const MOST_STEPS_PER_SLICE = 8192;

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
  /** Bytes of X that a step reads, times the models that it reads them for, on the average. */
  stepBytes: number;
  /** Writes what the steps need, before the first of them. */
  begin?(): void;
  encode(pass: GPUComputePassEncoder, step: number): void;
  /** So many steps, or the fewer after which there is more to see. Default: all are alike. */
  cutAt?(steps: number): number;
  /** The bytes that the host reads after a submit that ends after this number of steps. */
  watched(steps: number): readonly WatchedBytes[];
  /** Is handed what was read, one after the other, and the steps so far; false ends the run. */
  look(contents: ArrayBuffer, steps: number): boolean;
  signal: AbortSignal | undefined;
}

/** Runs steps, many to a submit, each submit about SLICE_MS long; between two of them the host looks at results and signal. */
export class Slices {
  readonly #context: GpuContext;
  /** The time per step in the last slice, including the wait for it, and its bytes per step. */
  #last: { stepMs: number; stepBytes: number } | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
  }

  /** Milliseconds of the compute passes by the device's own clock; null where it has none to show. */
  async run(run: StepRun): Promise<number | null> {
    const { steps, stepBytes, signal } = run;
    const { device } = this.#context;
    const allocator = new Buffers(device);
    const clock = new PassClock(device);
    try {
      let staging: GPUBuffer | undefined;
      let gpuMs = 0;
      let size = this.#firstSize(stepBytes);
      let encoded = 0;
      let isWanted = true;
      while (encoded < steps && isWanted && !signal?.aborted) {
        const startMs = performance.now();
        const start = encoded;
        const most = Math.min(encoded + size, steps);
        const cut = run.cutAt?.(most) ?? most;
        const end = cut > start ? cut : most;
        const watched = run.watched(end);
        // The clock's eight-byte ticks lie first, where they are aligned.
        const readBytes = watched.reduce((sum, { bytes }) => sum + bytes, TIMESTAMP_BYTES);
        const target = (staging = roomFor(allocator, staging, readBytes));
        const submitted = this.#context.guard('run the epochs', () => {
          if (start === 0) run.begin?.();
          const encoder = device.createCommandEncoder({ label: 'epochs' });
          const pass = encoder.beginComputePass(clock.describePass('epochs'));
          for (; encoded < end; encoded++) run.encode(pass, encoded);
          pass.end();
          let at = TIMESTAMP_BYTES;
          for (const { buffer, byteOffset, bytes } of watched) {
            encoder.copyBufferToBuffer(buffer, byteOffset, target, at, bytes);
            at += bytes;
          }
          clock.copyTo(encoder, target, 0);
          device.queue.submit([encoder.finish()]);
        });
        await this.#context.wait(Promise.all([submitted, target.mapAsync(GPUMapMode.READ)]));
        const contents = target.getMappedRange(0, readBytes);
        if (clock.isRunning) gpuMs += clock.readMs(contents, 0);
        const read = contents.slice(TIMESTAMP_BYTES);
        target.unmap();
        isWanted = run.look(read, encoded);
        const sliceMs = Math.max(performance.now() - startMs, 0.1);
        this.#last = { stepMs: sliceMs / (end - start), stepBytes };
        const growth = Math.min(SLICE_MS / sliceMs, SLICE_GROWTH);
        size = Math.max(1, Math.min(Math.floor(size * growth), MOST_STEPS_PER_SLICE));
      }
      return clock.isRunning ? gpuMs : null;
    } finally {
      allocator.destroy();
      clock.destroy();
    }
  }

  /**
   * Steps for a first submit: as many as take SLICE_MS by what the last run took, or, before there was one, as are short
   * on the slowest adapter and worth the wait for it on small data.
   */
  #firstSize(stepBytes: number): number {
    if (!this.#last) {
      return Math.max(1, Math.floor(FIRST_SLICE_MS / (SLOWEST_STEP_MS + stepBytes / SLOWEST_BYTES_PER_MS)));
    }
    const stepMs = this.#last.stepMs * Math.max(1, stepBytes / this.#last.stepBytes);
    return Math.min(Math.max(1, Math.floor(SLICE_MS / stepMs)), MOST_STEPS_PER_SLICE);
  }
}

/** The buffer, if it has so much room, or one of twice the room at least in its place. */
function roomFor(allocator: Buffers, staging: GPUBuffer | undefined, bytes: number): GPUBuffer {
  if (staging && staging.size >= bytes) return staging;
  staging?.destroy();
  return allocator.staging('slice', Math.max(bytes, 2 * (staging?.size ?? 0)));
}
