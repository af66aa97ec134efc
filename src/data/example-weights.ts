import type { FloatArray } from './numbers.js';
import { DescentError } from '../base/errors.js';

/**
 * Throws unless there is one weight for each example, none under 0, not all 0, and their sum finite: `SHAPE_MISMATCH`,
 * `INVALID_OPTION` with the row, counted from `firstRow`, or `EMPTY_DATA`.
 */
export function checkExampleWeights(weights: ArrayLike<number>, exampleCount: number, firstRow = 0): void {
  if (weights.length !== exampleCount) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${weights.length} example weights for ${exampleCount} examples`,
      expected: 'one for each',
      fix: 'Leave exampleWeights out if all examples count the same.',
    });
  }
  let sum = 0;
  for (let i = 0; i < exampleCount; i++) {
    const weight = weights[i] as number;
    sum += weight;
    if (!(weight >= 0 && weight < Infinity)) throw noWeight(weight, firstRow + i);
  }
  if (sum === Infinity) {
    throw new DescentError('INVALID_OPTION', {
      got: 'example weights whose sum overflows f64',
      expected: 'a sum under 1.8e308',
      fix: 'Divide all of them by the largest.',
    });
  }
  if (!(sum > 0)) throw noneCounts(exampleCount);
}

export function noWeight(value: number, row: number): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${value} as the weight of example ${row}`,
    expected: 'a finite number from 0 up',
    fix: 'Give weight 0 to an example that should be ignored.',
    where: { row },
  });
}

export function noneCounts(exampleCount: number): DescentError {
  return new DescentError('EMPTY_DATA', {
    got: `weight 0 for all of ${exampleCount} examples`,
    expected: 'at least one weight above 0',
    fix: 'Check where the weights come from.',
  });
}

/** m, or the sum of the weights. */
export function totalWeight(exampleCount: number, weights: FloatArray | undefined): number {
  if (!weights) return exampleCount;
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
}

/** Number of examples with a weight above 0: an example of weight 0 is as good as absent. */
export function countedExamples({ exampleCount, exampleWeights }: CountedData): number {
  if (!exampleWeights) return exampleCount;
  let count = 0;
  for (const weight of exampleWeights) if (weight > 0) count++;
  return count;
}

/** The part of a dataset that says how many examples there are. */
interface CountedData {
  exampleCount: number;
  exampleWeights?: FloatArray | undefined;
}
