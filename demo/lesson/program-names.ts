// The choices of section 5 by their names, which the address of the page holds.

/** The sources of the features: what λ = 1 does depends on it. */
export const SPREADS = ['centered', 'positive', 'large', 'correlated'] as const;
export type Spread = (typeof SPREADS)[number];

/** One run; many from random starts; or one of each optimizer, or of each batch size, from the same start. */
export const RUN_KINDS = ['one', 'starts', 'optimizers', 'batches'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

export const COMPARED = ['gradientDescent', 'momentum', 'nesterov', 'adam'] as const;
export type Compared = (typeof COMPARED)[number];

/** Batches of one example, of sixteen, and of all. */
export const BATCHES = ['gradientDescent', 'batch16', 'batch1'] as const;

/** The way in which a run makes its steps: an optimizer on all examples, or gradient descent on batches. */
export type Method = Compared | (typeof BATCHES)[number];

/** λ of each optimizer: the fastest of its own, or the same for all. */
export const RATE_KINDS = ['own', 'same'] as const;

/** H_max/H_min of the valley: 1 is a bowl. */
export const LEAST_RATIO = 1;
export const LARGEST_RATIO = 200;

/** The momentum of the comparison. Its run needs 1/(1 − momentum) epochs to forget a step. */
export const LARGEST_MOMENTUM = 0.98;
