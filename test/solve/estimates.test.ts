// Which combinations of weights the data determine, where some columns depend on others and some nearly do.

import { expect, it } from 'vitest';
import { atOnce } from '../../src/base/turns.js';
import { Estimates } from '../../src/solve/estimates.js';
import { PivotedQr } from '../../src/solve/pivoted-qr.js';
import { normals } from '../support/examples.js';

it('weights are determined that a dependence between others leaves alone, however little their own columns differ', () => {
  const [a, c, d] = [normals(1, 60), normals(2, 60), normals(3, 60)] as [Float64Array, Float64Array, Float64Array];
  for (const apart of [1, 1e-3, 1e-6]) {
    const near = a.map((value, i) => value + apart * (c[i] as number));
    // The last is the sum of two others, the first two have no part in it but for rounding, divided by `apart`.
    const columns = [a.slice(), near, d.slice(), normals(4, 60), d.map((value, i) => value + (normals(4, 60)[i] as number))]; // prettier-ignore
    const estimates = atOnce(Estimates.of(atOnce(PivotedQr.of(columns, 0)).upper, 'qr'));
    const isDetermined = columns.map((_, j) => estimates.varianceOfOne(j, 1) !== null);
    expect(isDetermined, `apart by ${apart}`).toEqual([true, true, false, false, false]);
    // Of (d, e, d + e) the data tell what goes with d, and with e: w₂ + w₄, and w₃ + w₄.
    expect(estimates.varianceOf(Float64Array.of(0, 0, 1, 0, 1))).toBeGreaterThan(0);
    expect(estimates.varianceOf(Float64Array.of(0, 0, 0, 1, 1))).toBeGreaterThan(0);
    expect(estimates.varianceOf(Float64Array.of(0, 0, 1, 1, 1))).toBeNull();
  }
});
