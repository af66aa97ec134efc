import { expect } from 'vitest';
import { DescentError, type DescentErrorCode } from '../../src/base/errors.js';

/** Runs what must refuse with this code, in one line that holds every one of these texts. */
export async function expectRefusal(body: () => unknown, code: DescentErrorCode, ...texts: string[]): Promise<void> {
  const thrown = await refusalOf(body);
  expect(thrown.code, thrown.message).toBe(code);
  for (const text of texts) expect(thrown.message).toContain(text);
  expect(thrown.message).not.toMatch(/[\r\n]/);
}

/** The error of what must refuse. */
export async function refusalOf(body: () => unknown): Promise<DescentError> {
  let thrown: unknown;
  try {
    await body();
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof DescentError)) throw new Error(`expected a DescentError, got ${String(thrown)}`);
  return thrown;
}
