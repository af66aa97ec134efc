import type { Answer } from './vector.js';

/** The largest difference of two answers, as a share of the largest of the expected numbers; 0 where there are none. */
export function largestDifference({ numbers }: Answer, { numbers: expected }: Answer): number {
  const size = Math.max(...expected.map(Math.abs), 0);
  const difference = Math.max(...expected.map((value, i) => Math.abs((numbers[i] ?? Number.NaN) - value)), 0);
  return difference === 0 ? 0 : difference / size;
}
