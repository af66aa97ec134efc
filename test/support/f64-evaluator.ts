import type { EvaluateOptions, Evaluation, Evaluator } from '../../src/descent/evaluation.js';
import type { Loss } from '../../src/options/names.js';

/** The examples of an evaluator, and the sums that it makes of them. */
export interface EvaluatorData {
  loss: Loss;
  columns: readonly Float64Array[]; // d columns of [m]
  targets: Float64Array; //            [m]
  exampleWeights?: Float64Array; //    [m]
  /** Default: true. */
  fitIntercept?: boolean;
  /** The sums are off by this share of the sum of the sizes of their terms, in a way that looks random. Default: 0. */
  noise?: number;
}

/** A sum and that of the sizes of its terms. */
class Sum {
  value = 0;
  sizes = 0;

  add(term: number): void {
    this.value += term;
    this.sizes += Math.abs(term);
  }
}

/** The contract of solvers by plain loops over the examples in f64: loss, gradient and Hessian. */
export class F64Evaluator implements Evaluator {
  readonly featureCount: number;
  passes = 0;
  readonly #data: EvaluatorData;

  constructor(data: EvaluatorData) {
    this.#data = data;
    this.featureCount = data.columns.length;
  }

  async evaluate(
    parameters: Float64Array,
    { withHessian, huberDelta }: Pick<EvaluateOptions, 'withHessian' | 'huberDelta'>,
  ): Promise<Evaluation> {
    const { loss, columns, targets, exampleWeights, fitIntercept = true } = this.#data;
    this.passes += 1;
    const width = columns.length + 1;
    const value = new Sum();
    const slopes = Array.from({ length: width }, () => new Sum());
    const curvatures = Array.from({ length: width * width }, () => new Sum());
    let count = 0;
    const row = new Float64Array(width);
    row[width - 1] = fitIntercept ? 1 : 0;
    targets.forEach((y, i) => {
      columns.forEach((column, j) => (row[j] = column[i] as number));
      const weight = exampleWeights ? (exampleWeights[i] as number) : 1;
      count += weight;
      const z = row.reduce((sum, x, j) => sum + x * (parameters[j] as number), 0);
      const [height, slope, curvature] = DERIVATIVES[loss](z, y, huberDelta);
      value.add(weight * height);
      row.forEach((x, j) => {
        slopes[j]?.add(weight * slope * x);
        if (withHessian) row.forEach((other, k) => curvatures[j * width + k]?.add(weight * curvature * x * other));
      });
    });
    const rounded = ({ value: sum, sizes }: Sum) => {
      const phase = Math.sin(1e6 * (sum / (sizes || 1)) + this.passes);
      return (sum + (this.#data.noise ?? 0) * sizes * phase) / count;
    };
    const hessian = Float64Array.from(curvatures, rounded);
    for (let j = 0; j < width; j++)
      for (let k = 0; k < j; k++) hessian[j * width + k] = hessian[k * width + j] as number;
    return {
      loss: rounded(value),
      gradient: Float64Array.from(slopes, rounded),
      hessian: withHessian ? hessian : null,
    };
  }
}

/** The loss of an example by its prediction, and its first and second derivative, each with all its digits. */
const DERIVATIVES: Record<Loss, (z: number, y: number, huberDelta: number) => [number, number, number]> = {
  squared: (z, y) => [(z - y) ** 2 / 2, z - y, 1],
  huber: (z, y, delta) => {
    const error = z - y;
    const size = Math.abs(error);
    return size <= delta ? [error ** 2 / 2, error, 1] : [delta * (size - delta / 2), delta * Math.sign(error), 0];
  },
  logistic: (z, label) => {
    const wrong = label === 1 ? -z : z;
    const small = Math.exp(-Math.abs(z));
    const share = wrong > 0 ? 1 / (1 + small) : small / (1 + small); // of the wrong label
    return [Math.max(wrong, 0) + Math.log1p(small), label === 1 ? -share : share, small / (1 + small) ** 2];
  },
};
