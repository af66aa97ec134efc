import { DescentError } from '../base/errors.js';

/** Makes the error that a loss is no finite number, since the targets are so large. */
export function overflow(): DescentError {
  return new DescentError('NON_FINITE_VALUE', {
    got: 'targets whose squares overflow f64',
    expected: 'targets under 1e153',
    fix: 'Scale the targets.',
  });
}
