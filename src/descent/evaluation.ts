/** The loss at some parameters and its derivatives, without penalties, in training units. */
export interface Evaluation {
  /** The weighted average of the losses of the training examples. */
  loss: number;
  /** [d + 1] of the weights and the bias; 0 for the bias where there is none, and for constant features. */
  gradient: Float64Array;
  /** [d + 1, d + 1] row-major, symmetric, 0 where the gradient always is; null if not requested. */
  hessian: Float64Array | null;
}

export interface EvaluateOptions {
  /** True to compute the Hessian, too, at about d/2 times the work. */
  withHessian: boolean;
  /** Threshold δ of the Huber loss in training units of the targets; other losses ignore it. */
  huberDelta: number;
  signal?: AbortSignal | undefined;
}

/** The part of an engine that solvers use: one pass over the training examples at some parameters. */
export interface Evaluator {
  /** d */
  readonly featureCount: number;
  /** The loss of predictions that are right but for the rounding of the targets; 0 or left out where that is not known. */
  readonly lossFloor?: number;
  /** Evaluates the loss at the parameters, [d + 1]. Rejects with the reason of the signal. */
  evaluate(parameters: Float64Array, options: EvaluateOptions): Promise<Evaluation>;
}
