/** The losses that a fit can minimize. */
export const LOSSES = ['squared', 'huber', 'logistic'] as const;

/** The name of a loss. */
export type Loss = (typeof LOSSES)[number];

/** The optimizers. */
export const OPTIMIZERS = ['gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient'] as const;

/** The name of an optimizer: the rule that turns gradients into steps. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** The learning-rate schedules. */
export const SCHEDULES = ['constant', 'inverseScaling', 'step', 'exponential', 'cosine'] as const;

/** The name of a learning-rate schedule: the change of the learning rate from epoch to epoch. */
export type Schedule = (typeof SCHEDULES)[number];
