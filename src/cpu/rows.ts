import { loopsFor } from './kernels/loops.js';
import type { KernelKind } from './kernels/module.js';
import { numbersOfTiles, type Shape, sumCount } from './kernels/shape.js';
import { allocated } from './memory.js';
import { WasmRows } from './wasm-rows.js';

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

/** Examples in tiles, and passes over them. */
export interface Rows {
  readonly shape: Shape;
  readonly count: number;
  /** The kernels that passes run. */
  readonly kernels: 'wasm' | 'loops';
  /** The tiles, to be filled. */
  readonly numbers: Float32Array | Float64Array;
  /** Makes a kernel ready. */
  pass(kind: KernelKind): Promise<Pass>;
  /** Gives the memory back: no pass may go on. */
  dispose(): void;
}

/** Room for examples. Throws `OUT_OF_MEMORY`. */
export function openRows(shape: Shape, count: number, kernels: Rows['kernels']): Rows {
  return kernels === 'wasm' ? new WasmRows(shape, count) : new LoopRows(shape, count);
}

/** Examples for plain loops. */
class LoopRows implements Rows {
  readonly kernels = 'loops';
  readonly numbers: Float32Array | Float64Array;
  readonly shape: Shape;
  readonly count: number;

  constructor(shape: Shape, count: number) {
    const length = numbersOfTiles(shape, count);
    this.shape = shape;
    this.count = count;
    const Numbers = shape.storedBytes === 4 ? Float32Array : Float64Array;
    this.numbers = allocated(length * shape.storedBytes, () => new Numbers(length));
  }

  pass(kind: KernelKind): Promise<Pass> {
    const model = new Float64Array(this.shape.featureCount + 2);
    const sums = new Float64Array(sumCount(this.shape, kind));
    return Promise.resolve({
      begin(parameters) {
        model.set(parameters);
        sums.fill(0);
      },
      add: loopsFor({ numbers: this.numbers, model, sums }, this.shape, kind),
      read: () => sums,
    });
  }

  dispose(): void {
    // Arrays are garbage.
  }
}
