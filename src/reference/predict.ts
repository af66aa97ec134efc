/** X·w + b, and with targets X·w + b − y. The twin of shaders/examples/predict.wgsl. */
export function predict(
  features: Float64Array, //   [m, d] row-major
  parameters: Float64Array, // [d + 1] weights, then the bias
  targets?: Float64Array, //   [m]
): Float64Array {
  const featureCount = parameters.length - 1;
  const outputs = new Float64Array(features.length / featureCount);
  for (let i = 0; i < outputs.length; i++) {
    let prediction = parameters[featureCount] as number;
    for (let j = 0; j < featureCount; j++) {
      prediction += (parameters[j] as number) * (features[i * featureCount + j] as number);
    }
    outputs[i] = targets ? prediction - (targets[i] as number) : prediction;
  }
  return outputs;
}

/** 1 where the more probable label is the target, and else 0. The twin of shaders/variants/predict_output/correct.wgsl. */
export function hits(logOdds: Float64Array, targets: Float64Array): Float64Array {
  return logOdds.map((h, i) => ((h > 0 ? 1 : 0) === targets[i] ? 1 : 0));
}
