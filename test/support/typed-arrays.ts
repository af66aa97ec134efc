// Loaded before every file of tests: `toEqual` of typed arrays in one loop, where Vitest takes 5 µs for each number.

import { expect } from 'vitest';

const isNumbers = (value: unknown): value is Float64Array => ArrayBuffer.isView(value) && !(value instanceof DataView);

/** True for arrays of one class and the same numbers, told apart as by `Object.is`. All else is left to Vitest, and its words. */
function areSameNumbers(a: unknown, b: unknown): true | undefined {
  if (!isNumbers(a) || !isNumbers(b)) return undefined;
  if (a.constructor !== b.constructor || a.length !== b.length) return undefined;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return undefined;
  return true;
}

/** Vitest keeps testers for all files of a process, and loads this file for each of them. */
const ADDED = Symbol.for('webgpu-descent typed arrays');
const added = globalThis as unknown as Record<symbol, boolean>;
if (!added[ADDED]) expect.addEqualityTesters([areSameNumbers]);
added[ADDED] = true;
