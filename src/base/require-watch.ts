import { DescentError } from './errors.js';
import { isLeftOut } from './require-object.js';

/** Throws `INVALID_OPTION` for a callback that is no function. */
export function requireCallback(option: string, value: unknown): void {
  if (isLeftOut(value) || typeof value === 'function') return;
  throw wrongKind(option, value, 'a function');
}

/** Throws `INVALID_OPTION` for what is no signal. */
export function requireSignal(value: unknown): void {
  if (isLeftOut(value) || (typeof value === 'object' && 'throwIfAborted' in value)) return;
  throw wrongKind('signal', value, 'the signal of an AbortController');
}

function wrongKind(option: string, value: unknown, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${option} of type ${typeof value}`,
    expected,
    fix: 'Leave it out if it is not needed.',
    where: { option },
  });
}
