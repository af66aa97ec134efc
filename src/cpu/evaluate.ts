import { Turn } from '../base/turns.js';
import type { EvaluateOptions, Evaluation } from '../descent/evaluation.js';
import type { Loss } from '../options/names.js';
import { hessianLength } from './kernels/shape.js';
import type { Pass } from './rows.js';
import type { StoredExamples } from './store.js';

/** Multiply-adds between two looks at the clock: some milliseconds. */
const WORK_PER_LOOK = 4e6;

/**
 * Evaluates the loss of stored examples at some parameters: predictions and sums in f64, of examples as they are stored.
 * One call at a time.
 */
export class StoredEvaluator {
  readonly featureCount: number;
  readonly #examples: StoredExamples;
  readonly #loss: Loss;
  readonly #passes = new Map<boolean, Promise<Pass>>();

  constructor(examples: StoredExamples, loss: Loss) {
    this.#examples = examples;
    this.#loss = loss;
    this.featureCount = examples.rows.shape.featureCount;
  }

  async evaluate(parameters: Float64Array, { withHessian, huberDelta, signal }: EvaluateOptions): Promise<Evaluation> {
    signal?.throwIfAborted();
    const { standardization, rows, totalWeight } = this.#examples;
    const size = this.featureCount + 1;
    const pass = await this.#passFor(withHessian);
    pass.begin(Float64Array.of(...standardization.toStored(parameters), huberDelta));
    const perRow = withHessian ? hessianLength(this.featureCount) + size : size;
    const stretch = Math.ceil(WORK_PER_LOOK / perRow);
    const turn = new Turn();
    for (let first = 0; first < rows.count; first += stretch) {
      if (turn.isOver) await turn.next(signal);
      pass.add(first, Math.min(first + stretch, rows.count), 0);
    }
    const sums = pass.read();
    // A parameter in training units is `spread` times the stored one, or 0 if it is not learned: so are its derivatives.
    const factors = standardization.toStored(new Float64Array(size).fill(1));
    return {
      loss: (sums[size] as number) / (2 * totalWeight),
      gradient: factors.map((factor, j) => (factor * (sums[j] as number)) / totalWeight),
      hessian: withHessian ? symmetric(sums.subarray(size + 1), factors, totalWeight) : null,
    };
  }

  #passFor(withHessian: boolean): Promise<Pass> {
    const kind = { loss: this.#loss, hasTargets: true, isPrecise: true, withHessian };
    const pass = this.#passes.get(withHessian) ?? this.#examples.rows.pass(kind);
    this.#passes.set(withHessian, pass);
    return pass;
  }
}

/** [n, n] from its upper triangle, row after row, over the count and with a factor for each row and column. */
function symmetric(triangle: Float64Array, factors: Float64Array, count: number): Float64Array {
  const size = factors.length;
  const matrix = new Float64Array(size * size);
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const value = ((triangle[at++] as number) * (factors[i] as number) * (factors[j] as number)) / count;
      matrix[i * size + j] = value;
      matrix[j * size + i] = value;
    }
  }
  return matrix;
}
