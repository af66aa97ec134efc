import { giveWay, inTurns, mapInParts, type WorkInParts } from '../../base/turns.js';
import type { Dataset } from '../../data/dataset.js';
import { countedExamples, totalWeight } from '../../data/example-weights.js';
import { labelledTargets } from '../../data/labels.js';
import type { Evaluation } from '../../descent/evaluation.js';
import { momentsInTurns } from '../../moments/columns.js';
import { conditioningOf } from '../../moments/condition.js';
import { Estimates } from '../../solve/estimates.js';
import { HostEvaluator } from '../../solve/host-evaluator.js';
import { pivotedCholesky } from '../../solve/pivoted-cholesky.js';
import type { UpperFactor } from '../../solve/pivoted-qr.js';
import { twoSidedNormalP } from '../normal-p.js';
import { ModelSummary, type SummaryRow } from './model-summary.js';
import type { SummarizedModel, SummaryOptions } from './summary-options.js';
import { meaningOfWeights } from './weights-as.js';

/** A parameter of whose information the others leave less than this share, times d: that little may be rounding. */
const DEPENDENT = 2 ** -48;

/**
 * The summary of a logistic model, as R's `glm` has it: standard errors are the roots of the diagonal of the inverse
 * Fisher information Σ w·p(1 − p)·[x 1][x 1]ᵀ at the model, with dispersion 1, so that weights as precisions and as counts
 * differ in the degrees of freedom only. The information is added up in standardized units, in f64.
 */
export async function summarizeLogistic(
  model: SummarizedModel,
  dataset: Dataset,
  { fitIntercept, weightsAs: requested }: Required<SummaryOptions>,
): Promise<ModelSummary> {
  const { targets, targetName, exampleCount, exampleWeights } = dataset;
  await giveWay();
  labelledTargets({ name: targetName, values: targets }, exampleWeights); // refuses examples of one class
  const weightsAs = meaningOfWeights(exampleWeights, requested);
  const evaluator = await HostEvaluator.of(dataset, { loss: 'logistic', fitIntercept, standardize: true });
  const evaluation = await evaluator.evaluate(evaluator.toTrainingUnits(model), { withHessian: true, huberDelta: 1 });
  const total = totalWeight(exampleCount, exampleWeights);
  const { factor, lengths } = await inTurns(informationOf(evaluation, total));
  const count = weightsAs === 'counts' ? total : countedExamples(dataset);
  const degreesOfFreedom = count - factor.rank;
  const variances = await inTurns(variancesOf(evaluator, factor, lengths, fitIntercept));
  const names = fitIntercept ? [...model.featureNames, 'bias'] : model.featureNames;
  const rows = names.map((name, j): SummaryRow => {
    const value = model.weights[j] ?? model.bias;
    const variance = degreesOfFreedom > 0 ? (variances[j] as number | null) : null;
    const standardError = variance === null ? null : Math.sqrt(variance);
    const z = standardError === null || standardError === 0 ? null : value / standardError;
    return { name, value, standardError, t: z, p: z === null ? null : twoSidedNormalP(z) };
  });
  const deviance = 2 * total * evaluation.loss;
  const nullDeviance = 2 * total * lossWithoutFeatures(dataset, total, fitIntercept);
  const { conditionNumber } = await conditioningOf(await momentsInTurns(dataset), fitIntercept);
  const slopes = evaluation.gradient.map((slope, j) => (slope * total) / (lengths[j] as number));
  const away = factor.solveTransposed(slopes).reduce((sum, value) => sum + value * value, 0);
  return new ModelSummary({
    targetName: model.targetName,
    loss: 'logistic',
    weightsAs,
    exampleCount: count,
    degreesOfFreedom,
    rows,
    residualStandardError: null,
    r2: 1 - deviance / nullDeviance,
    adjustedR2: null,
    deviance,
    nullDeviance,
    nullDegreesOfFreedom: count - Number(fitIntercept),
    aic: deviance + 2 * factor.rank,
    conditionNumber: Number.isFinite(conditionNumber) ? conditionNumber : null,
    errorsFromOptimum: degreesOfFreedom > 0 ? Math.sqrt(away) : null,
  });
}

/** The Fisher information of the parameters in training units, each divided by its length, so that the diagonal is 1. */
function* informationOf(
  { gradient, hessian }: Evaluation,
  total: number,
): WorkInParts<{ factor: UpperFactor; lengths: Float64Array }> {
  const size = gradient.length;
  const information = hessian as Float64Array; // it was requested
  const lengths = Float64Array.from(gradient, (_, j) => Math.sqrt(total * (information[j * size + j] as number)) || 1);
  const matrix = information.map((value, at) => {
    const [i, j] = [Math.floor(at / size), at % size];
    if (i === j) return value > 0 ? 1 : 0;
    return (total * value) / (lengths[i] as number) / (lengths[j] as number);
  });
  return { factor: yield* pivotedCholesky(matrix, size, DEPENDENT * size), lengths };
}

/** [d + 1] The variances of weights and bias in the caller's units, which are linear in the training units. */
function* variancesOf(
  evaluator: HostEvaluator,
  factor: UpperFactor,
  lengths: Float64Array,
  fitIntercept: boolean,
): WorkInParts<(number | null)[]> {
  const { featureCount } = evaluator;
  const estimates = yield* Estimates.of(factor, 'f64');
  const toBias = new Float64Array(featureCount + 1);
  const ofWeights = yield* mapInParts(Array(featureCount).keys(), (j) => {
    const unit = new Float64Array(featureCount + 1);
    unit[j] = 1 / (lengths[j] as number);
    const { weights, bias } = evaluator.toCallerUnits(unit);
    toBias[j] = bias;
    return estimates.varianceOfOne(j, 1 / (weights[j] as number));
  });
  toBias[featureCount] = 1 / (lengths[featureCount] as number);
  return fitIntercept ? [...ofWeights, estimates.varianceOf(toBias)] : ofWeights;
}

/** The average loss of the best model without features: log-odds of the share of label 1, without an intercept of 0. */
function lossWithoutFeatures({ targets, exampleWeights }: Dataset, total: number, fitIntercept: boolean): number {
  if (!fitIntercept) return Math.LN2;
  let ones = 0;
  targets.forEach((target, i) => (ones += target * (exampleWeights ? (exampleWeights[i] as number) : 1)));
  const share = ones / total;
  return -(share * Math.log(share) + (1 - share) * Math.log1p(-share));
}
