import { allocated } from './memory.js';

/** Bytes of a page of memory. */
export const PAGE_BYTES = 65_536;

/** Memories that are kept for the next fit, and the most bytes of one. */
const MOST_KEPT = 4;
const MOST_KEPT_BYTES = 2 ** 24;

const kept: WebAssembly.Memory[] = [];

/**
 * Memory of WebAssembly that is handed out from its beginning, and kept for the next fit when it is given back. Engines
 * reserve some gigabytes of addresses for each memory until it is collected as garbage, and a worker in want of addresses
 * cannot have the garbage of its page collected: many small fits one after another would end without memory.
 */
export class KeptMemory {
  readonly memory: WebAssembly.Memory;
  #end = 0;
  #isReleased = false;

  /** Throws `OUT_OF_MEMORY`. */
  constructor(bytes: number) {
    const old = kept.pop();
    if (old) new Uint8Array(old.buffer).fill(0);
    this.memory = old ?? allocated(bytes, () => new WebAssembly.Memory({ initial: pagesOf(bytes) }));
    this.reserve(bytes);
  }

  /** The address of bytes, all 0, that nothing else has. Throws `OUT_OF_MEMORY`. */
  reserve(bytes: number): number {
    const address = this.#end;
    const end = address + pagesOf(bytes) * PAGE_BYTES;
    const missing = (end - this.memory.buffer.byteLength) / PAGE_BYTES;
    if (missing > 0) allocated(bytes, () => this.memory.grow(missing));
    this.#end = end;
    return address;
  }

  /** True once it has been given back: nothing may use it any more. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  /** Gives it back. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    if (kept.length < MOST_KEPT && this.memory.buffer.byteLength <= MOST_KEPT_BYTES) kept.push(this.memory);
  }
}

const pagesOf = (bytes: number): number => Math.max(1, Math.ceil(bytes / PAGE_BYTES));
