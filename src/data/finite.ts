import type { FloatArray } from './numbers.js';

/**
 * True if every value is finite. Zero times a finite value is 0 and times any other NaN, which no further addition takes away:
 * so a look at the sums stands for a look at each value, in half of the time. Four of them, so that an addition need not wait
 * for the one before.
 */
export function areFinite(values: FloatArray): boolean {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  const whole = values.length - (values.length % 4);
  for (let i = 0; i < whole; i += 4) {
    sum0 += 0 * (values[i] as number);
    sum1 += 0 * (values[i + 1] as number);
    sum2 += 0 * (values[i + 2] as number);
    sum3 += 0 * (values[i + 3] as number);
  }
  for (let i = whole; i < values.length; i++) sum0 += 0 * (values[i] as number);
  return sum0 + sum1 + sum2 + sum3 === 0;
}
