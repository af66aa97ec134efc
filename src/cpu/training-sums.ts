import { goOn, type Soon } from '../base/soon.js';
import { totalWeight } from '../data/example-weights.js';
import type { Quadratic } from '../descent/conjugate.js';
import type { KernelKind } from './kernels/module.js';
import type { StoredExamples } from './store.js';
import type { RowRange, Sums } from './threads/threads.js';

/** Some of the stored examples, and one of their columns of targets. */
export interface ExamplePart {
  ranges: readonly RowRange[];
  target: number;
  /** The number of these examples, or the sum of their weights. */
  count: number;
}

/** The part of all examples in these ranges. */
export function partOf({ weights }: StoredExamples, ranges: readonly RowRange[], target: number): ExamplePart {
  const count = ranges.reduce(
    (sum, { first, end }) => sum + totalWeight(end - first, weights?.subarray(first, end)),
    0,
  );
  return { ranges, target, count };
}

/** Loss and gradient of stored examples in training units. */
export class TrainingSums {
  readonly featureCount: number;
  readonly #sums: Sums;
  /** [d + 1] A parameter in training units times its factor is the stored one; 0 if it is not learned. */
  readonly #factors: Float64Array;
  readonly #model: Float64Array; // [d + 2]

  private constructor(sums: Sums, factors: Float64Array, huberDelta: number) {
    this.featureCount = factors.length - 1;
    this.#sums = sums;
    this.#factors = factors;
    this.#model = Float64Array.of(...factors, huberDelta);
  }

  static async of(
    { threads, standardization }: StoredExamples,
    kind: KernelKind,
    huberDelta: number,
  ): Promise<TrainingSums> {
    const ones = new Float64Array(standardization.columns.length + 1).fill(1);
    return new TrainingSums(await threads.sums(kind), standardization.toStored(ones), huberDelta);
  }

  /** Writes the gradient of the mean loss of a part, [d + 1], and returns the loss. */
  gradient(parameters: Float64Array, gradient: Float64Array, part: ExamplePart): Soon<number> {
    const [model, factors] = [this.#model, this.#factors];
    for (let j = 0; j < factors.length; j++) model[j] = (factors[j] as number) * (parameters[j] as number);
    const sums = this.#sums(model, part.ranges, part.target);
    return goOn(sums, (known) => this.#take(known, gradient, part.count));
  }

  #take(sums: Float64Array, gradient: Float64Array, count: number): number {
    const factors = this.#factors;
    for (let j = 0; j < factors.length; j++) {
      const factor = factors[j] as number;
      gradient[j] = factor === 0 ? 0 : (factor * (sums[j] as number)) / count; // a sum may be infinite
    }
    return (sums[factors.length] as number) / (2 * count);
  }
}

/** The squared loss of a part for conjugate gradient. */
export function quadraticOf(loss: TrainingSums, curvature: TrainingSums, part: ExamplePart): Quadratic {
  return {
    featureCount: loss.featureCount,
    gradient: (parameters, gradient) => loss.gradient(parameters, gradient, part),
    curvature: (direction) => curvatureOf(curvature, direction, part),
  };
}

/** H·v, the gradient of the squared loss at v where all targets are 0. */
export async function curvatureOf(
  curvature: TrainingSums,
  direction: Float64Array,
  part: ExamplePart,
): Promise<Float64Array> {
  const product = new Float64Array(direction.length);
  await curvature.gradient(direction, product, part);
  return product;
}
