/** h(x) = b + Σ wⱼxⱼ in f64, added up in the order of the features. */
export function hypothesis(weights: Float64Array, bias: number, feature: (j: number) => number): number {
  let prediction = bias;
  for (let j = 0; j < weights.length; j++) prediction += (weights[j] as number) * feature(j);
  return prediction;
}

/** The probability of label 1 at log-odds h. */
export function sigmoid(h: number): number {
  return 1 / (1 + Math.exp(-h));
}
