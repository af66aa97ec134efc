import type { RunState, UpdateRule } from './backend.js';

/** The settings of the steps of one model. */
export interface StepSettings {
  learningRate: number;
  l1: number;
  l2: number;
  rule?: UpdateRule;
}

/** The penalties of the bias. */
const NONE = { l1: 0, l2: 0 };

/** The updates of one model on the host, in f64, by gradients that its caller finds. */
export class Stepper {
  readonly #first: Float64Array; //   [d + 1] velocity, or Adam's mean gradient
  readonly #second: Float64Array; //  [d + 1] Adam's mean squared gradient
  readonly #average: Float64Array; // [d + 1]
  readonly #perEpoch: number;
  #updates: number;

  /** Goes on from a state of `size` parameters, with this number of updates to an epoch. */
  constructor(
    size: number,
    { epoch, optimizerState: [first, second, average] = [] }: Pick<RunState, 'epoch' | 'optimizerState'>,
    updatesPerEpoch = 1,
  ) {
    this.#first = first?.slice() ?? new Float64Array(size);
    this.#second = second?.slice() ?? new Float64Array(size);
    this.#average = average?.slice() ?? new Float64Array(size);
    this.#perEpoch = updatesPerEpoch;
    this.#updates = epoch * updatesPerEpoch;
  }

  /** The optimizer state, in the order of `RunState.optimizerState`. */
  optimizerState(): Float64Array[] {
    return [this.#first.slice(), this.#second.slice(), this.#average.slice()];
  }

  /** Updates so far, those of earlier runs included. */
  get updates(): number {
    return this.#updates;
  }

  /** One update: gradient and parameters in, the next parameters out, each [d + 1] with the bias last. */
  step(gradient: Float64Array, settings: StepSettings, parameters: Float64Array, next: Float64Array): void {
    const { rule, learningRate, l1, l2 } = settings;
    const { optimizer = 'gradientDescent', factors, averageFrom = Infinity } = rule ?? {};
    const last = (factors?.length ?? 0) - 1;
    const epoch = Math.floor(this.#updates / this.#perEpoch);
    const rate = last < 0 ? learningRate : learningRate * (factors?.[Math.min(epoch, last)] as number);
    if (optimizer === 'adam') this.#adapt(gradient, rate, settings, parameters, next);
    else if (optimizer === 'gradientDescent') step(gradient, { learningRate: rate, l1, l2 }, parameters, next);
    else this.#push(gradient, rate, settings, parameters, next);
    this.#updates++;
    const count = this.#updates - averageFrom * this.#perEpoch;
    if (count < 1) return;
    const average = this.#average;
    for (let j = 0; j < next.length; j++) {
      average[j] = (average[j] as number) + ((next[j] as number) - (average[j] as number)) / count;
    }
  }

  /**
   * Momentum takes the step of descent from parameters that have gone on by μ·v already, nesterov from the parameters, which
   * then go on by μ times the new v; v is what the parameters behind that have moved by, the proximal step included.
   */
  #push(
    gradient: Float64Array,
    rate: number,
    penalties: StepSettings,
    parameters: Float64Array,
    next: Float64Array,
  ): void {
    const { optimizer, momentum } = penalties.rule as UpdateRule;
    const velocity = this.#first;
    const isAhead = optimizer === 'nesterov';
    for (let j = 0; j < next.length; j++) {
      const { l1, l2 } = j < next.length - 1 ? penalties : NONE;
      const parameter = parameters[j] as number;
      const drift = momentum * (velocity[j] as number);
      const descended = parameter - rate * ((gradient[j] as number) + l2 * parameter);
      const landing = shrunk(isAhead ? descended : descended + drift, rate * l1);
      velocity[j] = landing - (isAhead ? parameter - drift : parameter);
      next[j] = isAhead ? landing + momentum * (velocity[j] as number) : landing;
    }
  }

  /** Adam, each mean over the weights of the updates so far, and the proximal step of each parameter's own length. */
  #adapt(
    gradient: Float64Array,
    rate: number,
    penalties: StepSettings,
    parameters: Float64Array,
    next: Float64Array,
  ): void {
    const { beta1, beta2, epsilon } = penalties.rule as UpdateRule;
    const [mean, square] = [this.#first, this.#second];
    const updates = this.#updates + 1;
    const newest = (beta: number) => (1 - beta) / (1 - beta ** updates);
    const [share1, share2] = [newest(beta1), newest(beta2)];
    for (let j = 0; j < next.length; j++) {
      const { l1, l2 } = j < next.length - 1 ? penalties : NONE;
      const parameter = parameters[j] as number;
      const slope = (gradient[j] as number) + l2 * parameter;
      mean[j] = (mean[j] as number) + (slope - (mean[j] as number)) * share1;
      square[j] = (square[j] as number) + (slope * slope - (square[j] as number)) * share2;
      const length = rate / (Math.sqrt(square[j] as number) + epsilon);
      next[j] = shrunk(parameter - length * (mean[j] as number), length * l1);
    }
  }
}

/**
 * One step of descent: gradient in, parameters out. The weights take the proximal step of src/reference/update.ts; the
 * bias has no penalty.
 */
export function step(
  gradient: Float64Array, //   [d + 1]
  { learningRate, l1, l2 }: { learningRate: number; l1: number; l2: number },
  parameters: Float64Array, // [d + 1] weights, then the bias
  next: Float64Array, //       [d + 1] written
): void {
  const bias = parameters.length - 1;
  next[bias] = (parameters[bias] as number) - learningRate * (gradient[bias] as number);
  if (l1 === 0 && l2 === 0) {
    for (let j = 0; j < bias; j++) next[j] = (parameters[j] as number) - learningRate * (gradient[j] as number);
    return;
  }
  for (let j = 0; j < bias; j++) {
    const weight = parameters[j] as number;
    next[j] = shrunk(weight - learningRate * ((gradient[j] as number) + l2 * weight), learningRate * l1);
  }
}

function shrunk(value: number, threshold: number): number {
  return Math.abs(value) <= threshold ? 0 : value - Math.sign(value) * threshold; // never −0, which JSON does not keep
}

/** l1·Σ|w| + l2/2·Σ w² of the weights. */
export function penaltyOf(parameters: Float64Array, { l1, l2 }: { l1: number; l2: number }): number {
  if (l1 === 0 && l2 === 0) return 0;
  let [sizes, squares] = [0, 0];
  for (let j = 0; j < parameters.length - 1; j++) {
    const weight = parameters[j] as number;
    sizes += Math.abs(weight);
    squares += weight * weight;
  }
  return l1 * sizes + (l2 / 2) * squares;
}
