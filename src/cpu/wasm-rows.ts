import { compiledKernel, type KernelKind, lanesOf } from './kernels/module.js';
import { columnOffset, numbersOfTiles, type Shape, sumCount } from './kernels/shape.js';
import { scratchBytes } from './kernels/sums.js';
import { KeptMemory } from './kept-memory.js';
import type { Pass, Rows } from './rows.js';
import { wasmFunction, wasmModule } from './wasm/encode.js';
import { set } from './wasm/instructions.js';
import { F64 } from './wasm/lanes.js';

/** The exported function of src/cpu/kernels/module.ts. */
type SumsFunction = (...addresses: [number, number, number, number, number, number, number]) => void;

/** Examples in the memory of WebAssembly. */
export class WasmRows implements Rows {
  readonly kernels = 'wasm';
  readonly shape: Shape;
  readonly count: number;
  readonly #kept: KeptMemory;

  /** Throws `OUT_OF_MEMORY`. */
  constructor(shape: Shape, count: number) {
    this.shape = shape;
    this.count = count;
    const bytes = numbersOfTiles(shape, count) * shape.storedBytes;
    this.#kept = new KeptMemory(bytes);
  }

  get numbers(): Float32Array | Float64Array {
    const { buffer } = this.#kept.memory;
    const length = numbersOfTiles(this.shape, this.count);
    return this.shape.storedBytes === 4 ? new Float32Array(buffer, 0, length) : new Float64Array(buffer, 0, length);
  }

  async pass(kind: KernelKind): Promise<Pass> {
    const { shape } = this;
    const { featureCount } = shape;
    const module = await compiledKernel(shape, kind);
    const instance = await WebAssembly.instantiate(module, { env: { memory: this.#kept.memory } });
    const add = instance.exports['sums'] as SumsFunction;
    const { bytes } = lanesOf(kind, shape);
    const [modelLength, sumsLength] = [featureCount + 2, sumCount(shape, kind)];
    const atModel = this.#kept.reserve(bytes * modelLength);
    const atSums = this.#kept.reserve(8 * sumsLength);
    const atScratch = this.#kept.reserve(scratchBytes(featureCount, kind.withHessian));
    let sums = new Float64Array(0);
    let model: Float32Array | Float64Array = sums;
    // Views end when the memory grows for another kernel.
    const renew = () => {
      if (sums.length > 0) return;
      const { buffer } = this.#kept.memory;
      sums = new Float64Array(buffer, atSums, sumsLength);
      model =
        bytes === 4 ? new Float32Array(buffer, atModel, modelLength) : new Float64Array(buffer, atModel, modelLength);
    };
    return {
      begin(parameters) {
        renew();
        model.set(parameters);
        sums.fill(0);
      },
      add: (first, end, target) => {
        if (this.#kept.isReleased) return; // a pass that goes on behind an error
        add(0, first, end, columnOffset(featureCount + target), atModel, atScratch, atSums);
      },
      read() {
        renew();
        return sums;
      },
    };
  }

  dispose(): void {
    this.#kept.release();
  }
}

let support: Promise<boolean> | undefined;

/**
 * True if this host compiles WebAssembly with vectors: old ones do not, and a page's policy (`script-src` without
 * `'wasm-unsafe-eval'`) may forbid it.
 */
export function hasWasm(): Promise<boolean> {
  if (typeof WebAssembly === 'undefined') return Promise.resolve(false);
  support ??= WebAssembly.compile(
    wasmModule([wasmFunction('vector', 0, (_, declare) => set(declare('v128'), F64.constant(0)))]),
  ).then(
    () => true,
    () => false,
  );
  return support;
}
