// The comparison helper decides what every other test means: here it is made to fail.

import { describe, expect, it } from 'vitest';
import { expectClose } from './support/close.js';

const exact = { because: 'equal' };

describe('expectClose passes', () => {
  it('equal numbers', () => expectClose([1, -2, 0], [1, -2, 0], exact));
  it('two empty lists', () => expectClose([], [], exact));
  it('a difference of just the absolute tolerance', () =>
    expectClose([0.5], [0], { absolute: 0.5, because: 'exactly on the edge' }));
  it('a difference of just the relative tolerance', () =>
    expectClose([-1.5], [-1], { relative: 0.5, because: 'exactly on the edge' }));
  it('a difference of both together', () =>
    expectClose([3], [2], { absolute: 0.5, relative: 0.25, because: 'exactly on the edge' }));
});

describe('expectClose fails', () => {
  const loose = { absolute: 1e300, relative: 1e300, because: 'anything finite would do' };

  it('a NaN where a number is expected', () => expect(() => expectClose([Number.NaN], [1], loose)).toThrow('index 0'));
  it('a number where NaN is expected', () => expect(() => expectClose([1], [Number.NaN], loose)).toThrow('index 0'));
  it('a NaN where NaN is expected', () => expect(() => expectClose([Number.NaN], [Number.NaN], loose)).toThrow());
  it('an infinity where a number is expected', () => expect(() => expectClose([Infinity], [1], loose)).toThrow());
  it('an infinity where the same infinity is expected', () =>
    expect(() => expectClose([Infinity], [Infinity], loose)).toThrow());
  it('a list that is too short', () => expect(() => expectClose([1], [1, 2], loose)).toThrow('1 numbers; expected 2'));
  it('a list that is too long', () => expect(() => expectClose([1, 2], [1], loose)).toThrow('2 numbers; expected 1'));
  it('an empty list where numbers are expected', () => expect(() => expectClose([], [1], loose)).toThrow());
  it('a hole', () => expect(() => expectClose(new Array<number>(1), [0], loose)).toThrow());
  it('swapped rows', () =>
    expect(() => expectClose([2, 1, 3], [1, 2, 3], { relative: 0.4, because: 'less than the swap' })).toThrow());
  it('a sign', () => expect(() => expectClose([-1], [1], { relative: 1.9, because: 'less than twice' })).toThrow());
  it('just outside the absolute tolerance', () =>
    expect(() => expectClose([0.5 + 2 ** -52], [0], { absolute: 0.5, because: 'one bit less' })).toThrow());
  it('just outside the relative tolerance', () =>
    expect(() => expectClose([1.5 + 2 ** -51], [1], { relative: 0.5, because: 'one bit less' })).toThrow());
  it('one wrong number among many, and names it', () => {
    const expected = Float64Array.from({ length: 1000 }, (_, i) => i);
    const actual = expected.with(617, 0);
    expect(() => expectClose(actual, expected, { absolute: 0.1, because: 'whole numbers' })).toThrow('index 617: 0');
  });
  it('names the worst of several', () =>
    expect(() => expectClose([1.2, 9, 1.3], [1, 1, 1], { absolute: 0.1, because: 'close' })).toThrow('3 of 3 numbers'));
  it('a tolerance without a reason', () => expect(() => expectClose([1], [1], { because: ' ' })).toThrow('reason'));
  it('a tolerance that is NaN', () =>
    expect(() => expectClose([1], [1], { absolute: Number.NaN, because: 'none' })).toThrow(TypeError));
  it('a tolerance below zero', () =>
    expect(() => expectClose([1], [1], { relative: -1, because: 'none' })).toThrow(TypeError));
});

describe('toEqual of typed arrays', () => {
  const numbers = Float64Array.of(1, -0, Number.NaN, 0.1);

  it('takes the same numbers, wherever they stand', () => {
    expect(numbers).toEqual(numbers.slice());
    expect({ columns: [numbers] }).toStrictEqual({ columns: [numbers.slice()] });
  });

  it.each<[string, unknown]>([
    ['another number', numbers.with(3, 0.1 + 2 ** -55)],
    ['0 for -0', numbers.with(1, 0)],
    ['a number for NaN', numbers.with(2, 0)],
    ['fewer numbers', numbers.slice(0, 3)],
    ['another precision', Float32Array.of(1, -0, Number.NaN, 0.5)],
    ['an array', [...numbers]],
  ])('refuses %s', (_, other) => {
    expect(() => expect(numbers).toEqual(other)).toThrow('deeply equal');
    expect(() => expect([numbers]).toEqual([other])).toThrow('deeply equal');
  });

  it('tells classes of the same numbers apart', () => expect(Float32Array.of(1, 2)).not.toEqual(Float64Array.of(1, 2)));
});
