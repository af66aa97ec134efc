import { DescentError } from '../base/errors.js';
import type { Parameters } from '../descent/backend.js';

/** Returns the parameters of a model. Throws `NON_FINITE_VALUE` where f64 does not hold them. */
export function requireFinite<Found extends Parameters>(parameters: Found, featureNames: readonly string[]): Found {
  const { weights, bias } = parameters;
  if (Number.isFinite(bias) && weights.every(Number.isFinite)) return parameters;
  const sizes = Array.from(weights, (weight) => (Number.isNaN(weight) ? Infinity : Math.abs(weight)));
  const name = featureNames[sizes.indexOf(Math.max(...sizes))] ?? '';
  throw new DescentError('NON_FINITE_VALUE', {
    got: `a model that f64 does not hold: the bias is ${bias}, and the weight of '${name}' ${weights[featureNames.indexOf(name)]}`,
    expected: 'features and targets of sizes whose quotients are under 1e308',
    fix: `Scale '${name}': multiply it by a power of ten that brings it near 1.`,
    where: { column: name },
  });
}
