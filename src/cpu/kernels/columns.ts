import { type Code, type Local, type Value, wasmFunction, type WasmFunction, wasmModule } from '../wasm/encode.js';
import { after, f64, i32, loopWhile, set, v128 } from '../wasm/instructions.js';
import { F64, F64_OF_F32, type Lanes } from '../wasm/lanes.js';

type Parameter = Local<'i32'>;

/** Columns that are worked on together: nine sums and their factors fit the 16 registers. */
export const COLUMN_TILE = 3;

/** Rows of a block: with half of them calls took a tenth more time. The three columns of a tile fit a first cache of 32 KiB. */
export const COLUMN_ROWS = 1024;

/** Bytes from a column of a block to the next, in f64. */
export const COLUMN_BYTES = 8 * COLUMN_ROWS;

const VECTOR_BYTES = 16;

/** Vectors of a column that are worked on in turn, so that an addition need not wait for the one before. */
const UNROLLED = 4;

/** Rows come in multiples of this. */
export const ROW_STEP = 2 * UNROLLED;

/** Sizes of tiles: the last of a row is the rest. */
const SIZES = [1, 2, 3] as const;

/**
 * The module of kernels in f64 on blocks of columns, each column `COLUMN_BYTES` after the one before, for any number of
 * columns. All parameters are addresses; the end is that of the rows in the first column. It exports
 *
 *     center4(from, to, end, shift, sum), center8: writes x − shift to `to`, and its sum, for x in f32 or f64
 *     products11(left, right, end, out) to products33: Σ of left column i times right column j, row after row of the tile
 *     triangle1(left, end, out) to triangle3: those of a tile by itself, above its diagonal only
 *     subtract1(columns, to, end, weights) to subtract3: takes Σ weight·column from `to`
 */
export function columnsModule(): Uint8Array<ArrayBuffer> {
  return wasmModule([
    centerKernel('center4', F64_OF_F32),
    centerKernel('center8', F64),
    ...SIZES.flatMap((rows) => SIZES.map((columns) => productsKernel(rows, columns))),
    ...SIZES.map(triangleKernel),
    ...SIZES.map(subtractKernel),
  ]);
}

function centerKernel(name: string, lanes: Lanes): WasmFunction {
  return wasmFunction(name, 5, (parameters, declare) => {
    const [from, to, end, shift, sum] = parameters as [Parameter, Parameter, Parameter, Parameter, Parameter];
    const by = declare('v128');
    const value = declare('v128');
    const sums = upTo(UNROLLED).map(() => declare('v128'));
    const loadedBytes = lanes.count * lanes.storedBytes;
    return [
      set(by, v128.loadForAll(shift, 8)),
      sums.map((each) => set(each, F64.constant(0))),
      loopWhile(
        [
          sums.map((each, k) => [
            set(value, F64.subtract(lanes.load(from, k * loadedBytes), by)),
            v128.store(to, value, k * VECTOR_BYTES),
            set(each, F64.add(each, value)),
          ]),
          set(from, after(from, UNROLLED * loadedBytes)),
          set(to, after(to, UNROLLED * VECTOR_BYTES)),
        ],
        i32.isBelow(to, end),
      ),
      f64.store(sum, F64.sum(treeOf(sums))),
    ];
  });
}

function productsKernel(rows: number, columns: number): WasmFunction {
  const pairs = upTo(rows).flatMap((i) => upTo(columns).map((j) => [i, j] as const));
  return wasmFunction(`products${rows}${columns}`, 4, (parameters, declare) => {
    const [left, right, end, out] = parameters as [Parameter, Parameter, Parameter, Parameter];
    return sumsOfPairs(pairs, { left, right, end, out }, declare);
  });
}

function triangleKernel(size: number): WasmFunction {
  const pairs = upTo(size).flatMap((i) => upTo(size - i).map((j) => [i, i + j] as const));
  return wasmFunction(`triangle${size}`, 3, (parameters, declare) => {
    const [left, end, out] = parameters as [Parameter, Parameter, Parameter];
    return sumsOfPairs(pairs, { left, right: left, end, out }, declare);
  });
}

/** Sums of the products of pairs of columns, left and right, one after another to `out`. */
function sumsOfPairs(
  pairs: readonly (readonly [number, number])[],
  { left, right, end, out }: Record<'left' | 'right' | 'end' | 'out', Parameter>,
  declare: (type: 'v128') => Local<'v128'>,
): Code {
  const vectors = upTo(pairs.length < UNROLLED ? UNROLLED : 1); // few sums would wait for one another
  const sums = pairs.map(() => vectors.map(() => declare('v128')));
  const factors = [...new Set(pairs.map(([i]) => i))].map(() => declare('v128'));
  const others = left === right ? factors : [...new Set(pairs.map(([, j]) => j))].map(() => declare('v128'));
  const at = (address: Parameter, column: number, k: number) =>
    v128.load(address, column * COLUMN_BYTES + k * VECTOR_BYTES);
  const step = vectors.length * VECTOR_BYTES;
  return [
    sums.flat().map((sum) => set(sum, F64.constant(0))),
    loopWhile(
      [
        vectors.map((k) => [
          factors.map((factor, i) => set(factor, at(left, i, k))),
          others.map((other, j) => [
            left === right ? [] : set(other, at(right, j, k)),
            pairs.map(([i, column], pair) => {
              if (column !== j) return [];
              const sum = (sums[pair] as Local<'v128'>[])[k] as Local<'v128'>;
              return set(sum, F64.add(sum, F64.multiply(factors[i] as Local<'v128'>, other)));
            }),
          ]),
        ]),
        set(left, after(left, step)),
        left === right ? [] : set(right, after(right, step)),
      ],
      i32.isBelow(left, end),
    ),
    sums.map((ofPair, pair) => f64.store(out, F64.sum(treeOf(ofPair)), 8 * pair)),
  ];
}

function subtractKernel(size: number): WasmFunction {
  return wasmFunction(`subtract${size}`, 4, (parameters, declare) => {
    const [columns, to, end, weights] = parameters as [Parameter, Parameter, Parameter, Parameter];
    const factors = upTo(size).map(() => declare('v128'));
    const rest = declare('v128');
    return [
      factors.map((factor, j) => set(factor, v128.loadForAll(weights, 8, 8 * j))),
      loopWhile(
        [
          upTo(UNROLLED).map((k) => [
            set(rest, v128.load(to, k * VECTOR_BYTES)),
            factors.map((factor, j) => {
              const column = v128.load(columns, j * COLUMN_BYTES + k * VECTOR_BYTES);
              return set(rest, F64.subtract(rest, F64.multiply(factor, column)));
            }),
            v128.store(to, rest, k * VECTOR_BYTES),
          ]),
          set(columns, after(columns, UNROLLED * VECTOR_BYTES)),
          set(to, after(to, UNROLLED * VECTOR_BYTES)),
        ],
        i32.isBelow(columns, end),
      ),
    ];
  });
}

/** The sum of the values, halves of them first. */
function treeOf(values: readonly Value<'v128'>[]): Value<'v128'> {
  if (values.length === 1) return values[0] as Value<'v128'>;
  const half = Math.ceil(values.length / 2);
  return F64.add(treeOf(values.slice(0, half)), treeOf(values.slice(half)));
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, k) => k);
