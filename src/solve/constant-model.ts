import type { Evaluation, Evaluator } from '../descent/evaluation.js';
import type { Loss } from '../options/names.js';

/** Labels that are all the same have no finite best constant: the model then says so with this certainty, 1e-9. */
const MOST_LOGIT = Math.log(1e9);

/** Evaluations that may look for the best constant under Huber's loss; its slope is piecewise linear. */
const MOST_STEPS = 20;

/** The share of the steepest slope below which the slope of the constant is nothing beside those of the weights. */
const NEGLIGIBLE = 1e-3;

/** The best model without features, and the loss there. */
export interface ConstantModel {
  /** [d + 1] weights of 0 and the best bias, in training units. */
  parameters: Float64Array;
  evaluation: Evaluation;
}

/** The problem of which the best constant is wanted. */
interface ConstantProblem {
  loss: Loss;
  fitIntercept: boolean;
  huberDelta: number;
  signal?: AbortSignal | undefined;
}

/**
 * The best constant model: its gradient is what that of a fit is measured against. One evaluation finds it under the
 * squared loss, two under the logistic loss; under Huber's the slope of the bias is followed to 0 by secants, and by halves where these lead away.
 */
export async function constantModel(evaluator: Evaluator, problem: ConstantProblem): Promise<ConstantModel> {
  const { loss, fitIntercept, huberDelta, signal } = problem;
  const at = async (bias: number) => {
    const parameters = new Float64Array(evaluator.featureCount + 1);
    parameters[evaluator.featureCount] = bias;
    const evaluation = await evaluator.evaluate(parameters, { withHessian: false, huberDelta, signal });
    return { parameters, evaluation, slope: evaluation.gradient.at(-1) as number };
  };
  const first = await at(0);
  if (!fitIntercept || first.slope === 0) return first;
  if (loss === 'logistic') {
    const mean = Math.min(1, Math.max(0, 0.5 - first.slope)); // of the labels: the slope at 0 is 1/2 less it
    return at(Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, Math.log(mean / (1 - mean)))));
  }
  let [before, here] = [first, await at(-first.slope)]; // exact under the squared loss
  if (loss === 'squared') return here;
  let bias = -first.slope;
  let lastStep = bias;
  // The slope rises with the bias: it is 0 between these.
  let [low, high] = first.slope < 0 ? [0, Infinity] : [-Infinity, 0];
  for (let step = 0; step < MOST_STEPS && !isFlat(here); step++) {
    if (here.slope < 0) low = bias;
    else high = bias;
    const bend = (here.slope - before.slope) / lastStep;
    // Where the slope bends by nothing, all errors are beyond δ: on, twice as far.
    let next = bias + (bend > 0 ? -here.slope / bend : 2 * lastStep);
    if (!(next > low && next < high)) next = (low + high) / 2;
    lastStep = next - bias;
    bias = next;
    [before, here] = [here, await at(bias)];
  }
  return here;
}

function isFlat({ evaluation: { gradient }, slope }: { evaluation: Evaluation; slope: number }): boolean {
  const steepest = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  return Math.abs(slope) <= NEGLIGIBLE * steepest;
}
