import type { UpdateRule } from '../descent/backend.js';

/** The settings of a step. */
export interface UpdateOptions {
  learningRate: number;
  /** The penalties l1·Σ|w| + l2/2·Σ w², which spare the bias. Default 0. */
  l1?: number;
  l2?: number;
  /**
   * [d + 1] factors on λ for parameters that are stored in other units than training takes them in: a parameter of
   * scale s is √s times as large in training units as stored. Default 1 for all.
   */
  stepScales?: ArrayLike<number>;
  /** Default: gradient descent at one rate. */
  rule?: UpdateRule;
  /** Batches of an epoch. Default 1. */
  updatesPerEpoch?: number;
}

/** The optimizer state that is kept between updates, in training units. */
export interface OptimizerState {
  updates: number;
  /** [d + 1] v of momentum and nesterov, and Adam's mean gradient, corrected for its beginning at 0. */
  first: Float64Array;
  /** [d + 1] Adam's mean squared gradient, likewise. */
  second: Float64Array;
  /** [d + 1] the mean of the parameters after each update that it takes in. */
  average: Float64Array;
}

export function emptyOptimizerState(size: number): OptimizerState {
  const [first, second, average] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  return { updates: 0, first, second, average };
}

/**
 * w ← soft(w − λ·(∂L/∂w + l2·w), λ·l1) and b ← b − λ·∂L/∂b, or the step of another rule, in place, unless the loss is not
 * finite; soft(v, t) takes t off the size of v, as far as there is so much. The twin of shaders/epoch/update.wgsl. Returns the
 * objective that the sums belong to: 1/(2m)·Σ r², and the penalties of the weights before the step.
 */
export function update(
  sums: Float64Array, //       [d + 2] of src/reference/gradient.ts
  exampleCount: number,
  { learningRate, l1 = 0, l2 = 0, stepScales, rule, updatesPerEpoch = 1 }: UpdateOptions,
  parameters: Float64Array, // [d + 1] written
  optimizerState: OptimizerState = emptyOptimizerState(parameters.length), // written
): number {
  const bias = parameters.length - 1;
  const loss = (sums[parameters.length] as number) / (2 * exampleCount);
  if (!Number.isFinite(loss)) return loss;
  const factors = rule?.factors ?? [];
  const epoch = Math.floor(optimizerState.updates / updatesPerEpoch);
  const rate = learningRate * (factors[Math.min(epoch, factors.length - 1)] ?? 1);
  const take = STEPS[rule?.optimizer ?? 'gradientDescent'];
  optimizerState.updates++;
  let objective = loss;
  for (let j = 0; j < parameters.length; j++) {
    const scale = stepScales ? (stepScales[j] as number) : 1;
    if (scale === 0) continue; // a parameter that is not learned
    const root = Math.sqrt(scale);
    const weight = (parameters[j] as number) / root;
    const isFree = j === bias;
    if (!isFree) objective += l1 * Math.abs(weight) + (l2 / 2) * weight * weight;
    const slope = (root * (sums[j] as number)) / exampleCount + (isFree ? 0 : l2 * weight);
    const next = take(weight, slope, { rate, threshold: isFree ? 0 : rate * l1, rule, optimizerState, j });
    parameters[j] = root * next;
    const averagedUpdates = optimizerState.updates - (rule?.averageFrom ?? Infinity) * updatesPerEpoch;
    if (averagedUpdates > 0)
      optimizerState.average[j] =
        ((averagedUpdates - 1) * (optimizerState.average[j] as number) + next) / averagedUpdates;
  }
  return objective;
}

/** The settings of a step of one parameter. */
interface StepOf {
  rate: number;
  /** The threshold of the proximal step of l1 at this rate: the most that it shrinks a parameter by. */
  threshold: number;
  rule: UpdateRule | undefined;
  optimizerState: OptimizerState;
  j: number;
}

/** The next value of one parameter, from its value and its slope with l2, in training units. */
type Step = (value: number, slope: number, of: StepOf) => number;

/** In exact steps conjugate gradient has a twin of its own, src/reference/conjugate.ts. */
const STEPS: Record<UpdateRule['optimizer'], Step> = {
  gradientDescent: (value, slope, { rate, threshold }) => soft(value - rate * slope, threshold),

  // v is what the value moved by, so that it has the proximal step in it.
  momentum(value, slope, { rate, threshold, rule, optimizerState: { first }, j }) {
    const next = soft(value + (rule?.momentum ?? 0) * (first[j] as number) - rate * slope, threshold);
    first[j] = next - value;
    return next;
  },

  // The value is the point ahead, by μ·v, of the one that moves by v.
  nesterov(value, slope, { rate, threshold, rule, optimizerState: { first }, j }) {
    const momentum = rule?.momentum ?? 0;
    const behind = value - momentum * (first[j] as number);
    const next = soft(value - rate * slope, threshold);
    first[j] = next - behind;
    return next + momentum * first[j];
  },

  // As in the paper's algorithm 1, with a proximal step as long as the parameter's own.
  adam(value, slope, { rate, threshold, rule, optimizerState: { first, second, updates }, j }) {
    const { beta1 = 0, beta2 = 0, epsilon = 0 } = rule ?? {};
    first[j] = corrected(beta1, first[j] as number, slope, updates);
    second[j] = corrected(beta2, second[j] as number, slope ** 2, updates);
    const size = Math.sqrt(second[j]) + epsilon;
    return soft(value - (rate * first[j]) / size, threshold / size);
  },

  conjugateGradient() {
    throw new TypeError('conjugate gradient takes no single steps');
  },
};

/** m ← βm + (1 − β)·value and m/(1 − β^t), from the corrected mean of the update before to that of update t. */
function corrected(beta: number, before: number, value: number, t: number): number {
  const mean = before * (1 - beta ** (t - 1));
  return (beta * mean + (1 - beta) * value) / (1 - beta ** t);
}

function soft(value: number, threshold: number): number {
  return Math.abs(value) <= threshold ? 0 : value - Math.sign(value) * threshold; // never −0, which JSON does not keep
}
