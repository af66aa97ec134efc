import { DescentError } from '../base/errors.js';
import type { FloatArray } from '../data/numbers.js';
import type { FeatureValues } from './predict-input.js';

/** The error for predictions that are no finite numbers: with the place of a feature that is none, or the row of a sum that overflows. */
export function noPrediction(
  predictions: FloatArray,
  featureNames: readonly string[],
  { at, isF32 }: Pick<FeatureValues, 'at' | 'isF32'>,
): DescentError {
  const row = predictions.findIndex((value) => !Number.isFinite(value));
  const j = featureNames.findIndex((_, feature) => !Number.isFinite(at(row, feature)));
  if (j >= 0) {
    return new DescentError('NON_FINITE_VALUE', {
      got: `${at(row, j)} in row ${row} of '${featureNames[j]}'`,
      expected: 'finite numbers',
      fix: 'Drop or fill that row before predicting.',
      where: { row, column: featureNames[j] as string },
    });
  }
  return new DescentError('NON_FINITE_VALUE', {
    got: `a prediction for row ${row} that ${isF32 ? 'f32' : 'f64'} cannot hold`,
    expected: `magnitudes under ${isF32 ? '3.4e38' : '1.8e308'}`,
    fix: isF32 ? 'Pass the features as Float64Array or plain arrays.' : 'Check the sizes of the features.',
    where: { row },
  });
}

/** Returns a score. Throws `NON_FINITE_VALUE` where the squares of the errors overflow. */
export function finiteScore(score: number): number {
  if (Number.isFinite(score)) return score;
  throw new DescentError('NON_FINITE_VALUE', {
    got: `a score that f64 cannot hold, ${score}`,
    expected: 'errors whose squares stay under 1.8e308',
    fix: 'Divide the targets and the features by a power of ten before training.',
  });
}
