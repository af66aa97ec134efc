import type { ColumnSpread } from '../data/column-layout.js';
import { DescentError } from '../base/errors.js';
import type { Loss, OptimizerChoice } from '../options/names.js';

/** The smallest number whose square f32 holds with all its digits, about 1.1e-19: the root of its least normal number. */
const LEAST_ROOT = 2 ** -63;

/**
 * The smallest deviation of targets for optimizers that multiply slopes, which shrink on the way by some thousands, with one
 * another: at 1e-18 Adam's weights are off by 5e5 of their size, at 1e-16 by 4e-3, at 1e-15 by 4e-4, and the report says so.
 */
const LEAST_OF_SLOPES = 2 ** -50;

/** The same for Newton's steps, which multiply no slopes by one another: their sums keep 24 bits. */
const LEAST_OF_NEWTON = 2 ** -102;

/** The deviation of targets under which training in f32 leaves the numbers. */
function leastDeviation(optimizer: OptimizerChoice, loss: Loss, l1: number): number {
  if (optimizer === 'gradientDescent' || optimizer === 'lbfgs') return LEAST_ROOT;
  if (optimizer === 'newton' || optimizer === 'auto')
    return loss === 'squared' && l1 === 0 ? LEAST_OF_NEWTON : LEAST_ROOT;
  return LEAST_OF_SLOPES;
}

/** Throws `NON_FINITE_VALUE` for targets so near one another that the squares of errors vanish in f32. */
export function requireSquares(
  { deviation, isConstant }: Pick<ColumnSpread, 'deviation' | 'isConstant'>,
  targetName: string,
  { loss, optimizer, l1 }: { loss: Loss; optimizer: OptimizerChoice; l1: number },
): void {
  const least = leastDeviation(optimizer, loss, l1);
  if (loss === 'logistic' || isConstant || deviation >= least) return;
  throw new DescentError('NON_FINITE_VALUE', {
    got: `targets '${targetName}' that differ by about ${deviation.toPrecision(2)}, whose squares f32 cannot hold`,
    expected: `differences of ${least.toPrecision(2)} or more for optimizer '${optimizer}' on WebGPU`,
    fix: "Multiply the targets by a constant, or use optimizer: 'auto', strategy: 'moments' or backend: 'cpu'.",
    where: { column: targetName },
  });
}
