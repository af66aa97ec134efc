import { vi } from 'vitest';

/** The time in which something is there for certain: a machine that is busy takes seconds for what takes milliseconds. */
const MOST_MS = 25_000;

/** Resolves once the check passes, with the result of it. For states that stay: one that passes may be over before it is looked at. */
export function eventually<Result>(check: () => Result | Promise<Result>, mostMs = MOST_MS): Promise<Result> {
  return vi.waitFor(check, { timeout: mostMs, interval: 20 });
}
