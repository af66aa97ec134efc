import { DescentError } from '../base/errors.js';

/** Makes the error that a loss is no finite number, since features, targets or penalties are so large. */
export function overflow(): DescentError {
  return new DescentError('NON_FINITE_VALUE', {
    got: 'numbers whose squares overflow f64',
    expected: 'features, targets and penalties under 1e153',
    fix: 'Scale the largest of them.',
  });
}
