import { Buffers } from '../device/buffers.js';
import { readFloats } from '../device/readback.js';
import type { GpuContext } from '../device/device.js';
import type { WatchedBytes } from '../device/submits.js';
import { type Progress, writeProgress } from '../kernels/uniforms.js';
import type { DispatchOrder, ScheduleShape } from './dispatch-order.js';
import type { EpochBuffers } from './epoch.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

type RunBuffers = Pick<EpochBuffers, 'parameters' | 'progress'>;

/**
 * The state on the device at the beginning of an epoch of mini-batches, which can take seconds: an abort within the epoch goes
 * back to it, since a run goes on from whole epochs only.
 */
export class EpochStart {
  readonly #buffers: RunBuffers;
  readonly #updatesPerEpoch: number;
  readonly #progress: readonly Progress[];
  /** The parameters and the optimizer state of even and of odd turns, one after the other. */
  readonly #parameters: Float32Array<ArrayBuffer>;

  private constructor(
    buffers: RunBuffers,
    updatesPerEpoch: number,
    progress: readonly Progress[],
    parameters: Float32Array<ArrayBuffer>,
  ) {
    this.#buffers = buffers;
    this.#updatesPerEpoch = updatesPerEpoch;
    this.#progress = progress;
    this.#parameters = parameters;
  }

  /** True if epochs may take long: else, where a dispatch makes several updates, an epoch takes a few dispatches. */
  static isNeeded({ updatesPerEpoch, updatesPerRound, endsWithEpoch }: ScheduleShape): boolean {
    return updatesPerEpoch > 1 && (updatesPerRound === 1 || endsWithEpoch === true);
  }

  /** The state before anything has run. */
  static async read(
    context: GpuContext,
    buffers: RunBuffers,
    updatesPerEpoch: number,
    progress: readonly Progress[],
  ): Promise<EpochStart> {
    const ranges = buffers.parameters.map((source) => ({ source, first: 0, count: source.size / FLOAT_BYTES }));
    const allocator = new Buffers(context.device);
    try {
      const parameters = await readFloats(context, allocator, ranges);
      return new EpochStart(buffers, updatesPerEpoch, progress, parameters as Float32Array<ArrayBuffer>);
    } finally {
      allocator.destroy();
    }
  }

  /** The bytes to read after so many dispatches: those of the state, where an epoch is complete. */
  watched(schedule: DispatchOrder, steps: number): WatchedBytes[] {
    if (schedule.updatesAfter(steps) % this.#updatesPerEpoch !== 0) return [];
    return this.#buffers.parameters.map((buffer) => ({ buffer, byteOffset: 0, bytes: buffer.size }));
  }

  /** The state that was read, the last of the contents of a submit. */
  next(contents: ArrayBuffer, progress: readonly Progress[]): EpochStart {
    const parameters = new Float32Array(contents.slice(contents.byteLength - this.#parameters.byteLength));
    return new EpochStart(this.#buffers, this.#updatesPerEpoch, progress, parameters);
  }

  /** Writes the state back to the device, and returns how far its epochs are. */
  async restore(context: GpuContext): Promise<readonly Progress[]> {
    const { queue } = context.device;
    const turn = (((this.#progress[0]?.epoch ?? 0) * this.#updatesPerEpoch) % 2) as 0 | 1;
    await context.guard('go back to the last epoch', () => {
      this.#buffers.parameters.forEach((buffer, k) => {
        const floats = buffer.size / FLOAT_BYTES;
        queue.writeBuffer(buffer, 0, this.#parameters, k * floats, floats);
      });
      queue.writeBuffer(this.#buffers.progress[turn], 0, writeProgress(this.#progress));
    });
    return this.#progress;
  }
}
