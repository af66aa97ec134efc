import type { Dataset } from '../../data/dataset.js';
import type { FitReport } from '../../descent/report.js';
import { type LeastSquares, leastSquares } from '../../reference/qr.js';
import { stepToOptimum } from '../../reference/optimum.js';
import { type CheckedParameters, sizeOfTargets, spread } from './check.js';

/** The distance of the trained parameters from the optimum. */
export interface OptimumCheck {
  /** The method that found the optimum: QR of the examples, or a step of Newton's method from the parameters; both in f64. */
  solver: 'qr-f64' | 'newton-f64';
  weights: number[];
  bias: number;
  /** Condition number of the standardized features; null if some are linearly dependent, or if it was not computed. */
  conditionNumber: number | null;
  /** True if some features are linearly dependent, so that no single optimum exists. */
  isDeficient: boolean;
  /**
   * The largest difference of an effect: of a weight times the standard deviation of its feature, or of the prediction at the
   * means, as a share of the size of the targets: their standard deviation, mostly; for labels, of log-odds.
   */
  maxDifference: number;
  tolerance: number;
  reached: boolean;
}

/** Three digits of an effect that explains the whole of the targets: what gradient descent in f32 reaches. */
const OPTIMUM_TOLERANCE = 1e-3;

/** QR and a Hessian take about m·d² multiplications; more than this many would keep the reader waiting. */
const MOST_WORK = 1e9;

/** Compares the trained parameters with the optimum of their objective; null where that would take long. */
export async function checkOptimum(
  dataset: Dataset,
  trained: CheckedParameters,
  { settings, stopReason }: Pick<FitReport, 'settings' | 'stopReason'>,
  problems = 1,
): Promise<OptimumCheck | null> {
  const { exampleCount, featureCount } = dataset;
  const isFinite = Array.from(trained.weights).every(Number.isFinite) && Number.isFinite(trained.bias);
  if (stopReason === 'separable' || !isFinite || problems * exampleCount * featureCount ** 2 > MOST_WORK) return null;
  const { loss, l1, l2, fitIntercept } = settings;
  const isPlain = loss === 'squared' && l1 === 0 && l2 === 0 && fitIntercept && !dataset.exampleWeights;
  const exact = isPlain ? leastSquares(dataset) : null;
  const huberDelta = settings.huberDelta === 'auto' ? 1 : settings.huberDelta;
  const step = await stepToOptimum(dataset, trained, { ...settings, huberDelta });
  // Of linearly dependent features there are many optima: the step leads to the nearest of them.
  const isExact = exact !== null && Number.isFinite(exact.conditionNumber);
  const optimum = isExact ? exact : step.optimum;
  const changes = isExact ? effectsOf(dataset, trained, exact) : step.changes;
  const largest = changes.reduce((most, change) => Math.max(most, Math.abs(change)), 0);
  const maxDifference = largest / (sizeOfTargets(dataset, settings) || 1);
  return {
    solver: isExact ? 'qr-f64' : 'newton-f64',
    weights: [...optimum.weights],
    bias: optimum.bias,
    conditionNumber: isExact ? exact.conditionNumber : null,
    isDeficient: exact ? !isExact : step.isDeficient,
    maxDifference,
    tolerance: OPTIMUM_TOLERANCE,
    reached: maxDifference <= OPTIMUM_TOLERANCE,
  };
}

/** [d + 1] The differences of weights times the spreads of their features, and of the predictions at the means. */
function effectsOf({ columns }: Dataset, trained: CheckedParameters, optimum: LeastSquares): Float64Array {
  const differences = Array.from(optimum.weights, (weight, j) => (trained.weights[j] as number) - weight);
  const atMeans = columns.reduce((sum, column, j) => sum + (differences[j] as number) * mean(column), trained.bias - optimum.bias); // prettier-ignore
  return Float64Array.from([...columns.map((column, j) => (differences[j] as number) * spread(column)), atMeans]);
}

function mean(column: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i] as number;
  return sum / column.length;
}
