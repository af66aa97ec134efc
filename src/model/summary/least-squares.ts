import { DescentError } from '../../base/errors.js';
import { inTurns, mapInParts } from '../../base/turns.js';
import { Dataset } from '../../data/checked-dataset.js';
import { countedExamples } from '../../data/example-weights.js';
import { columnOrder } from '../../data/match-columns.js';
import { momentsInTurns } from '../../moments/columns.js';
import { isMoments } from '../../moments/is-moments.js';
import type { Moments } from '../../moments/moments.js';
import { SquaredLoss } from '../../moments/squared-loss.js';
import { normalEquationsInParts, solveNormalEquations } from '../../solve/by-moments.js';
import { weightScale } from '../../data/relative-weights.js';
import { isLittle, solveByQr } from '../../solve/by-qr.js';
import { conditionOf } from '../../solve/condition.js';
import { type Problem, toUnknowns } from '../../solve/design.js';
import { Estimates } from '../../solve/estimates.js';
import type { UpperFactor } from '../../solve/pivoted-qr.js';
import { partsOf, residualSums } from '../../solve/residual-sums.js';
import { twoSidedP } from '../student-t.js';
import { ModelSummary, type SummaryRow } from './model-summary.js';
import type { SummarizedModel, SummaryOptions } from './summary-options.js';
import { countOfMoments, meaningOfWeights, requireEnough } from './weights-as.js';

/**
 * The summary of a model of the squared loss. Few examples go by QR and are right to some digits less than f64 holds;
 * many, and moments, lose twice the digits of the condition number.
 */
export async function summarizeLeastSquares(
  model: SummarizedModel,
  given: Dataset | Moments,
  { fitIntercept, weightsAs: requested }: Required<SummaryOptions>,
): Promise<ModelSummary> {
  const problem: Problem = { l2: 0, standardize: true, fitIntercept };
  const weightsAs = isMoments(given) ? null : meaningOfWeights(given.exampleWeights, requested);
  const momentsCount = isMoments(given) ? countOfMoments(given, requested) : null;
  const parts = await (isMoments(given) ? aboutMoments(model, given, problem) : aboutDataset(model, given, problem));
  const { factor, skipped, totalWeight, squares, totalSquares, variances, awaySquares } = parts;
  const rank = factor.rank - skipped;
  const parameterCount = rank + Number(fitIntercept);
  if (momentsCount !== null) requireEnough(momentsCount, parameterCount);
  const counted = given instanceof Dataset && weightsAs !== 'counts' ? countedExamples(given) : totalWeight;
  const count = momentsCount ?? counted;
  const degreesOfFreedom = count - parameterCount;
  const hasErrors = degreesOfFreedom > 0;
  const variance = hasErrors ? squares / degreesOfFreedom : null;
  const values = [...model.weights, model.bias];
  const names = fitIntercept ? [...model.featureNames, 'bias'] : model.featureNames;
  const rows = names.map((name, j): SummaryRow => {
    const value = values[j] as number;
    const share = variances[j] as number | null;
    const standardError = variance === null || share === null ? null : Math.sqrt(variance * share);
    const t = standardError === null || standardError === 0 ? null : value / standardError;
    return { name, value, standardError, t, p: t === null ? null : twoSidedP(t, degreesOfFreedom) };
  });
  const r2 = totalSquares === 0 ? Number(squares === 0) : 1 - squares / totalSquares;
  const conditionNumber = await conditionOf(factor, skipped);
  return new ModelSummary({
    targetName: model.targetName,
    loss: 'squared',
    weightsAs,
    exampleCount: count,
    degreesOfFreedom,
    rows,
    residualStandardError: variance === null ? null : Math.sqrt(variance),
    r2,
    adjustedR2: hasErrors ? 1 - ((1 - r2) * (count - Number(fitIntercept))) / degreesOfFreedom : null,
    deviance: null,
    nullDeviance: null,
    nullDegreesOfFreedom: null,
    aic: null,
    conditionNumber: Number.isFinite(conditionNumber) ? conditionNumber : null,
    errorsFromOptimum: variance === null || variance === 0 ? null : Math.sqrt(awaySquares / variance),
  });
}

/** The quantities from which a summary is computed, for any kind of data. */
interface SummaryGrounds {
  factor: UpperFactor;
  /** Columns of the factor that belong to no feature. */
  skipped: number;
  /** m, or the sum of the weights. */
  totalWeight: number;
  /** Σ w·r², and Σ w·(y − ȳ)². */
  squares: number;
  totalSquares: number;
  /** [d + 1] What the variance of a parameter is, over that of the residuals; null where the data do not determine it. */
  variances: (number | null)[];
  /** |A·(x − x*)|²: what Σ w·r² is above its least. */
  awaySquares: number;
}

async function aboutDataset(model: SummarizedModel, dataset: Dataset, problem: Problem): Promise<SummaryGrounds> {
  const moments = await momentsInTurns(dataset);
  const centers = moments.means;
  const atCenter = model.weights.reduce((sum, weight, j) => sum + weight * (centers[j] as number), model.bias);
  const { squares } = await residualSums(partsOf(dataset), { weights: model.weights, atCenter }, centers, undefined);
  if (!isLittle(dataset)) return { ...(await aboutMoments(model, moments, problem)), squares };
  const { factor, design, unknowns } = await inTurns(solveByQr(dataset, problem));
  const estimates = await inTurns(Estimates.of(factor, 'qr'));
  const skipped = Number(problem.fitIntercept);
  const away = toUnknowns(design, model).map((value, j) => value - (unknowns[j] as number));
  const { scales, centers: shifts } = design;
  // The factor is that of relative weights.
  const scaleOfWeights = dataset.exampleWeights ? weightScale(dataset.exampleWeights) : 1;
  const toBias = Float64Array.from([1, ...scales.map((scale, j) => -(shifts[j] as number) / scale)]);
  return {
    factor,
    skipped,
    totalWeight: moments.count,
    squares,
    totalSquares: totalSquaresOf(moments, problem),
    variances: [
      ...scales.map((scale, j) => estimates.varianceOfOne(j + skipped, scale)),
      ...(problem.fitIntercept ? [estimates.varianceOf(toBias)] : []),
    ].map((variance) => (variance === null ? null : variance / scaleOfWeights)),
    awaySquares: scaleOfWeights * squaredLength(factor, away),
  };
}

async function aboutMoments(model: SummarizedModel, given: Moments, problem: Problem): Promise<SummaryGrounds> {
  const { means, targetMeans, count, featureNames, precision } = given;
  const order = columnOrder(model.featureNames, featureNames);
  if (order.some((at, j) => at !== j)) throw otherOrder(model.featureNames, featureNames);
  const loss = new SquaredLoss(given, { standardize: false }, 0);
  const equations = await inTurns(normalEquationsInParts(given, problem));
  const { factor, lengths } = equations;
  const estimates = await inTurns(Estimates.of(factor, precision));
  await inTurns(factor.prepare(equations.units));
  const optimum = solveNormalEquations(equations).weights;
  const away = model.weights.map((weight, j) => (weight - (optimum[j] as number)) * (lengths[j] as number));
  const atCenter = model.weights.reduce((sum, weight, j) => sum + weight * (means[j] as number), model.bias);
  const residualMean = atCenter - (targetMeans[0] as number);
  return {
    factor,
    skipped: 0,
    totalWeight: count,
    squares:
      2 * count * loss.gradient(Float64Array.of(...model.weights, model.bias), new Float64Array(means.length + 1)),
    totalSquares: totalSquaresOf(given, problem),
    variances: [
      ...(await inTurns(mapInParts(lengths, (length, j) => estimates.varianceOfOne(j, length)))),
      ...(problem.fitIntercept ? [varianceOfBias(estimates, means.map((mean, j) => mean / (lengths[j] as number)), count)] : []), // prettier-ignore
    ],
    awaySquares: squaredLength(factor, away) + (problem.fitIntercept ? count * residualMean * residualMean : 0),
  };
}

/** The bias is the prediction at the means, which has the variance 1/m, less the weights times the means. */
function varianceOfBias(estimates: Estimates, means: Float64Array, count: number): number | null {
  const ofWeights = estimates.varianceOf(means);
  return ofWeights === null ? null : ofWeights + 1 / count;
}

/** About the mean, or without a bias about 0. */
function totalSquaresOf({ count, targetScatter, targetMeans }: Moments, { fitIntercept }: Problem): number {
  return (targetScatter[0] as number) + (fitIntercept ? 0 : count * (targetMeans[0] as number) ** 2);
}

/** |R·v|² */
function squaredLength({ rows }: UpperFactor, vector: Float64Array): number {
  let squares = 0;
  for (const row of rows) squares += row.reduce((sum, value, j) => sum + value * (vector[j] as number), 0) ** 2;
  return squares;
}

function otherOrder(expected: readonly string[], given: readonly string[]): DescentError {
  return new DescentError('SHAPE_MISMATCH', {
    got: `moments with the features ${given.join(', ')}`,
    expected: `${expected.join(', ')}, in this order`,
    fix: 'Compute the moments with the columns in the order of the model.',
  });
}
