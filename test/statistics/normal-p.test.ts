// p of a z statistic against published quantiles and tails.

import { expect, it } from 'vitest';
import { twoSidedNormalP } from '../../src/model/normal-p.js';
import { expectClose } from '../support/close.js';

it('is twice the upper tail of the normal distribution, small ones to their last digits', () => {
  // scipy.stats.norm.sf, 1.17.1
  const table: readonly (readonly [number, number])[] = [
    [0.001, 0.9992021155721779],
    [0.5, 0.6170750774519738],
    [1, 0.31731050786291415],
    [1.96, 0.04999579029644087],
    [2.5, 0.012419330651552265],
    [2.9999, 0.00270068256590985],
    [3, 0.0026997960632601866],
    [3.5, 0.00046525815807105003],
    [5, 5.733031437583866e-7],
    [10, 1.523970604832094e-23],
    [20, 5.507248237212311e-89],
    [37, 1.1451142445047853e-299],
  ];
  const found = table.map(([z]) => twoSidedNormalP(z));
  const because = '1 − erf just below z = 3, and the exponential of large numbers';
  expectClose(found, table.map(([, p]) => p), { relative: 2e-13, because }); // prettier-ignore
  expect(table.map(([z]) => twoSidedNormalP(-z))).toEqual(found);
});

it('is 1 at 0, and 0 beyond what f64 holds', () => {
  expect([0, -0, 40, Infinity, -Infinity].map(twoSidedNormalP)).toEqual([1, 1, 0, 0, 0]);
});
