// The sizes, shapes and batches of section 6, which the address of the page holds.

export const LEAST_ROWS = 100;
export const MOST_ROWS = 10_000_000;

/** The shapes of h(x): a line over one feature, or a plane over two. */
export const SHAPES = ['line', 'plane'] as const;
export type Shape = (typeof SHAPES)[number];

/** Examples of an update: all of them, or a batch. */
export const SCALE_BATCHES = ['all', '16', '1'] as const;
export type ScaleBatch = (typeof SCALE_BATCHES)[number];
