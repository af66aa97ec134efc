import { giveWay } from '../base/turns.js';
import type { EvaluateOptions, Evaluation, Evaluator } from '../descent/evaluation.js';
import type { Standardization } from '../descent/standardization.js';
import type { Loss } from '../options/names.js';
import type { StoredExamples } from './store.js';
import { addTo, type RowRange, rowsPerLook, type Sums } from './threads/threads.js';

/**
 * Evaluates the loss of stored examples at some parameters: predictions and sums in f64, of examples as they are stored.
 * One call at a time.
 */
export class StoredEvaluator implements Evaluator {
  readonly featureCount: number;
  readonly #examples: StoredExamples;
  readonly #loss: Loss;
  readonly #sums = new Map<boolean, Promise<Sums>>();

  constructor(examples: StoredExamples, loss: Loss) {
    this.#examples = examples;
    this.#loss = loss;
    this.featureCount = examples.threads.shape.featureCount;
  }

  async evaluate(parameters: Float64Array, { withHessian, huberDelta, signal }: EvaluateOptions): Promise<Evaluation> {
    const { standardization, totalWeight } = this.#examples;
    const model = Float64Array.of(...standardization.toStored(parameters), huberDelta);
    const sums = await this.#addUp(model, withHessian, signal);
    return evaluationOf(sums, standardization, totalWeight, withHessian);
  }

  /** The sums over all examples, with a look at the signal every few milliseconds. */
  async #addUp(model: Float64Array, withHessian: boolean, signal: AbortSignal | undefined): Promise<Float64Array> {
    const { parts, shape } = this.#examples.threads;
    const kind = { loss: this.#loss, hasTargets: true, isPrecise: true, withHessian };
    const sumsOf = this.#sums.get(withHessian) ?? this.#examples.threads.sums(kind);
    this.#sums.set(withHessian, sumsOf);
    const addSome = await sumsOf;
    const longest = Math.max(...parts.map(({ first, end }) => end - first));
    const stretches = Math.ceil(longest / rowsPerLook(shape, kind));
    let all: Float64Array | undefined;
    for (let k = 0; k < stretches; k++) {
      await giveWay(signal);
      signal?.throwIfAborted();
      const some = await addSome(
        model,
        parts.map((part) => stretchOf(part, k, stretches)),
        0,
      );
      if (all) addTo(all, some);
      else all = some.slice();
    }
    return all as Float64Array;
  }
}

/** The evaluation in training units that the sums of a kernel over all examples stand for. */
export function evaluationOf(
  sums: Float64Array,
  standardization: Standardization,
  totalWeight: number,
  withHessian: boolean,
): Evaluation {
  const size = standardization.columns.length + 1;
  // A parameter in training units is `spread` times the stored one, or 0 if it is not learned: so are its derivatives.
  const factors = standardization.toStored(new Float64Array(size).fill(1));
  return {
    loss: (sums[size] as number) / (2 * totalWeight),
    gradient: factors.map((factor, j) => (factor * (sums[j] as number)) / totalWeight),
    hessian: withHessian ? symmetric(sums.subarray(size + 1), factors, totalWeight) : null,
  };
}

/** One of as many stretches of a range. */
function stretchOf({ first, end }: RowRange, k: number, count: number): RowRange {
  const at = (place: number) => first + Math.round(((end - first) * place) / count);
  return { first: at(k), end: at(k + 1) };
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
