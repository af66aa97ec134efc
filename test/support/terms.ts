import { LEAST_SQUARES } from '../../src/options/objective.js';
import { LOSSES } from '../../src/options/names.js';
import { areLossesKept, type Terms } from '../../src/gpu/kernels/variants.js';
import type { ExampleTerms } from '../../src/reference/loss.js';
import { numbers } from './data.js';

/** A δ that a good part of the errors of the tests exceed, exact in f32. */
export const HUBER_DELTA = 0.75;

/** Every loss with and without weights of examples, but for the squared loss without, which the other tests are of. */
export const OTHER_TERMS: readonly (Terms & { counted: string })[] = LOSSES.flatMap((loss) => [
  { loss, weighted: false, counted: 'alike' },
  { loss, weighted: true, counted: 'by weight' },
]).filter(areLossesKept);

/** Targets that the loss learns: labels of the logistic one, and else as they are. */
export function targetsFor({ loss }: Terms, targets: Float64Array): Float64Array {
  return loss === 'logistic' ? targets.map((y) => (y > 0.25 ? 1 : 0)) : targets;
}

/** Weights from 0 to 2, some of them 0, as the twins take them. */
export function termsFor({ loss, weighted }: Terms, rows: number): ExampleTerms {
  const exampleWeights = numbers(90, rows, 1.25, 0.75).map((weight) => Math.max(0, weight));
  return { loss, huberDelta: HUBER_DELTA, ...(weighted && { exampleWeights }) };
}

/** Columns of targets, with the weights after them where there are any: what a shard holds. */
export function withWeights(targets: readonly Float64Array[], { exampleWeights }: ExampleTerms): Float64Array[] {
  return exampleWeights ? [...targets, exampleWeights] : [...targets];
}

/** Targets whose errors, with all numbers positive, bound the sizes of the terms of any loss. */
export function sizesOfTargets(targets: Float64Array): Float64Array {
  return targets.map((y) => -Math.abs(y) - 1);
}

/** Sizes are those of squares, counted as the examples are. */
export function sizeTerms({ exampleWeights }: ExampleTerms): ExampleTerms {
  return { loss: LEAST_SQUARES.loss, exampleWeights };
}
