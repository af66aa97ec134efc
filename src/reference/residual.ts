import { exampleLoss, type ExampleTerms } from './loss.js';

/**
 * The slope of each example's loss by its prediction, times the example's weight: X·w + b − y for the squared loss. Beside it
 * twice the loss itself, where it is asked for. The twin of shaders/epoch/residual.wgsl.
 */
export function residual(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  parameters: Float64Array, //          [d + 1] weights, then the bias
  residuals: Float64Array, //           [m] written
  terms: ExampleTerms = {},
  twiceLosses?: Float64Array, //        [m] written
): void {
  const featureCount = features.length;
  const of = exampleLoss(terms);
  for (let i = 0; i < targets.length; i++) {
    let prediction = parameters[featureCount] as number;
    for (let j = 0; j < featureCount; j++) {
      prediction += (parameters[j] as number) * ((features[j] as Float64Array)[i] as number);
    }
    const target = targets[i] as number;
    const weight = terms.exampleWeights ? (terms.exampleWeights[i] as number) : 1;
    residuals[i] = weight * of.slope(prediction, target);
    if (twiceLosses) twiceLosses[i] = weight * 2 * of.loss(prediction, target);
  }
}
