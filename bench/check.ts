import { gradient } from '../src/reference/gradient.js';
import { residual } from '../src/reference/residual.js';
import { update } from '../src/reference/update.js';
import type { Problem } from './arm.js';

/** A result counts when its loss is this close to the f64 reference's. f32 descent stays a hundred times closer. */
const RELATIVE_TOLERANCE = 1e-4;

/** Judges arms by the loss of their parameters, all in f64. */
export class LossCheck {
  readonly #features: Float64Array[];
  readonly #targets: Float64Array;
  /** Epochs from the start to the loss that is compared. */
  readonly epochs: number;
  readonly expectedLoss: number;

  constructor(problem: Problem, epochs: number) {
    this.epochs = epochs;
    this.#features = problem.columns.map((column) => Float64Array.from(column));
    this.#targets = Float64Array.from(problem.targets);
    const parameters = Float64Array.from([...problem.initialWeights, problem.initialBias]);
    for (let epoch = 0; epoch < epochs; epoch++) {
      update(this.#sums(parameters), problem.rows, problem, parameters);
    }
    this.expectedLoss = this.lossOf(parameters);
  }

  /** 1/(2m)·Σ r² */
  lossOf(parameters: Float64Array): number {
    return (this.#sums(parameters).at(-1) as number) / (2 * this.#targets.length);
  }

  isCorrect(loss: number): boolean {
    return Math.abs(loss - this.expectedLoss) <= RELATIVE_TOLERANCE * Math.abs(this.expectedLoss);
  }

  #sums(parameters: Float64Array): Float64Array {
    const residuals = new Float64Array(this.#targets.length);
    const sums = new Float64Array(parameters.length + 1);
    residual(this.#features, this.#targets, parameters, residuals);
    gradient(this.#features, residuals, sums);
    return sums;
  }
}
