import { DescentError } from '../base/errors.js';

/** The result of an allocation of this many bytes. Throws `OUT_OF_MEMORY`. */
export function allocated<Result>(bytes: number, allocate: () => Result): Result {
  try {
    return allocate();
  } catch (cause) {
    throw outOfMemory(bytes, cause);
  }
}

/** The error of an allocation of this many bytes that failed, in this thread or in a worker. */
export function outOfMemory(bytes: number, cause?: unknown): DescentError {
  return new DescentError('OUT_OF_MEMORY', {
    got: `no memory for ${bytes} bytes on the CPU`,
    expected: 'room for the examples',
    fix: 'Use fewer examples or features, or close what else takes memory.',
    cause,
  });
}
