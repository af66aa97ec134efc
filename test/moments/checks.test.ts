// What moments refuse: squares that leave f64 at either end, and a source that is asked for after an abort.

import { describe, expect, it } from 'vitest';
import type { ExampleSource } from '../../src/data/source.js';
import { checkSquares } from '../../src/moments/checks.js';
import { collectMoments } from '../../src/moments/collect.js';
import { expectRefusal } from '../support/refusal.js';

describe('a sum of squares', () => {
  const of = { column: Float64Array.of(0, 1e-160), name: 'a', firstRow: 5 };

  it('is taken where f64 holds all its digits, and those of its rounding', () => {
    // The least normal number is 2^-1022, and f64 has 53 bits.
    for (const squares of [2 ** -969, 1, Number.MAX_VALUE]) checkSquares(squares, false, of);
    for (const squares of [0, 2 ** -1000]) checkSquares(squares, true, of); // of a constant, where 0 is right
  });

  it.each([0, 1e-320, 2 ** -970, Infinity, Number.NaN])('is refused otherwise: %d', async (squares) => {
    await expectRefusal(() => checkSquares(squares, false, of), 'NON_FINITE_VALUE', "values of 'a' whose squares");
  });

  it('names the row of a value that is no number', async () => {
    const column = Float64Array.of(1, 2, Number.NaN);
    await expectRefusal(() => checkSquares(Number.NaN, false, { ...of, column }), 'NON_FINITE_VALUE', "NaN in row 7 of 'a'"); // prettier-ignore
  });
});

it('a source is not asked for anything after an abort', async () => {
  const asked = () => {
    throw new Error('the source was asked');
  };
  const source = new Proxy({} as ExampleSource, { get: asked, has: asked });
  const signal = AbortSignal.abort(new Error('enough'));
  await expect(collectMoments(source, asked, signal)).rejects.toThrow('enough');
});
