import { fusedNarrow } from './fused-narrow.js';
import { gradient } from './gradient.js';
import type { ExampleTerms } from './loss.js';
import { residual } from './residual.js';

/** A model, and the column of targets that it learns. */
export interface ReferenceModel {
  /** [d + 1] weights, then the bias. */
  parameters: Float64Array;
  target: number;
}

/** The residuals of each model, and twice its losses: [models] of [m]. The twin of shaders/many/many_residual.wgsl. */
export function manyResidual(
  features: readonly Float64Array[], //  d columns of [m]
  targets: readonly Float64Array[], //   t columns of [m]
  models: readonly ReferenceModel[],
  terms: ExampleTerms = {},
): { residuals: Float64Array; twiceLosses: Float64Array }[] {
  return models.map(({ parameters, target }) => {
    const y = targets[target] as Float64Array;
    const [residuals, twiceLosses] = [new Float64Array(y.length), new Float64Array(y.length)];
    residual(features, y, parameters, residuals, terms, twiceLosses);
    return { residuals, twiceLosses };
  });
}

/**
 * Σ r·xⱼ for each weight, Σ r for the bias, and twice the losses, Σ r² unless they are given, for each model: [models] of
 * [d + 2]. The twin of shaders/many/many_gradient.wgsl, whose partials add up to these.
 */
export function manyGradient(
  features: readonly Float64Array[], //  d columns of [m]
  models: readonly { residuals: Float64Array; twiceLosses?: Float64Array }[],
): Float64Array[] {
  return models.map(({ residuals, twiceLosses }) => {
    const sums = new Float64Array(features.length + 2);
    gradient(features, residuals, sums, twiceLosses);
    return sums;
  });
}

/** Both in one. The twin of shaders/many/many_narrow.wgsl, whose partials add up to these sums. */
export function manyNarrow(
  features: readonly Float64Array[],
  targets: readonly Float64Array[],
  models: readonly ReferenceModel[],
  terms: ExampleTerms = {},
): Float64Array[] {
  return models.map(({ parameters, target }) => {
    const sums = new Float64Array(features.length + 2);
    fusedNarrow(features, targets[target] as Float64Array, parameters, sums, terms);
    return sums;
  });
}
