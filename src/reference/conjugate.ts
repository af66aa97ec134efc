import type { RunState } from '../descent/backend.js';
import type { Updates } from '../descent/host-run.js';
import { gradient } from './gradient.js';
import type { ExampleTerms } from './loss.js';
import { residual } from './residual.js';

/** The objective of conjugate gradient: the squared loss of examples, and l2/2·Σ w². */
export interface QuadraticTwin {
  features: readonly Float64Array[]; // d columns of [m]
  targets: Float64Array; //             [m]
  terms: ExampleTerms;
  /** m, or the sum of the weights of the examples. */
  count: number;
  l2: number;
  /** [d + 1] 0 where a parameter stays as it is, or else 1. */
  learned: Float64Array;
}

/**
 * Conjugate gradient on the squared loss (Hestenes and Stiefel, "Methods of conjugate gradients for solving linear
 * systems", 1952): each step ends at the bottom of a line, and no later step spoils that. The first epoch finds the slope
 * −r at the parameters and steps nowhere; each one after it finds H·p for the direction p by one pass, with all targets 0:
 *
 *     α = r·p/(p·Hp),  x ← x + αp,  r' = r − α·Hp,  p ← r' + (r'·r'/r·p)·p
 *
 * r·p is r·r, unless p comes from elsewhere and is longer or shorter: then the step after it is as if it were not.
 *
 * The twin of shaders/epoch/conjugate.wgsl.
 */
export class ConjugateGradientTwin implements Updates {
  /** True if there is no direction left in which the objective falls. */
  isDone = false;
  readonly perEpoch = 1;
  readonly share = 1;
  readonly #quadratic: QuadraticTwin;
  #objective: number;
  #residual: Float64Array | undefined; // [d + 1] r
  #direction: Float64Array; //            [d + 1] p

  constructor(
    quadratic: QuadraticTwin,
    { loss, optimizerState: [slope, direction] = [] }: Pick<RunState, 'loss' | 'optimizerState'>,
  ) {
    this.#quadratic = quadratic;
    this.#objective = loss;
    this.#residual = slope?.map((value) => -value);
    this.#direction = direction?.slice() ?? new Float64Array(0);
  }

  /** One epoch; returns the objective at the parameters that it leads to. */
  step(parameters: Float64Array, next: Float64Array): number {
    next.set(parameters);
    if (!this.#residual) {
      const { slope, value } = this.#slopeAt(parameters, this.#quadratic.targets);
      this.#residual = slope.map((entry) => -entry);
      this.#direction = this.#residual.slice();
      this.#objective = value;
      return value;
    }
    const [r, p] = [this.#residual, this.#direction];
    const { slope: product, value: halfBend } = this.#slopeAt(p, new Float64Array(this.#quadratic.targets.length));
    const fall = dot(r, p);
    const length = fall / (2 * halfBend);
    if (!(length > 0 && Number.isFinite(length))) {
      this.isDone = true;
      return this.#objective;
    }
    for (let j = 0; j < next.length; j++) {
      next[j] = (next[j] as number) + length * (p[j] as number);
      r[j] = (r[j] as number) - length * (product[j] as number);
    }
    this.#objective -= (length * fall) / 2;
    const turn = dot(r, r) / fall;
    this.#direction = r.map((entry, j) => entry + turn * (p[j] as number));
    return this.#objective;
  }

  /** The optimizer state, in the order of `RunState.optimizerState`, at these parameters. */
  optimizerState(parameters: Float64Array): Float64Array[] {
    if (!this.#residual) return [];
    const ahead = parameters.map((value, j) => value + (this.#direction[j] as number));
    return [this.#residual.map((value) => -value), this.#direction.slice(), ahead];
  }

  /** Slope and value of 1/(2m)·Σ r² + l2/2·Σ w². */
  #slopeAt(point: Float64Array, targets: Float64Array) {
    const { features, terms, count, l2, learned } = this.#quadratic;
    const residuals = new Float64Array(targets.length);
    const twiceLosses = new Float64Array(targets.length);
    const sums = new Float64Array(point.length + 1);
    residual(features, targets, point, residuals, terms, twiceLosses);
    gradient(features, residuals, sums, twiceLosses);
    let value = (sums[point.length] as number) / (2 * count);
    const slope = point.map((entry, j) => {
      const penalty = j < features.length ? l2 : 0;
      value += (penalty / 2) * entry * entry;
      return (learned[j] as number) * ((sums[j] as number) / count + penalty * entry);
    });
    return { slope, value };
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  a.forEach((entry, j) => (sum += entry * (b[j] as number)));
  return sum;
}
