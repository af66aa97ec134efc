// The errors of predictClass: a part of its own in a bundle, which loads where one is thrown.

import { DescentError } from '../base/errors.js';
import type { Loss } from '../options/names.js';

export function noClasses(loss: Loss): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `classes of a model with loss '${loss}'`,
    expected: "a model with loss 'logistic'",
    fix: 'Use predict, or train with the logistic loss.',
  });
}

export function noClass(row: number): DescentError {
  return new DescentError('MISSING_VALUE', {
    got: `a missing value in row ${row} of the data, counted from 0`,
    expected: 'values for all features of a row that is to have a class',
    fix: 'Use predict, which answers NaN for such a row, or leave the row out.',
    where: { row },
  });
}
