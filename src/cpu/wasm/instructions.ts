import { type Code, type Local, signed, unsigned, type Value, type ValueType } from './encode.js';

type I32 = Value<'i32'>;
type F64 = Value<'f64'>;
type V128 = Value<'v128'>;

/** An instruction on vectors: their codes follow a prefix. */
export const simd = (code: number): number[] => [0xfd, ...unsigned(code)];
/** The operands of an access to memory: the alignment as a power of two, and the offset from the address. */
const at = (alignment: number, offset: number): number[] => [alignment, ...unsigned(offset)];

export const i32 = {
  constant: (value: number): I32 => [0x41, signed(value)],
  add: (a: I32, b: I32): I32 => [a, b, 0x6a],
  multiply: (a: I32, b: I32): I32 => [a, b, 0x6c],
  and: (a: I32, b: I32): I32 => [a, b, 0x71],
  shiftRight: (a: I32, b: I32): I32 => [a, b, 0x76],
  isEqual: (a: I32, b: I32): I32 => [a, b, 0x46],
  isBelow: (a: I32, b: I32): I32 => [a, b, 0x49],
};

/** The address some bytes further on. */
export const after = (address: I32, bytes: number): I32 => i32.add(address, i32.constant(bytes));

export const f64 = {
  add: (a: F64, b: F64): F64 => [a, b, 0xa0],
  load: (address: I32, offset = 0): F64 => [address, 0x2b, at(3, offset)],
  store: (address: I32, value: F64, offset = 0): Code => [address, value, 0x39, at(3, offset)],
  /** Adds to a number in memory. */
  increase: (address: I32, value: F64, offset = 0): Code =>
    f64.store(address, f64.add(f64.load(address, offset), value), offset),
};

export const v128 = {
  load: (address: I32, offset = 0): V128 => [address, simd(0), at(4, offset)],
  store: (address: I32, value: V128, offset = 0): Code => [address, value, simd(11), at(4, offset)],
  /** One number of 4 or 8 bytes in all lanes. */
  loadForAll: (address: I32, bytes: 4 | 8, offset = 0): V128 =>
    bytes === 4 ? [address, simd(9), at(2, offset)] : [address, simd(10), at(3, offset)],
  /** The lower half from memory, zeros in the upper. */
  loadHalf: (address: I32, offset = 0): V128 => [address, simd(93), at(3, offset)],
  and: (a: V128, b: V128): V128 => [a, b, simd(78)],
  /** Bits of `a` where the mask has ones, of `b` elsewhere. */
  select: (a: V128, b: V128, mask: V128): V128 => [a, b, mask, simd(82)],
  /** The upper half in the place of the lower. */
  upperHalf: (a: V128): V128 => [a, a, simd(13), Array.from({ length: 16 }, (_, k) => (k + 8) % 16)],
};

export const set = <Type extends ValueType>(local: Local<Type>, value: Value<Type>): Code => [
  value,
  0x21,
  unsigned(local.index),
];

const VOID = 0x40;

/** The code again and again while the condition, which is taken after it, is not 0. */
export const loopWhile = (body: Code, condition: I32): Code => [0x03, VOID, body, condition, 0x0d, 0, 0x0b];

/** The code if the condition is not 0, else the other. */
export const when = (condition: I32, code: Code, otherwise: Code = []): Code => [
  condition,
  [0x04, VOID],
  code,
  0x05,
  otherwise,
  0x0b,
];

/** Calls a function of the module by its number. */
export const call = (index: number, ...values: readonly I32[]): Code => [values, 0x10, unsigned(index)];

/** The first value if the condition is not 0, else the second. */
export const choose = (first: I32, second: I32, condition: I32): I32 => [first, second, condition, 0x1b];

/** Zeros, as many bytes from the address on. */
export const clear = (address: I32, bytes: number): Code => [
  address,
  i32.constant(0),
  i32.constant(bytes),
  0xfc,
  unsigned(11),
  0,
];
