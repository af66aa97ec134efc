// The choices of section 9 by their names, which the address of the page holds.

export const BATCH_NAMES = ['full', '16', '1'] as const;
export type BatchName = (typeof BATCH_NAMES)[number];

export const HIGHEST_DEGREE = 9;
export const LARGEST_NOISE = 1;

/** Training examples of the curve: with as many as it has parameters, the highest degree meets each of them. */
export const FEWEST_EXAMPLES = 10;
export const MOST_EXAMPLES = 100;
