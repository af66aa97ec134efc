import type { Moments } from './moments.js';

/** The indices of the features that hold one value; without an intercept, of those that are 0 everywhere. */
export function constantFeaturesOf(
  { featureCount, scatter, means }: Pick<Moments, 'featureCount' | 'scatter' | 'means'>,
  fitIntercept: boolean,
): number[] {
  const isConstant = (j: number) => scatter[j * featureCount + j] === 0 && (fitIntercept || means[j] === 0);
  return Array.from({ length: featureCount }, (_, j) => j).filter(isConstant);
}
