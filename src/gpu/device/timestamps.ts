import { Buffers } from './buffers.js';
import type { GpuContext } from './device.js';

/** Two u64 ticks of one nanosecond, begin and end of a pass. */
export const TIMESTAMP_BYTES = 16;

/** Measures one compute pass by the device's own clock. Without timestamp-query it measures nothing. */
export class PassClock {
  #queries: GPUQuerySet | undefined;
  #resolved: GPUBuffer | undefined;
  readonly #device: GPUDevice;
  readonly #allocator: Buffers;

  private constructor(device: GPUDevice) {
    this.#device = device;
    this.#allocator = new Buffers(device);
  }

  /** A clock for passes on a device, which is freed by `destroy` and, what it could not make, at once. */
  static async open(context: GpuContext): Promise<PassClock> {
    const clock = new PassClock(context.device);
    if (!context.device.features.has('timestamp-query')) return clock;
    try {
      await context.guard('keep time', () => clock.#make());
      return clock;
    } catch (error) {
      clock.destroy();
      throw error;
    }
  }

  #make(): void {
    this.#queries = this.#device.createQuerySet({ label: 'pass clock', type: 'timestamp', count: 2 });
    this.#resolved = this.#allocator.resolved('pass clock', TIMESTAMP_BYTES);
  }

  get isRunning(): boolean {
    return this.#queries !== undefined;
  }

  describePass(label: string): GPUComputePassDescriptor {
    if (!this.#queries) return { label };
    return {
      label,
      timestampWrites: { querySet: this.#queries, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 },
    };
  }

  /** After the pass: copies its two ticks to where the host reads them. */
  copyTo(encoder: GPUCommandEncoder, target: GPUBuffer, byteOffset: number): void {
    if (!this.#queries || !this.#resolved) return;
    encoder.resolveQuerySet(this.#queries, 0, 2, this.#resolved, 0);
    encoder.copyBufferToBuffer(this.#resolved, 0, target, byteOffset, TIMESTAMP_BYTES);
  }

  /** Milliseconds between the two ticks that `copyTo` wrote. */
  readMs(contents: ArrayBuffer, byteOffset: number): number {
    const [begin = 0n, end = 0n] = new BigUint64Array(contents, byteOffset, 2);
    return Number(end - begin) / 1e6;
  }

  destroy(): void {
    this.#queries?.destroy();
    this.#allocator.destroy();
  }
}
