import { exampleLoss, type ExampleTerms } from './loss.js';

/**
 * Residual and gradient in one pass: the sums of src/reference/gradient.ts without residuals in between. The twin of
 * shaders/epoch/fused_narrow.wgsl, whose partials add up to these.
 */
export function fusedNarrow(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  parameters: Float64Array, //          [d + 1] weights, then the bias
  sums: Float64Array, //                [d + 2] written
  terms: ExampleTerms = {},
): void {
  const featureCount = features.length;
  const of = exampleLoss(terms);
  sums.fill(0);
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i] as number;
    const weight = terms.exampleWeights ? (terms.exampleWeights[i] as number) : 1;
    let prediction = parameters[featureCount] as number;
    for (let j = 0; j < featureCount; j++) {
      prediction += (parameters[j] as number) * ((features[j] as Float64Array)[i] as number);
    }
    const residual = weight * of.slope(prediction, target);
    for (let j = 0; j < featureCount; j++) {
      sums[j] = (sums[j] as number) + residual * ((features[j] as Float64Array)[i] as number);
    }
    sums[featureCount] = (sums[featureCount] as number) + residual;
    sums[featureCount + 1] = (sums[featureCount + 1] as number) + weight * 2 * of.loss(prediction, target);
  }
}
