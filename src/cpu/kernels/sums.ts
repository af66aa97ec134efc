import type { Loss } from '../../options/names.js';
import { type Code, type Declare, type Local, type Value, type WasmFunction, wasmFunction } from '../wasm/encode.js';
import { after, choose, clear, f64, i32, loopWhile, set, v128 } from '../wasm/instructions.js';
import type { Lanes } from '../wasm/lanes.js';
import { VECTOR_LOSSES } from './loss.js';
import { columnOffset, hessianLength, type Shape, tileBytes, vectorOffset, vectorsOfColumn } from './shape.js';

type I32 = Value<'i32'>;
type V128 = Value<'v128'>;
type Vector = Local<'v128'>;

/** The kernel to write: for examples of one shape, in one arithmetic. */
export interface SumsChoice {
  shape: Shape;
  lanes: Lanes;
  loss: Loss;
  /** False to take all targets as 0. */
  hasTargets: boolean;
  withHessian: boolean;
  /** True for some rows of one tile, whose other rows count for nothing. */
  isPart: boolean;
}

/** Tiles whose sums stay in the format of the arithmetic until they are added to those in f64. */
const TILES_IN_A_ROW = 64;

const VECTOR_BYTES = 16;

/** Bytes that a kernel needs for sums in vectors. */
export const scratchBytes = (featureCount: number, withHessian: boolean): number =>
  VECTOR_BYTES * (featureCount + (withHessian ? hessianLength(featureCount) : 0));

/**
 * One pass over consecutive tiles, from `tile` to before `end`, which adds to sums in f64:
 *
 *     Σ s·xⱼ for each weight, Σ s for the bias, and twice the losses: [d + 2]
 *     Σ b·xⱼ·xₖ, k ≥ j, row after row, the bias being the last: [(d + 1)·(d + 2)/2], with `withHessian`
 *
 * for the slope s of each example's loss by its prediction, its second derivative b, and the weight of the example as a
 * factor on both. A tile is read from memory for the predictions and from the first cache for the sums; loops over columns cost nothing beside
 * that, and unrolled ones were slower at every d. The rows of a tile
 * are added up as a tree, 64 tiles one after the other, and those in f64, so that no sum in f32 is long.
 */
export function sumsKernel(name: string, choice: SumsChoice): WasmFunction {
  const { shape, isPart, withHessian } = choice;
  return wasmFunction(name, isPart ? 8 : 6, (parameters, declare) => {
    const [tile, end, target, model, scratch, sums, from, to] = parameters as Parameters;
    const { featureCount } = shape;
    const stop = declare('i32');
    const place = { tile, target, model, scratch, from, to };
    const terms = termsOf(choice, place, declare);
    const ofTile = tileSums(choice, place, terms, declare);
    const hessianScratch = after(scratch, VECTOR_BYTES * featureCount);
    const hessianSums = after(sums, 8 * (featureCount + 2));
    return loopWhile(
      [
        set(stop, after(tile, TILES_IN_A_ROW * tileBytes(shape))),
        set(stop, choose(stop, end, i32.isBelow(stop, end))),
        clear(scratch, scratchBytes(featureCount, withHessian)),
        ofTile.begin,
        loopWhile(
          [
            terms.code,
            ofTile.add,
            withHessian ? addHessian(choice, tile, hessianScratch, terms.bends, declare) : [],
            set(tile, after(tile, tileBytes(shape))),
          ],
          i32.isBelow(tile, stop),
        ),
        ofTile.fold(sums),
        withHessian ? fold(choice.lanes, hessianScratch, hessianSums, hessianLength(featureCount), declare) : [],
      ],
      i32.isBelow(tile, end),
    );
  });
}

type Parameter = Local<'i32'>;
type Parameters = [Parameter, Parameter, Parameter, Parameter, Parameter, Parameter, Parameter, Parameter];

/** Addresses that a kernel works at: the present tile, the offset of its targets, the model, and scratch memory. */
interface Place {
  tile: Parameter;
  target: Parameter;
  /** [d + 2] weights, bias and δ, in the format of the arithmetic. */
  model: Parameter;
  scratch: Parameter;
  /** The rows of a part of a tile: `from` to before `to`. */
  from: Parameter;
  to: Parameter;
}

/** The terms of the rows of a tile: vectors in variables, and the code that sets them. */
interface Terms {
  code: Code;
  slopes: readonly Vector[];
  twiceLosses: readonly V128[];
  bends: readonly Vector[];
}

function termsOf(choice: SumsChoice, place: Place, declare: Declare): Terms {
  const { shape, lanes, loss, hasTargets, isPart, withHessian } = choice;
  const { tile, target, model } = place;
  const { featureCount, targetCount } = shape;
  const vectors = numbersTo(vectorsOfColumn(lanes));
  const slopes = vectors.map(() => declare('v128'));
  const bends = vectors.map(() => declare('v128'));
  const losses = vectors.map(() => declare('v128'));
  const atTargets = declare('i32');
  const weightOffset = columnOffset(featureCount + targetCount);
  const weighted = (value: V128, k: number) =>
    shape.isWeighted ? lanes.multiply(lanes.load(tile, weightOffset + vectorOffset(lanes, k)), value) : value;
  const counted = (value: V128, k: number) => {
    const terms = weighted(value, k);
    return isPart ? v128.and(rowsInPart(lanes, k, place), terms) : terms;
  };
  const ofVectors = vectors.map((k) => {
    const { code, slope, twiceLoss, bend } = VECTOR_LOSSES[loss](
      lanes,
      {
        prediction: slopes[k] as Vector,
        target: hasTargets ? lanes.load(atTargets, vectorOffset(lanes, k)) : lanes.constant(0),
        delta: v128.loadForAll(model, lanes.bytes, lanes.bytes * (featureCount + 1)),
      },
      declare,
    );
    return [
      code,
      withHessian ? set(bends[k] as Vector, counted(bend, k)) : [],
      set(losses[k] as Vector, counted(twiceLoss, k)),
      set(slopes[k] as Vector, counted(slope, k)),
    ];
  });
  const code = [set(atTargets, i32.add(tile, target)), predictions(choice, place, slopes, declare), ofVectors];
  return { code, slopes, twiceLosses: losses, bends };
}

/** X·w + b for the rows of a tile. */
function predictions({ shape, lanes }: SumsChoice, { tile, model }: Place, into: readonly Vector[], declare: Declare) {
  const { bytes } = lanes;
  const weight = declare('v128');
  const [atColumn, atWeight, end] = [declare('i32'), declare('i32'), declare('i32')];
  const x = (k: number) => lanes.load(atColumn, vectorOffset(lanes, k));
  return [
    into.map((sum) => set(sum, v128.loadForAll(model, bytes, bytes * shape.featureCount))),
    set(atColumn, tile),
    set(atWeight, model),
    set(end, after(tile, columnOffset(shape.featureCount))),
    loopWhile(
      [
        set(weight, v128.loadForAll(atWeight, bytes)),
        into.map((sum, k) => set(sum, lanes.add(sum, lanes.multiply(weight, x(k))))),
        set(atColumn, after(atColumn, columnOffset(1))),
        set(atWeight, after(atWeight, bytes)),
      ],
      i32.isBelow(atColumn, end),
    ),
  ];
}

/** The sums that every kernel adds up: code before the first of some tiles, for each, and after the last. */
function tileSums({ shape, lanes }: SumsChoice, { tile, scratch }: Place, terms: Terms, declare: Declare) {
  const { featureCount } = shape;
  const { slopes, twiceLosses } = terms;
  const [biasSum, lossSum] = [declare('v128'), declare('v128')];
  const [atColumn, atSum, end] = [declare('i32'), declare('i32'), declare('i32')];
  const products = slopes.map((slope, k) => lanes.multiply(slope, lanes.load(atColumn, vectorOffset(lanes, k))));
  return {
    begin: [biasSum, lossSum].map((sum) => set(sum, lanes.constant(0))),
    add: [
      set(biasSum, lanes.add(biasSum, tree(lanes, slopes))),
      set(lossSum, lanes.add(lossSum, tree(lanes, twiceLosses))),
      set(atColumn, tile),
      set(atSum, scratch),
      set(end, after(tile, columnOffset(featureCount))),
      loopWhile(
        [
          v128.store(atSum, lanes.add(v128.load(atSum), tree(lanes, products))),
          set(atColumn, after(atColumn, columnOffset(1))),
          set(atSum, after(atSum, VECTOR_BYTES)),
        ],
        i32.isBelow(atColumn, end),
      ),
    ],
    fold: (sums: I32) => [
      fold(lanes, scratch, sums, featureCount, declare),
      f64.increase(sums, lanes.sum(biasSum), 8 * featureCount),
      f64.increase(sums, lanes.sum(lossSum), 8 * (featureCount + 1)),
    ],
  };
}

/** Adds the second derivatives of the rows of a tile to vectors from `at` on. */
function addHessian({ shape, lanes }: SumsChoice, tile: I32, at: I32, bends: readonly Vector[], declare: Declare) {
  const end = declare('i32');
  const [atSum, atRow, atColumn] = [declare('i32'), declare('i32'), declare('i32')];
  const products = bends.map(() => declare('v128'));
  const x = (atLine: I32, k: number) => lanes.load(atLine, vectorOffset(lanes, k));
  const addNext = (value: V128): Code => [
    v128.store(atSum, lanes.add(v128.load(atSum), value)),
    set(atSum, after(atSum, VECTOR_BYTES)),
  ];
  return [
    set(end, after(tile, columnOffset(shape.featureCount))),
    set(atRow, tile),
    set(atSum, at),
    loopWhile(
      [
        products.map((product, k) => set(product, lanes.multiply(bends[k] as Vector, x(atRow, k)))),
        set(atColumn, atRow),
        loopWhile(
          [
            addNext(
              tree(
                lanes,
                products.map((product, k) => lanes.multiply(product, x(atColumn, k))),
              ),
            ),
            set(atColumn, after(atColumn, columnOffset(1))),
          ],
          i32.isBelow(atColumn, end),
        ),
        addNext(tree(lanes, products)),
        set(atRow, after(atRow, columnOffset(1))),
      ],
      i32.isBelow(atRow, end),
    ),
    addNext(tree(lanes, bends)),
  ];
}

/** Adds the lanes of vectors in memory to as many numbers in f64. */
function fold(lanes: Lanes, from: I32, to: I32, count: number, declare: Declare): Code {
  const [atVector, atNumber, end] = [declare('i32'), declare('i32'), declare('i32')];
  return [
    set(atVector, from),
    set(atNumber, to),
    set(end, after(from, VECTOR_BYTES * count)),
    loopWhile(
      [
        f64.increase(atNumber, lanes.sum(v128.load(atVector))),
        set(atVector, after(atVector, VECTOR_BYTES)),
        set(atNumber, after(atNumber, 8)),
      ],
      i32.isBelow(atVector, end),
    ),
  ];
}

/** All bits set for the rows of a vector that belong to a part of a tile. */
function rowsInPart(lanes: Lanes, vector: number, { from, to }: Place): V128 {
  const rows = lanes.constant(...numbersTo(lanes.count).map((lane) => vector * lanes.count + lane));
  return v128.and(lanes.isAtMost(lanes.ofI32(from), rows), lanes.isBelow(rows, lanes.ofI32(to)));
}

/** The sum of the values, halves of them first. */
function tree(lanes: Lanes, values: readonly V128[]): V128 {
  if (values.length === 1) return values[0] as V128;
  const half = values.length / 2;
  return lanes.add(tree(lanes, values.slice(0, half)), tree(lanes, values.slice(half)));
}

const numbersTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
