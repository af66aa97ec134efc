import { beginningOf, scaledState } from '../../descent/start.js';
import { scaleOfDataset } from '../../fitting/target-scale.js';
import { spreadOf } from '../../data/column-layout.js';
import type { Dataset, FloatArray } from '../../data/dataset.js';
import type { LinearModel } from '../../model/linear-model.js';
import { isDescent } from '../../options/choose-optimizer.js';
import { resultOf, ruleOf } from '../../descent/optimizers.js';
import { openReferenceBackend } from '../../reference/backend.js';
import type { FitReport } from '../../descent/report.js';
import { ratesOf } from '../../descent/schedules.js';

export interface CheckedParameters {
  weights: ArrayLike<number>;
  bias: number;
}

/** The trained parameters held against descent in f64 on the CPU, epoch for epoch. */
export interface ReferenceCheck {
  reference: 'cpu-f64';
  /**
   * Parameters one by one; predictions where features depend on one another, since roundings stay along what no prediction
   * shows, and for conjugate gradient: from some tens of steps on, its roundings along features that nearly depend on one
   * another are of the size of their weights, while predictions keep their digits.
   */
  compared: 'parameters' | 'predictions';
  maxRelativeDifference: number;
  tolerance: number;
  passed: boolean;
}

/** One rounding in f32, relative. */
export const F32_ROUNDING = 2 ** -24;

/**
 * Sums in f32 are right to a few roundings of their largest terms, 1e-6 or so; a weight with a hundredth of the
 * largest effect shows a hundred times that. A lost row in ten thousand or a wrong sign shows more.
 */
const LEAST_TOLERANCE = 1e-4;

/** Each epoch rounds residual, gradient, step and parameter. */
const ROUNDINGS_PER_EPOCH = 4;

/** One rounding of a feature to a half, relative. */
const HALF_ROUNDING = 2 ** -11;

/** More would pass what is wrong; a fit in f32 that is farther off has lost what it should have learned. */
const MOST_TOLERANCE = 1e-2;

/**
 * The roundings of an epoch stay in a direction for as many epochs as descent needs to forget them: κ² for the slowest, κ
 * the condition number of the features, and never more than have run. That holds for batches, too, which round more often
 * and forget as much faster. Conjugate gradient comes as far in k epochs as descent in k², with the roundings of as many;
 * and the mean over all updates keeps those of each.
 */
function toleranceFor({ settings, epochsRun, exampleCount }: FitReport, conditionNumber: number | null): number {
  const { standardize, optimizer, average, batchSize, storage } = settings;
  const slowest = standardize && conditionNumber ? conditionNumber ** 2 : Infinity;
  const run = optimizer === 'conjugateGradient' ? epochsRun ** 2 : epochsRun;
  const updates = epochsRun * (batchSize === 'full' ? 1 : Math.ceil(exampleCount / batchSize));
  const remembered = average ? updates : Math.min(run, slowest);
  const halves = storage === 'f16' ? halvesTolerance(exampleCount, conditionNumber) : 0;
  const expected = Math.max(ROUNDINGS_PER_EPOCH * F32_ROUNDING * remembered, halves);
  return Math.min(MOST_TOLERANCE, Math.max(LEAST_TOLERANCE, expected));
}

/**
 * The reference has the features as they are. Halves round each by chance, so that the error of the largest effect falls with
 * √m, and a weight with a hundredth of it shows a hundred times that; of features that nearly depend on one another κ times.
 */
function halvesTolerance(exampleCount: number, conditionNumber: number | null): number {
  return HALF_ROUNDING * (1 + 1 / NEGLIGIBLE / Math.sqrt(exampleCount)) * (conditionNumber ?? 1);
}

/** Trains the reference for as many updates as the fit made, and compares. */
export async function checkAgainstReference(
  dataset: Dataset,
  trained: CheckedParameters,
  report: FitReport,
  conditionNumber: number | null,
  {
    warmStart,
    isDeficient = false,
    onProgress,
  }: {
    warmStart?: LinearModel;
    /** True if some features are linearly dependent. */
    isDeficient?: boolean;
    onProgress?: (epoch: number, epochs: number) => void;
  } = {},
): Promise<{ check: ReferenceCheck; reference: { weights: Float64Array; bias: number } }> {
  const { huberDelta } = report.settings;
  const settings = { ...report.settings, huberDelta: huberDelta === 'auto' ? 1 : huberDelta };
  if (!isDescent(settings)) throw new TypeError('only gradient descent can be repeated step by step');
  const trainer = await openReferenceBackend().upload(dataset, settings);
  const beginning = beginningOf(dataset.featureNames, settings, { warmStart });
  const targetScale = scaleOfDataset(dataset, settings);
  const first = beginning((parameters) => trainer.toTrainingUnits(parameters));
  const initial = (warmStart ? first : scaledState(first, targetScale)).parameters;
  const updates = updatesOf(report);
  const rule = ruleOf(settings, ratesOf(settings), targetScale);
  const run = await trainer.run(initial, {
    ...settings,
    rule,
    epochs: updates,
    tolerance: 0, // every epoch
    patience: 1,
    signal: undefined,
    onProgress: (epoch) => onProgress?.(epoch, updates),
  });
  const reference = trainer.toCallerUnits(resultOf(run, rule));
  const compared = settings.optimizer === 'conjugateGradient' || isDeficient ? 'predictions' : 'parameters';
  const compare = compared === 'predictions' ? relativePredictionDifference : largestRelativeDifference;
  const maxRelativeDifference = compare(dataset, trained, reference, settings);
  const tolerance = toleranceFor(report, conditionNumber);
  const passed = maxRelativeDifference <= tolerance;
  return { check: { reference: 'cpu-f64', compared, maxRelativeDifference, tolerance, passed }, reference };
}

/** The epochs that led to the model. */
function updatesOf({ settings, stopReason, epochsRun, bestEpoch }: FitReport): number {
  if (settings.restoreBest && bestEpoch !== null) return bestEpoch;
  // After a divergence the fit kept the parameters before its last update.
  return stopReason === 'diverged' ? Math.max(epochsRun - 1, 0) : epochsRun;
}

/** Under this share of the largest effect on predictions, a parameter is practically zero. */
const NEGLIGIBLE = 0.01;

/** The objective, as far as the size of effects depends on it. */
type Explained = Pick<FitReport['settings'], 'loss' | 'fitIntercept'>;

const PLAIN: Explained = { loss: 'squared', fitIntercept: true };

/**
 * The size of what a model explains, 0 for targets of 0: the spread of the targets, or their size where they are constant but
 * for rounding and where without an intercept the model explains all of it; 1 for log-odds.
 */
export function sizeOfTargets({ targets }: Pick<Dataset, 'targets'>, { loss, fitIntercept }: Explained): number {
  if (loss === 'logistic') return 1;
  return (fitIntercept && spread(targets)) || rootMeanSquare(targets);
}

/**
 * The largest relative difference of any weight or of the bias. A weight whose effect (weight times the spread of its
 * feature) is under a hundredth of the largest weight's or of the size of the targets, or a bias that is, is compared on
 * that hundredth: what is practically zero has no digits to lose. NaN in, infinity out.
 */
export function largestRelativeDifference(
  dataset: Dataset,
  trained: CheckedParameters,
  expected: CheckedParameters,
  explained = PLAIN,
): number {
  const spreads = [...dataset.columns.map(spread), 1]; // the bias moves predictions by itself
  const expectedList = [...Array.from(expected.weights), expected.bias];
  const trainedList = [...Array.from(trained.weights), trained.bias];
  const effects = Array.from(expected.weights, (weight, j) => Math.abs(weight) * (spreads[j] as number));
  const negligible = NEGLIGIBLE * Math.max(...effects, sizeOfTargets(dataset, explained));
  const differences = expectedList.map((value, j) => {
    const difference = Math.abs((trainedList[j] as number) - value);
    const spreadOfFeature = spreads[j] as number;
    const size = Math.max(Math.abs(value), spreadOfFeature > 0 ? negligible / spreadOfFeature : 0);
    if (difference === 0) return 0;
    return difference / size;
  });
  return differences.some(Number.isNaN) ? Infinity : Math.max(...differences);
}

/** The root mean square difference of predictions, as a share of the size of the targets. NaN in, infinity out. */
export function relativePredictionDifference(
  dataset: Dataset,
  trained: CheckedParameters,
  expected: CheckedParameters,
  explained = PLAIN,
): number {
  const { columns, targets } = dataset;
  const changes = columns.map((_, j) => (trained.weights[j] as number) - (expected.weights[j] as number));
  // Around the mean: a change of a weight and the change of the bias that makes up for it have digits in common.
  const means = columns.map((column) => mean(column));
  const shift = changes.reduce((sum, change, j) => sum + change * (means[j] as number), trained.bias - expected.bias);
  let squares = 0;
  for (let i = 0; i < targets.length; i++) {
    let difference = shift;
    columns.forEach((column, j) => {
      difference += (changes[j] as number) * ((column[i] as number) - (means[j] as number));
    });
    squares += difference ** 2;
  }
  const size = sizeOfTargets(dataset, explained) || 1;
  const relative = Math.sqrt(squares / targets.length) / size;
  return Number.isNaN(relative) ? Infinity : relative;
}

function mean(column: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < column.length; i++) sum += column[i] as number;
  return sum / column.length;
}

function rootMeanSquare(column: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < column.length; i++) squares += (column[i] as number) ** 2;
  return Math.sqrt(squares / column.length);
}

/** The standard deviation, over m; 0 for one value but for rounding. */
export function spread(column: FloatArray): number {
  const { deviation, isConstant } = spreadOf(column, undefined, true);
  return isConstant ? 0 : deviation;
}
