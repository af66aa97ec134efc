import { DescentError } from '../base/errors.js';
import { type KernelKind, kernelModule, lanesOf } from './kernels/module.js';
import { columnOffset, hessianLength, rowsOfTile, type Shape, tileBytes } from './kernels/shape.js';
import { scratchBytes } from './kernels/sums.js';

const PAGE_BYTES = 65_536;

/** A pass over examples at some parameters, which may go in pieces. */
export interface Pass {
  /**
   * Begins at parameters [d + 2]: weights and bias in the units of the stored examples, and δ of the Huber loss. All sums
   * are 0 then.
   */
  begin(model: Float64Array): void;
  /** Adds the sums over rows `first` to before `end`, with this column of targets. */
  add(first: number, end: number, target: number): void;
  /** The sums so far, as in src/cpu/kernels/sums.ts. Valid until the next call. */
  read(): Float64Array;
}

/** The exported function of src/cpu/kernels/module.ts. */
type SumsFunction = (...addresses: [number, number, number, number, number, number, number]) => void;

/** Examples in the memory of WebAssembly, and passes over them. */
export class Rows {
  readonly shape: Shape;
  readonly count: number;
  readonly #memory: WebAssembly.Memory;

  /** Throws `OUT_OF_MEMORY`. */
  constructor(shape: Shape, count: number) {
    this.shape = shape;
    this.count = count;
    const bytes = Math.ceil(count / rowsOfTile(shape)) * tileBytes(shape);
    try {
      this.#memory = new WebAssembly.Memory({ initial: Math.max(1, Math.ceil(bytes / PAGE_BYTES)) });
    } catch (error) {
      throw outOfMemory(bytes, error);
    }
  }

  /** The tiles, to be filled. */
  get numbers(): Float32Array | Float64Array {
    const { buffer } = this.#memory;
    const length = (Math.ceil(this.count / rowsOfTile(this.shape)) * tileBytes(this.shape)) / this.shape.storedBytes;
    return this.shape.storedBytes === 4 ? new Float32Array(buffer, 0, length) : new Float64Array(buffer, 0, length);
  }

  /** Compiles a kernel. */
  async pass(kind: KernelKind): Promise<Pass> {
    const { shape } = this;
    const { featureCount } = shape;
    const { instance } = await WebAssembly.instantiate(kernelModule(shape, kind), { env: { memory: this.#memory } });
    const add = instance.exports['sums'] as SumsFunction;
    const { bytes } = lanesOf(kind, shape);
    const sumCount = featureCount + 2 + (kind.withHessian ? hessianLength(featureCount) : 0);
    const atModel = this.#reserve(bytes * (featureCount + 2));
    const atSums = this.#reserve(8 * sumCount);
    const atScratch = this.#reserve(scratchBytes(featureCount, kind.withHessian));
    const modelLength = featureCount + 2;
    let sums = new Float64Array(0);
    let model: Float32Array | Float64Array = sums;
    // Views end when the memory grows for another kernel.
    const renew = () => {
      if (sums.length > 0) return;
      const { buffer } = this.#memory;
      sums = new Float64Array(buffer, atSums, sumCount);
      model =
        bytes === 4 ? new Float32Array(buffer, atModel, modelLength) : new Float64Array(buffer, atModel, modelLength);
    };
    return {
      begin(parameters) {
        renew();
        model.set(parameters);
        sums.fill(0);
      },
      add(first, end, target) {
        add(0, first, end, columnOffset(featureCount + target), atModel, atScratch, atSums);
      },
      read() {
        renew();
        return sums;
      },
    };
  }

  /** The address of new memory. Throws `OUT_OF_MEMORY`. */
  #reserve(bytes: number): number {
    const pages = Math.ceil(bytes / PAGE_BYTES);
    try {
      return this.#memory.grow(pages) * PAGE_BYTES;
    } catch (error) {
      throw outOfMemory(bytes, error);
    }
  }
}

function outOfMemory(bytes: number, cause: unknown): DescentError {
  return new DescentError('OUT_OF_MEMORY', {
    got: `no memory for ${bytes} bytes in WebAssembly`,
    expected: 'room for the examples',
    fix: 'Use fewer examples, or close what else takes memory.',
    cause,
  });
}
