/** Two u64 ticks of one nanosecond, begin and end of a pass. */
export const TIMESTAMP_BYTES = 16;

/** Measures one compute pass by the device's own clock. Without timestamp-query it measures nothing. */
export class PassClock {
  readonly #queries: GPUQuerySet | undefined;
  readonly #resolved: GPUBuffer | undefined;

  constructor(device: GPUDevice) {
    if (!device.features.has('timestamp-query')) return;
    this.#queries = device.createQuerySet({ label: 'pass clock', type: 'timestamp', count: 2 });
    this.#resolved = device.createBuffer({
      label: 'pass clock',
      size: TIMESTAMP_BYTES,
      usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
    });
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
    this.#resolved?.destroy();
  }
}
