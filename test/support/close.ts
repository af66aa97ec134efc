/** How far apart two numbers may be: |actual − expected| ≤ absolute + relative·|expected|. */
export interface Tolerance {
  absolute?: number;
  relative?: number;
  /** Why this much: a tolerance without a reason is a guess. */
  because: string;
}

/**
 * The one comparison of the tests. Throws unless every number of `actual` is within the tolerance of its partner in
 * `expected`: lengths first, NaN never passes, and the worst index is named.
 */
export function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: Tolerance): void {
  const { absolute = 0, relative = 0, because } = tolerance;
  if (!(absolute >= 0) || !(relative >= 0) || because.trim() === '') {
    throw new TypeError('a tolerance has parts of 0 or more and a reason');
  }
  if (actual.length !== expected.length) {
    throw new Error(`${actual.length} numbers; expected ${expected.length}`);
  }
  let failures = 0;
  let worst = { index: -1, excess: -Infinity };
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs((actual[i] as number) - (expected[i] as number));
    const allowed = absolute + relative * Math.abs(expected[i] as number);
    // Not "difference > allowed": with a NaN on either side that is false, and the NaN would pass.
    if (difference <= allowed && Number.isFinite(difference)) continue;
    failures += 1;
    const excess = Number.isFinite(difference) ? difference - allowed : Infinity;
    if (excess > worst.excess) worst = { index: i, excess };
  }
  if (failures === 0) return;
  const { index } = worst;
  throw new Error(
    `${failures} of ${expected.length} numbers differ, worst at index ${index}: ${actual[index]}, expected ${expected[index]} ` +
      `within ${absolute} + ${relative}·|expected| (${because})`,
  );
}
