import { dot } from '../base/dot.js';
import type { Soon } from '../base/soon.js';
import type { RunState } from './backend.js';
import type { Updates } from './host-run.js';
import { penaltyOf } from './step.js';

/** The squared loss of one model, in training units. */
export interface Quadratic {
  /** d */
  readonly featureCount: number;
  /** Writes the gradient at the parameters, [d + 1], and returns the loss there. */
  gradient(parameters: Float64Array, gradient: Float64Array): Soon<number>;
  /** H·v for the curvature H = 1/m·[X 1]ᵀ[X 1]: [d + 1] in and out. */
  curvature(direction: Float64Array): Soon<Float64Array>;
}

/**
 * Conjugate gradient on the squared loss and l2/2·Σ w² (Hestenes and Stiefel, 1952). The first epoch finds the slope at the
 * parameters and steps nowhere; each one after it goes to the bottom of a line. The slope there is found anew, so that
 * roundings do not add up from step to step.
 */
export class ConjugateGradient implements Updates {
  /** True if there is no direction left in which the objective falls. */
  isDone = false;
  readonly perEpoch = 1;
  readonly share = 1;
  readonly #loss: Quadratic;
  readonly #l2: number;
  readonly #slope: Float64Array; //          [d + 1] at the parameters
  #objective: number; //                    likewise
  #direction: Float64Array | undefined; //  [d + 1]

  constructor(loss: Quadratic, l2: number, from: Pick<RunState, 'loss' | 'optimizerState'>) {
    const [slope, direction] = from.optimizerState ?? [];
    this.#loss = loss;
    this.#l2 = l2;
    this.#slope = slope?.slice() ?? new Float64Array(loss.featureCount + 1);
    this.#objective = from.loss;
    this.#direction = direction?.slice();
  }

  /** The optimizer state, in the order of `RunState.optimizerState`, at these parameters. */
  optimizerState(parameters: Float64Array): Float64Array[] {
    const direction = this.#direction;
    if (!direction) return [];
    return [this.#slope.slice(), direction.slice(), parameters.map((value, j) => value + (direction[j] as number))];
  }

  /** One epoch: parameters [d + 1] in and out; returns the objective at those that come out. */
  async step(parameters: Float64Array, next: Float64Array): Promise<number> {
    next.set(parameters);
    const slope = this.#slope;
    const direction = this.#direction;
    if (!direction) {
      await this.#findSlope(parameters);
      this.#direction = slope.map((value) => -value);
      return this.#objective;
    }
    const bend = this.#addPenalty(await this.#loss.curvature(direction), direction);
    const fall = -dot(slope, direction);
    const length = fall / dot(bend, direction);
    if (!(length > 0 && Number.isFinite(length))) {
      this.isDone = true;
      return this.#objective;
    }
    for (let j = 0; j < next.length; j++) next[j] = (next[j] as number) + length * (direction[j] as number);
    await this.#findSlope(next);
    const turn = dot(slope, slope) / fall; // the slope is in the direction as often as fall over slope·slope says
    for (let j = 0; j < next.length; j++) direction[j] = turn * (direction[j] as number) - (slope[j] as number);
    return this.#objective;
  }

  async #findSlope(parameters: Float64Array): Promise<void> {
    const loss = await this.#loss.gradient(parameters, this.#slope);
    this.#objective = loss + penaltyOf(parameters, { l1: 0, l2: this.#l2 });
    this.#addPenalty(this.#slope, parameters);
  }

  /** Adds l2·w for the weights. */
  #addPenalty(gradient: Float64Array, parameters: Float64Array): Float64Array {
    for (let j = 0; j < parameters.length - 1; j++) {
      gradient[j] = (gradient[j] as number) + this.#l2 * (parameters[j] as number);
    }
    return gradient;
  }
}
