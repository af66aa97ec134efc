import { centersTargets } from '../../descent/loss.js';
import { type ColumnLayout, PLAIN_COLUMN, Standardization } from '../../descent/standardization.js';
import type { SyntheticData } from '../../data/synthetic.js';
import { type Objective } from '../../options/objective.js';
import { type ColumnSurvey, scaleOf } from './column-statistics.js';

/**
 * The standardization by the statistics that the device found of a caller's buffers. The centres are f32, so that the
 * device takes them off exactly; a column that is not centred has its root mean square in place of the deviation.
 */
export function standardizationOfSurveys(
  columns: readonly ColumnSurvey[],
  targetMean: number,
  standardize: boolean,
  objective: Objective,
): Standardization {
  const { fitIntercept } = objective;
  const layout = ({ least, greatest, mean, deviation }: ColumnSurvey): ColumnLayout => {
    const center = fitIntercept ? Math.fround(mean) : 0;
    const size = fitIntercept ? deviation : Math.hypot(mean, deviation);
    const value = fitIntercept ? least : 0;
    // A size of 0 under numbers that differ: they are too small for the adapter.
    if ((least === value && greatest === value) || !(size > 0)) {
      return { center: value, exponent: 0, spread: 1, isConstant: true };
    }
    const scale = scaleOf(Math.round(Math.log2(size)));
    return { center, exponent: -Math.log2(scale), spread: size * scale, isConstant: false };
  };
  return new Standardization(
    columns.map((column) => (standardize ? layout(column) : PLAIN_COLUMN)),
    [centersTargets(objective, standardize) ? Math.fround(targetMean) : 0],
    fitIntercept,
  );
}

/**
 * The standardization by the mean of the distribution, which is 0, and its spread, both known before an example is made;
 * the device holds x itself.
 */
export function standardizationOfSynthetic(
  { spec }: SyntheticData,
  standardize: boolean,
  { fitIntercept }: Objective,
): Standardization {
  const spread = spec.distribution === 'uniform' ? Math.sqrt(1 / 3) : 1;
  const column = standardize ? { ...PLAIN_COLUMN, spread } : PLAIN_COLUMN;
  return new Standardization(new Array<ColumnLayout>(spec.featureCount).fill(column), [0], fitIntercept);
}
