import type { Value } from './encode.js';
import { f64, i32, simd, v128 } from './instructions.js';

type I32 = Value<'i32'>;
type V128 = Value<'v128'>;

/** Arithmetic on vectors of numbers of one format; the examples may be stored in a shorter one. */
export interface Lanes {
  /** Numbers of a vector. */
  readonly count: 2 | 4;
  /** Bytes of a number in arithmetic. */
  readonly bytes: 4 | 8;
  /** Bytes of a number of the examples. */
  readonly storedBytes: 4 | 8;
  /** Consecutive numbers of the examples. */
  readonly load: (address: I32, offset?: number) => V128;
  /** One number in all lanes, or one for each. */
  readonly constant: (...values: readonly number[]) => V128;
  /** A number from 0 up in all lanes. */
  readonly ofI32: (value: I32) => V128;
  readonly add: (a: V128, b: V128) => V128;
  readonly subtract: (a: V128, b: V128) => V128;
  readonly multiply: (a: V128, b: V128) => V128;
  readonly divide: (a: V128, b: V128) => V128;
  /** The smaller; `a` where either is NaN. */
  readonly smaller: (a: V128, b: V128) => V128;
  /** The larger; `a` where either is NaN. */
  readonly larger: (a: V128, b: V128) => V128;
  /** The absolute value. */
  readonly size: (a: V128) => V128;
  /** The nearest whole number. */
  readonly round: (a: V128) => V128;
  /** All bits set where a < b. */
  readonly isBelow: (a: V128, b: V128) => V128;
  /** All bits set where a ≤ b. */
  readonly isAtMost: (a: V128, b: V128) => V128;
  /** 2ⁿ for whole n, as long as it is a normal number. */
  readonly powerOfTwo: (n: V128) => V128;
  /** The sum of the lanes. */
  readonly sum: (a: V128) => Value<'f64'>;
  /** x for which exp(−x) is hardly more than the least normal number. */
  readonly mostExponent: number;
  /** Terms of the series of exp and of log1p (src/cpu/kernels/logistic.ts) after which rounding is larger than the rest. */
  readonly expTerms: number;
  readonly logTerms: number;
}

const unary = (code: number) => {
  const instruction = simd(code);
  return (a: V128): V128 => [a, instruction];
};

const binary = (code: number) => {
  const instruction = simd(code);
  return (a: V128, b: V128): V128 => [a, b, instruction];
};

const constant = (values: Float32Array | Float64Array | Int32Array): V128 => [
  simd(12),
  [...new Uint8Array(values.buffer)],
];
const toAll = (values: readonly number[], count: number): number[] =>
  Array.from({ length: count }, (_, lane) => values[lane % values.length] as number);
const addToI32 = (a: V128, value: number): V128 => [a, constant(new Int32Array(4).fill(value)), simd(174)];
const promoteLowHalf = unary(95);
const sumOfF64 = (a: V128): Value<'f64'> => f64.add([a, simd(33), 0], [a, simd(33), 1]);

export const F32: Lanes = {
  count: 4,
  bytes: 4,
  storedBytes: 4,
  load: v128.load,
  constant: (...values) => constant(Float32Array.from(toAll(values, 4))),
  ofI32: (value) => [value, 0xb3, simd(19)],
  add: binary(228),
  subtract: binary(229),
  multiply: binary(230),
  divide: binary(231),
  smaller: binary(234),
  larger: binary(235),
  size: unary(224),
  round: unary(106),
  isBelow: binary(67),
  isAtMost: binary(69),
  powerOfTwo: (n) => [addToI32([n, simd(248)], 127), i32.constant(23), simd(171)],
  sum: (a) => f64.add(sumOfF64(promoteLowHalf(a)), sumOfF64(promoteLowHalf(v128.upperHalf(a)))),
  mostExponent: 87,
  expTerms: 7,
  logTerms: 7,
};

export const F64: Lanes = {
  count: 2,
  bytes: 8,
  storedBytes: 8,
  load: v128.load,
  constant: (...values) => constant(Float64Array.from(toAll(values, 2))),
  ofI32: (value) => [value, 0xb8, simd(20)],
  add: binary(240),
  subtract: binary(241),
  multiply: binary(242),
  divide: binary(243),
  smaller: binary(246),
  larger: binary(247),
  size: unary(236),
  round: unary(148),
  isBelow: binary(73),
  isAtMost: binary(75),
  powerOfTwo: (n) => [addToI32([n, simd(252)], 1023), simd(199), i32.constant(52), simd(203)],
  sum: sumOfF64,
  mostExponent: 708,
  expTerms: 13,
  logTerms: 16,
};

/** Arithmetic in f64 on examples in f32. */
export const F64_OF_F32: Lanes = {
  ...F64,
  storedBytes: 4,
  load: (address, offset) => promoteLowHalf(v128.loadHalf(address, offset)),
};
