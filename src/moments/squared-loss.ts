import type { Moments } from './moments.js';
import { multiply } from './multiply.js';

/**
 * The squared loss of one target and its gradient, from moments alone, in training units.
 *
 * The textbook form, ½(wᵀGw − 2cᵀw + yᵀy/m) about the origin, subtracts squares of offsets: for a year the square of
 * 2000, where the spread's is a hundred, four digits of sixteen gone. Here the mean residual e = b + w·μ − ȳ is taken
 * apart from the residuals' scatter about it, and no offset is ever squared and subtracted:
 *
 *     L     = ½·(Syy − w·c + w·(S·w − c))/m + ½·e²
 *     ∂L/∂w = (S·w − c)/m + e·μ
 *     ∂L/∂b = e
 *
 * What is left of cancellation is that of the fit itself: at the optimum S·w = c and the rest is Syy − w·c, whose
 * rounding is a few 2^-53 of the target's whole variance Syy/m. So a loss that is a share s of it, s = 1 − R², has
 * about 16 + log₁₀ s digits: ten where R² is 0.999999. It bottoms out near 1e-16 of the variance, where examples could
 * still tell a smaller one, and never lies under 0.
 */
export class SquaredLoss {
  readonly featureCount: number;
  readonly hasBias: boolean;
  /** [d] What each weight is divided by to come back to the units of the data. */
  readonly deviations: Float64Array;
  readonly #count: number;
  readonly #scatter: Float64Array; //       [d, d] S
  readonly #crossScatter: Float64Array; //  [d] c
  readonly #targetScatter: number; //       Syy
  readonly #means: Float64Array; //         [d] μ over the deviations, zeros where it is taken off the features
  readonly #targetMean: number; //          ȳ, likewise

  /** Without a bias no mean is taken off, and features are divided by their root mean square. */
  constructor(
    moments: Moments,
    { standardize, fitIntercept = true }: { standardize: boolean; fitIntercept?: boolean },
    target: number,
  ) {
    const { featureCount, targetCount, count, scatter, means } = moments;
    const isCentered = standardize && fitIntercept;
    this.featureCount = featureCount;
    this.deviations = Float64Array.from({ length: featureCount }, (_, j) => {
      const variance = (scatter[j * featureCount + j] as number) / count;
      const square = isCentered ? variance : variance + (means[j] as number) ** 2;
      return standardize && square > 0 ? Math.sqrt(square) : 1;
    });
    this.#count = count;
    // Over one deviation after the other: their product may leave f64 where the quotient does not.
    this.#scatter = standardize ? this.#scaled(scatter) : scatter;
    this.#crossScatter = this.deviations.map(
      (deviation, j) => (moments.crossScatter[j * targetCount + target] as number) / deviation,
    );
    this.#targetScatter = moments.targetScatter[target] as number;
    this.#means = means.map((mean, j) => (isCentered ? 0 : mean / (this.deviations[j] as number)));
    this.#targetMean = isCentered ? 0 : (moments.targetMeans[target] as number);
    this.hasBias = fitIntercept;
  }

  /** Writes the gradient at the parameters, [d + 1], and returns the loss there: 2·d² operations, no allocation. */
  gradient(parameters: Float64Array, gradient: Float64Array): number {
    const featureCount = this.featureCount;
    const count = this.#count;
    let residualMean = (parameters[featureCount] as number) - this.#targetMean; // e
    for (let j = 0; j < featureCount; j++) residualMean += (parameters[j] as number) * (this.#means[j] as number);
    multiply(this.#scatter, parameters, featureCount, gradient);
    let explained = 0; // w·c
    let rest = 0; //      w·(S·w − c)
    for (let j = 0; j < featureCount; j++) {
      const weight = parameters[j] as number;
      const cross = this.#crossScatter[j] as number;
      const slope = (gradient[j] as number) - cross;
      explained += weight * cross;
      rest += weight * slope;
      gradient[j] = slope / count + residualMean * (this.#means[j] as number);
    }
    gradient[featureCount] = this.hasBias ? residualMean : 0;
    // Sums, as examples would add them up, and divided last: so they overflow where those do.
    const squares = Math.max(0, this.#targetScatter - explained + rest) + count * residualMean * residualMean;
    return squares / (2 * count);
  }

  /** H·v for the curvature H = 1/m·[X 1]ᵀ[X 1]: [d + 1] in and out. */
  curvature(direction: Float64Array): Float64Array {
    const featureCount = this.featureCount;
    const out = new Float64Array(featureCount + 1);
    let mean = this.hasBias ? (direction[featureCount] as number) : 0;
    for (let j = 0; j < featureCount; j++) mean += (direction[j] as number) * (this.#means[j] as number);
    multiply(this.#scatter, direction, featureCount, out);
    for (let j = 0; j < featureCount; j++) {
      out[j] = (out[j] as number) / this.#count + mean * (this.#means[j] as number);
    }
    out[featureCount] = this.hasBias ? mean : 0;
    return out;
  }

  /** H = 1/m·[X 1]ᵀ[X 1], the same at all parameters: S/m + μ·μᵀ, bordered by μ and 1. [d + 1, d + 1] */
  hessian(): Float64Array {
    const featureCount = this.featureCount;
    const size = featureCount + 1;
    const hessian = new Float64Array(size * size);
    for (let i = 0, at = 0; i < featureCount; i++) {
      const mean = this.#means[i] as number;
      for (let j = 0; j < featureCount; j++, at++) {
        hessian[i * size + j] = (this.#scatter[at] as number) / this.#count + mean * (this.#means[j] as number);
      }
      if (!this.hasBias) continue;
      hessian[i * size + featureCount] = mean;
      hessian[featureCount * size + i] = mean;
    }
    if (this.hasBias) hessian[size * size - 1] = 1;
    return hessian;
  }

  /** The scatter of features over their deviations. */
  #scaled(scatter: Float64Array): Float64Array {
    const { featureCount, deviations } = this;
    const scaled = new Float64Array(scatter.length);
    for (let i = 0, at = 0; i < featureCount; i++) {
      for (let j = 0; j < featureCount; j++, at++) {
        scaled[at] = (scatter[at] as number) / (deviations[i] as number) / (deviations[j] as number);
      }
    }
    return scaled;
  }
}
