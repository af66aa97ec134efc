// The one door for numbers: every function that takes numbers from its caller converts them here.

import { anyText, quote } from '../base/quote.js';
import { compareLabels } from './label-order.js';
import { DescentError } from '../base/errors.js';
import { arrowValues, isVector, type VectorLike } from './table/arrow-values.js';
import type { ClassLabel } from './table/encoding.js';

/** Numbers as the library keeps them: f32 or f64, as they came. */
export type FloatArray = Float32Array | Float64Array;

/**
 * Any list of numbers that is accepted: a typed array (also on a shared buffer), an array, or a vector. Integers of 64 bits
 * are converted as long as f64 holds them exactly, and true and false count as 1 and 0.
 */
export type Numbers = ArrayLike<number | bigint | boolean> | VectorLike;

/** Values by index, and the number of them. */
export type Values = ArrayLike<unknown>;

/**
 * The values of a list, whatever its kind: typed arrays and arrays as they are, and those of a vector in an array, which for
 * floats without missing values is its own memory. Throws `SHAPE_MISMATCH` for what is no list.
 */
export function valuesOf(given: unknown, name: string): Values {
  if (isVector(given)) return arrowValues(given);
  if (typeof given === 'object' && given !== null && 'length' in given) {
    if (hasLength(given)) return given as Values;
  }
  const isMissing = given === null || given === undefined;
  throw new DescentError('SHAPE_MISMATCH', {
    got: isMissing ? `${name} that is ${given}` : `${name} of type ${typeof given}`,
    expected: 'a typed array or an array of numbers',
    fix: isMissing ? 'Check where it comes from.' : 'Pass a Float32Array, for example.',
  });
}

/** True for a list with a length; that of a proxy of a typed array cannot be read. */
function hasLength(given: { length: unknown }): boolean {
  if (Array.isArray(given) || ArrayBuffer.isView(given)) return true;
  try {
    return Number.isSafeInteger(given.length) && (given.length as number) >= 0;
  } catch {
    return false;
  }
}

/** True for arrays of f32 and f64 themselves, not for a proxy of one, whose numbers cannot be read. */
export function isFloats(given: unknown): given is FloatArray {
  return ArrayBuffer.isView(given) && (given instanceof Float32Array || given instanceof Float64Array);
}

/**
 * Floats as they are, anything else as f64. `column` is the name in messages of places. Throws `INVALID_VALUE`, with the row, for a
 * value that is no number; NaN and infinity pass, which a dataset refuses.
 */
export function toFloatArray(given: unknown, name: string, column = name): FloatArray {
  const values = valuesOf(given, name);
  return isFloats(values) ? values : numbersOf(values, column);
}

/** The values of a list as f64. A plain loop: `Float64Array.from` takes several times as long for each. */
function numbersOf(values: Values, column: string): Float64Array {
  const { length } = values;
  // A length of its own says nothing: there is room for a list that has an end.
  if (length > 0 && !Array.isArray(values)) toNumber(values[length - 1], length - 1, column);
  const numbers = new Float64Array(length);
  for (let i = 0; i < numbers.length; i++) {
    const value = values[i];
    numbers[i] = typeof value === 'number' ? value : toNumber(value, i, column);
  }
  return numbers;
}

/** One value as a number: null, text and dates would silently become others. */
export function toNumber(value: unknown, row: number, column: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'boolean') return Number(value);
  if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) return Number(value);
  if (Array.isArray(value) && value.length === 1) return toNumber(value[0], row, column); // a matrix of one column
  throw noNumber(value, row, column);
}

export function noNumber(value: unknown, row: number, column: string): DescentError {
  return new DescentError('INVALID_VALUE', {
    got: `${described(value)} in row ${row} of '${column}'`,
    expected: typeof value === 'bigint' ? 'an integer within ±2^53, which f64 holds exactly' : 'a number',
    fix: adviceOn(value),
    where: { row, column },
  });
}

/** A value with its type, for messages. */
function described(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `${quote(value)} (string)`;
  if (typeof value === 'bigint') return `${value}n (bigint)`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (value instanceof Date) return 'a Date';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function adviceOn(value: unknown): string {
  if (value === null || value === undefined) {
    return "Leave it out or fill it in, as { table, target, missing: 'drop' } does.";
  }
  if (typeof value === 'string')
    return 'Convert it with Number; { table, target, categories } takes words as categories.';
  if (value instanceof Date) return 'Convert it with getTime(); { table, target, dates } takes dates as numbers.';
  return 'Convert the values, or leave the column out.';
}

/** Targets as numbers, or as codes of labels, in the order of the labels. */
export interface Targets {
  values: FloatArray;
  /** null for numbers. */
  labels: readonly ClassLabel[] | null;
}

/** The targets of examples: numbers, or the labels of classes, which are words, true and false. */
export function toTargets(given: unknown, name: string, column: string): Targets {
  if (isPlainObject(given)) throw severalTargets(`targets '${column}' of type object`);
  const values = valuesOf(given, name);
  if (isFloats(values)) return { values, labels: null };
  const first = values[0];
  if (typeof first !== 'string' && typeof first !== 'boolean') {
    refuseRows(values, column);
    return { values: toFloatArray(values, name, column), labels: null };
  }
  const labels = [...new Set(Array.from(values))] as ClassLabel[];
  const stray = Array.from(values).findIndex((value) => typeof value !== typeof first);
  if (stray >= 0) throw noLabelType(values[stray], stray, column, typeof first);
  labels.sort(compareLabels);
  const codes = new Map(labels.map((label, code) => [label, code]));
  const coded = Float64Array.from({ length: values.length }, (_, i) => codes.get(values[i] as ClassLabel) as number);
  return { values: coded, labels };
}

/** Several targets at once are those of several models. */
function refuseRows(values: Values, column: string): void {
  const first = values[0];
  const isList = typeof first === 'object' && first !== null && 'length' in first && hasLength(first);
  if (!isList || first.length === 1) return;
  throw severalTargets(`targets '${column}' in two dimensions, rows of ${anyText(first.length)}`);
}

function isPlainObject(given: unknown): boolean {
  return typeof given === 'object' && given !== null && Object.getPrototypeOf(given) === Object.prototype && !('length' in given) && !isVector(given); // prettier-ignore
}

function severalTargets(got: string): DescentError {
  return new DescentError('SHAPE_MISMATCH', {
    got,
    expected: 'one number for each example',
    fix: 'Several targets take one model each: fitMany(data, [{}, { target: "b" }], { targets: { b: […] } }), with the first column as the targets of data.',
  });
}

function noLabelType(value: unknown, row: number, column: string, type: string): DescentError {
  return new DescentError('INVALID_VALUE', {
    got: `${described(value)} in row ${row} of '${column}'`,
    expected: `a ${type}, as in row 0`,
    fix: 'Give all labels one type.',
    where: { row, column },
  });
}
