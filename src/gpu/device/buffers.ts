import { heldBytesOn } from './held-bytes.js';
import { BUFFER_USAGE } from './constants.js';

/**
 * The access of a kernel to a buffer, visible where the buffer is passed to it. 'uniformAt' is a uniform at a dynamic
 * offset: the dispatch selects one of several in the buffer.
 */
export type Access = 'uniform' | 'uniformAt' | 'read' | 'readWrite';

export interface Binding {
  access: Access;
  buffer: GPUBuffer;
  /** The bytes that the kernel sees. Default: all. */
  range?: ByteRange;
}

export interface ByteRange {
  /** A multiple of the device's minStorageBufferOffsetAlignment. */
  offset: number;
  size: number;
}

/** The largest minUniformBufferOffsetAlignment that a device may ask for. */
export const UNIFORM_STRIDE = 256;

export const uniform = (buffer: GPUBuffer): Binding => ({ access: 'uniform', buffer });
/** One of several uniforms of so many bytes, which lie UNIFORM_STRIDE apart. */
export const uniformAt = (buffer: GPUBuffer, size: number): Binding => part('uniformAt', buffer, { offset: 0, size });
export const read = (buffer: GPUBuffer, range?: ByteRange): Binding => part('read', buffer, range);
export const readWrite = (buffer: GPUBuffer, range?: ByteRange): Binding => part('readWrite', buffer, range);

function part(access: Access, buffer: GPUBuffer, range: ByteRange | undefined): Binding {
  return { access, buffer, ...(range && { range }) };
}

/** The buffers of one owner, made with a label each and freed together. */
export class Buffers {
  readonly #device: GPUDevice;
  readonly #buffers: GPUBuffer[] = [];

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** A storage buffer of zeros that can be copied from and to. */
  storage(label: string, sizeBytes: number): GPUBuffer {
    return this.#make(label, sizeBytes, BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC | BUFFER_USAGE.COPY_DST);
  }

  /** A storage buffer whose contents the given function writes, and that can be copied from. */
  filled(label: string, sizeBytes: number, fill: (contents: ArrayBuffer) => void): GPUBuffer {
    const buffer = this.#make(label, sizeBytes, BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC, true);
    fill(buffer.getMappedRange());
    buffer.unmap();
    return buffer;
  }

  /** A storage buffer that is mapped: the caller writes its contents, and unmaps it. */
  mapped(label: string, sizeBytes: number): GPUBuffer {
    return this.#make(label, sizeBytes, BUFFER_USAGE.STORAGE | BUFFER_USAGE.COPY_SRC, true);
  }

  /** A uniform buffer with contents that the queue can write anew. */
  uniform(label: string, contents: ArrayBuffer): GPUBuffer {
    const buffer = this.#make(label, contents.byteLength, BUFFER_USAGE.UNIFORM | BUFFER_USAGE.COPY_DST, true);
    new Uint8Array(buffer.getMappedRange()).set(new Uint8Array(contents));
    buffer.unmap();
    return buffer;
  }

  /** A buffer that the host can map to read what was copied to it. */
  staging(label: string, sizeBytes: number): GPUBuffer {
    return this.#make(label, sizeBytes, BUFFER_USAGE.MAP_READ | BUFFER_USAGE.COPY_DST);
  }

  /** A buffer that queries are resolved to. */
  resolved(label: string, sizeBytes: number): GPUBuffer {
    return this.#make(label, sizeBytes, BUFFER_USAGE.QUERY_RESOLVE | BUFFER_USAGE.COPY_SRC);
  }

  destroy(): void {
    this.#forget(this.#buffers.splice(0)).forEach((buffer) => buffer.destroy());
  }

  /** Frees one of the buffers before the others. */
  free(buffer: GPUBuffer): void {
    const at = this.#buffers.indexOf(buffer);
    if (at >= 0) this.#forget(this.#buffers.splice(at, 1)).forEach((freed) => freed.destroy());
  }

  /** Leaves the buffers to the caller of the library, who frees them. */
  handOver(): void {
    this.#forget(this.#buffers.splice(0));
  }

  /** Counts the buffers as held no longer. */
  #forget(buffers: readonly GPUBuffer[]): readonly GPUBuffer[] {
    for (const { size } of buffers) heldBytesOn(this.#device).held -= size;
    return buffers;
  }

  #make(label: string, sizeBytes: number, usage: GPUBufferUsageFlags, mappedAtCreation = false): GPUBuffer {
    const bytes = heldBytesOn(this.#device);
    bytes.asked += sizeBytes; // also where the host has no memory for it, and throws
    const buffer = this.#device.createBuffer({ label, size: sizeBytes, usage, mappedAtCreation });
    bytes.held += sizeBytes;
    this.#buffers.push(buffer);
    return buffer;
  }
}
