import { exampleLoss, type ExampleTerms } from './loss.js';

/**
 * The mean loss of the examples, as they count, at each point of the parameter space. The twin of shaders/many/losses.wgsl and of
 * shaders/many/losses_wide.wgsl, whose partials add up to twice the sum of the losses.
 */
export function losses(
  features: readonly Float64Array[], // d columns of [m]
  targets: Float64Array, //             [m]
  points: readonly Float64Array[], //   each [d + 1] weights, then the bias
  terms: ExampleTerms = {},
): Float64Array {
  const of = exampleLoss(terms);
  return Float64Array.from(points, (point) => {
    let sum = 0;
    let count = 0;
    for (let i = 0; i < targets.length; i++) {
      let prediction = point[features.length] as number;
      for (let j = 0; j < features.length; j++) {
        prediction += (point[j] as number) * ((features[j] as Float64Array)[i] as number);
      }
      const weight = terms.exampleWeights ? (terms.exampleWeights[i] as number) : 1;
      sum += weight * of.loss(prediction, targets[i] as number);
      count += weight;
    }
    return sum / count;
  });
}
