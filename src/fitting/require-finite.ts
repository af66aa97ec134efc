import { DescentError } from '../base/errors.js';
import type { Parameters } from '../descent/backend.js';
import type { FitSettings } from '../options/specs.js';

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

/** The error of a fit whose loss is not finite before its first step: no learning rate would mend that. */
export function noFirstLoss({
  backend,
  settings: { l1, l2 },
}: {
  backend: string;
  settings: Pick<FitSettings, 'l1' | 'l2'>;
}): DescentError {
  const [format, most] =
    backend === 'webgpu' ? ['f32', '1e18'] : ['the numbers of the engine', '1e150, or 1e18 in f32'];
  return new DescentError('NON_FINITE_VALUE', {
    got: `a loss that ${format} cannot hold before the first step${l1 + l2 > 0 ? `, with l1 ${l1} and l2 ${l2}` : ''}`,
    expected: `errors under ${most} at the first parameters, and penalties of moderate size`,
    fix: 'Divide the targets by a power of ten, or begin with smaller parameters and penalties.',
  });
}

/** Throws `NON_FINITE_VALUE` for a loss that f64 does not hold. */
export function requireFiniteLosses(losses: readonly number[]): void {
  const epoch = losses.findIndex((loss) => !Number.isFinite(loss));
  if (epoch < 0) return;
  throw new DescentError('NON_FINITE_VALUE', {
    got: `a loss of ${losses[epoch]} in epoch ${epoch + 1}`,
    expected: 'errors whose squares are numbers',
    fix: 'Divide the targets and the features by a power of ten.',
  });
}
