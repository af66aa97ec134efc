/** A model, and the column of targets that it learns. */
export interface ReferenceModel {
  /** [d + 1] weights, then the bias. */
  parameters: Float64Array;
  target: number;
}

/** r = X·w + b − y for each model: [models] of [m]. The twin of shaders/many_residual.wgsl. */
export function manyResidual(
  features: readonly Float64Array[], //  d columns of [m]
  targets: readonly Float64Array[], //   t columns of [m]
  models: readonly ReferenceModel[],
): Float64Array[] {
  return models.map(({ parameters, target }) =>
    (targets[target] as Float64Array).map((y, i) => {
      let residual = (parameters[features.length] as number) - y;
      features.forEach((column, j) => (residual += (parameters[j] as number) * (column[i] as number)));
      return residual;
    }),
  );
}

/**
 * Σ r·xⱼ for each weight, Σ r for the bias, and Σ r², for each model: [models] of [d + 2]. The twin of
 * shaders/many_gradient.wgsl, whose partials add up to these.
 */
export function manyGradient(
  features: readonly Float64Array[], //  d columns of [m]
  residuals: readonly Float64Array[], // [models] of [m]
): Float64Array[] {
  return residuals.map((r) => {
    const products = features.map((column) => r.reduce((sum, value, i) => sum + value * (column[i] as number), 0));
    const sum = r.reduce((total, value) => total + value, 0);
    const squares = r.reduce((total, value) => total + value * value, 0);
    return Float64Array.from([...products, sum, squares]);
  });
}

/** Both in one. The twin of shaders/many_narrow.wgsl, whose partials add up to these sums. */
export function manyNarrow(
  features: readonly Float64Array[],
  targets: readonly Float64Array[],
  models: readonly ReferenceModel[],
): Float64Array[] {
  return manyGradient(features, manyResidual(features, targets, models));
}
