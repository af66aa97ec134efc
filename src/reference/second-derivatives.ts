import { exampleLoss, type ExampleTerms } from './loss.js';

/**
 * The second derivative of each example's loss by its prediction, times the example's weight. The twin of
 * shaders/moments/second_derivatives.wgsl.
 */
export function secondDerivatives(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  parameters: Float64Array, //          [d + 1] weights, then the bias
  curvatures: Float64Array, //          [m] written
  terms: ExampleTerms = {},
): void {
  const of = exampleLoss(terms);
  for (let i = 0; i < targets.length; i++) {
    let prediction = parameters[features.length] as number;
    for (let j = 0; j < features.length; j++) {
      prediction += (parameters[j] as number) * ((features[j] as Float64Array)[i] as number);
    }
    const weight = terms.exampleWeights ? (terms.exampleWeights[i] as number) : 1;
    curvatures[i] = weight * of.curvature(prediction, targets[i] as number);
  }
}
