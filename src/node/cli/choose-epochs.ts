import type { Dataset } from '../../data/dataset.js';
import type { LeastSquares } from '../../reference/qr.js';
import { spread } from './check.js';

/** Fewer would save less than the start of the browser takes. */
const FEWEST = 100;

/** Some seconds on a software adapter; where this is too little, the comparison with the optimum says so. */
const MOST = 20_000;

/** Values read over all epochs: what a software adapter reads in a minute or so. */
const MOST_VALUES = 3e9;

/** A hundredth of the largest weight still comes out to three digits. */
export const PRECISION = 1e-5;

/**
 * The epochs in which descent on standardised features at λ = 1/h, h the largest eigenvalue of the curvature, comes near its optimum; null where nobody knows,
 * because some features depend on others.
 *
 * The slowest direction shrinks by 1 − 1/κ² an epoch, κ being the condition number. It starts from the drawn
 * parameters, of size 1, or from the distance of the weights, whichever is more.
 */
export function epochsFor(dataset: Dataset, { weights, conditionNumber }: LeastSquares): number | null {
  if (!Number.isFinite(conditionNumber)) return null;
  const effects = dataset.columns.map((column, j) => Math.abs(weights[j] as number) * spread(column));
  const largest = effects.reduce((most, effect) => Math.max(most, effect), 0) || 1;
  const needed = Math.ceil(conditionNumber ** 2 * Math.log(Math.max(1, 1 / largest) / PRECISION));
  const affordable = Math.floor(MOST_VALUES / (dataset.exampleCount * (dataset.featureCount + 1)));
  return Math.max(FEWEST, Math.min(needed, affordable, MOST));
}

/** The largest number of epochs that any target needs; null if it is unknown for one of them. */
export function epochsForAll(datasets: readonly Dataset[], optima: readonly (LeastSquares | null)[]): number | null {
  let most = 0;
  for (const [k, dataset] of datasets.entries()) {
    const exact = optima[k];
    const epochs = exact ? epochsFor(dataset, exact) : null;
    if (epochs === null) return null;
    most = Math.max(most, epochs);
  }
  return most;
}
