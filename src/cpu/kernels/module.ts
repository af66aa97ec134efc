import type { Loss } from '../../options/names.js';
import { type Local, type Value, wasmFunction, type WasmFunction, wasmModule } from '../wasm/encode.js';
import { call, i32, set, when } from '../wasm/instructions.js';
import { F32, F64, F64_OF_F32, type Lanes } from '../wasm/lanes.js';
import { rowsOfTile, type Shape, tileBytes } from './shape.js';
import { sumsKernel } from './sums.js';

/** A kernel by its purpose. */
export interface KernelKind {
  loss: Loss;
  /** False to take all targets as 0: the sums with the squared loss are then those of the curvature. */
  hasTargets: boolean;
  /** True for arithmetic in f64, whatever the examples are stored in. */
  isPrecise: boolean;
  /** True to add up second derivatives, too; always precise. */
  withHessian: boolean;
}

/** The arithmetic of a kernel. */
export function lanesOf({ isPrecise, withHessian }: KernelKind, { storedBytes }: Pick<Shape, 'storedBytes'>): Lanes {
  if (storedBytes === 8) return F64;
  return isPrecise || withHessian ? F64_OF_F32 : F32;
}

/**
 * The module of a kernel, written for one shape. It exports
 *
 *     sums(tiles, first, end, target, model, scratch, sums)
 *
 * which adds the sums of src/cpu/kernels/sums.ts over rows `first` to before `end`. `tiles`, `model`, `scratch` and `sums`
 * are addresses, and `target` is the offset of a column of targets in its tile.
 */
export function kernelModule(shape: Shape, kind: KernelKind): Uint8Array<ArrayBuffer> {
  const choice = { ...kind, shape, lanes: lanesOf(kind, shape) };
  return wasmModule([
    sumsKernel('whole', { ...choice, isPart: false }),
    sumsKernel('part', { ...choice, isPart: true }),
    rangeFunction(shape),
  ]);
}

/** Kernels that are kept: an application fits few shapes. */
const MOST_KEPT = 64;

const kept = new Map<string, Promise<WebAssembly.Module>>();

/** The compiled module of a kernel, which is kept for the next fit of this shape: to write and compile it takes a millisecond. */
export function compiledKernel(shape: Shape, kind: KernelKind): Promise<WebAssembly.Module> {
  const { featureCount, targetCount, isWeighted, storedBytes } = shape;
  const { loss, hasTargets, isPrecise, withHessian } = kind;
  const key = [featureCount, targetCount, isWeighted, storedBytes, loss, hasTargets, isPrecise, withHessian].join();
  let compiled = kept.get(key);
  if (!compiled) {
    compiled = WebAssembly.compile(kernelModule(shape, kind));
    if (kept.size >= MOST_KEPT) kept.delete(kept.keys().next().value as string); // the oldest
    kept.set(key, compiled);
    compiled.catch(() => kept.delete(key)); // it is tried again
  }
  return compiled;
}

type I32 = Value<'i32'>;
type Parameter = Local<'i32'>;
type Parameters = [Parameter, Parameter, Parameter, Parameter, Parameter, Parameter, Parameter];

/** Any range of rows: whole tiles, and the parts of a tile before and after them. */
function rangeFunction(shape: Shape): WasmFunction {
  return wasmFunction('sums', 7, (parameters, declare) => {
    const [tiles, first, end, target, model, scratch, sums] = parameters as Parameters;
    const [tile, last, from, to] = [declare('i32'), declare('i32'), declare('i32'), declare('i32')] as const;
    const rows = rowsOfTile(shape);
    const bytes = i32.constant(tileBytes(shape));
    const addressOf = (row: I32) =>
      i32.add(tiles, i32.multiply(i32.shiftRight(row, i32.constant(Math.log2(rows))), bytes));
    const whole = (begin: I32, stop: I32) => call(0, begin, stop, target, model, scratch, sums);
    const part = (at: I32, begin: I32, stop: I32) =>
      call(1, at, i32.add(at, bytes), target, model, scratch, sums, begin, stop);
    return [
      set(tile, addressOf(first)),
      set(last, addressOf(end)),
      set(from, i32.and(first, i32.constant(rows - 1))),
      set(to, i32.and(end, i32.constant(rows - 1))),
      when(i32.isEqual(tile, last), part(tile, from, to), [
        when(from, [part(tile, from, i32.constant(rows)), set(tile, i32.add(tile, bytes))]),
        when(i32.isBelow(tile, last), whole(tile, last)),
        when(to, part(last, i32.constant(0), to)),
      ]),
    ];
  });
}
