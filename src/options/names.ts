/** The losses that a fit can minimize. */
export const LOSSES = ['squared', 'huber', 'logistic'] as const;

/** The name of a loss. */
export type Loss = (typeof LOSSES)[number];

/** The update rules: each epoch takes one step, or one per mini-batch. */
export const OPTIMIZERS = ['gradientDescent', 'momentum', 'nesterov', 'adam', 'conjugateGradient'] as const;

/** The name of an update rule: the rule that turns gradients into steps. */
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** The solvers, which choose the length of each step themselves and go on to the optimum. */
export const SOLVERS = ['newton', 'lbfgs'] as const;

/** The name of an algorithm that ran in place of an update rule, as reports state it. */
export type SolverName = (typeof SOLVERS)[number] | 'qr' | 'normalEquations' | 'coordinateDescent' | 'proximalNewton';

/** The values of the option `optimizer`: 'auto' stands for the solver that reaches the optimum soonest. */
export const OPTIMIZER_CHOICES = ['auto', ...OPTIMIZERS, ...SOLVERS] as const;

/** A value of the option `optimizer`. */
export type OptimizerChoice = (typeof OPTIMIZER_CHOICES)[number];

/** True for the update rules; false for the solvers and for 'auto'. */
export function isUpdateRule(choice: OptimizerChoice): choice is OptimizerName {
  return (OPTIMIZERS as readonly string[]).includes(choice);
}

/** The learning-rate schedules. */
export const SCHEDULES = ['constant', 'inverseScaling', 'step', 'exponential', 'cosine'] as const;

/** The name of a learning-rate schedule: the change of the learning rate from epoch to epoch. */
export type Schedule = (typeof SCHEDULES)[number];
