import { type ExampleData, toDataset } from '../data/inputs.js';
import { Dataset, type FloatArray } from '../data/dataset.js';
import { DescentError } from '../base/errors.js';
import { requireKnown, requireObject } from '../base/check-names.js';
import { columnOrder } from '../data/match-columns.js';
import type { LinearModel } from './linear-model.js';
import { momentsOfDataset } from '../moments/columns.js';
import { Moments } from '../moments/moments.js';
import { SquaredLoss } from '../moments/squared-loss.js';
import { normalEquations, solveNormalEquations } from '../solve/by-moments.js';
import { isLittle, solveByQr } from '../solve/by-qr.js';
import { conditionOf } from '../solve/condition.js';
import { type Problem, toUnknowns } from '../solve/design.js';
import type { UpperFactor } from '../solve/pivoted-qr.js';
import { partsOf, residualSums } from '../solve/residual-sums.js';
import { twoSidedP } from './student-t.js';
import { number, printable, table } from '../base/text-table.js';

/** One weight, or the bias. */
export interface SummaryRow {
  /** The feature, or 'bias'. */
  name: string;
  value: number;
  /** null where the data do not determine the weight, and where no degrees of freedom are left. */
  standardError: number | null;
  /** value/standardError; null where there is no error, or none to speak of. */
  t: number | null;
  /** The p value: the probability of a value at least this far from 0 if the true value is 0. */
  p: number | null;
}

export interface SummaryOptions {
  /** True if the model has a bias. Default: as it was trained; true for a model that was loaded. */
  fitIntercept?: boolean;
}

/** The numbers of a summary: plain data. */
export interface SummaryParts {
  targetName: string;
  /** m; of examples with weights the sum of these, as if each stood for so many. */
  exampleCount: number;
  /** Examples less determined parameters. */
  degreesOfFreedom: number;
  /** The weights, and last the bias, if there is one. */
  rows: SummaryRow[];
  /** √(Σ r²/degrees of freedom); null where none are left. */
  residualStandardError: number | null;
  /** Without a bias about 0 rather than about the mean of the targets. */
  r2: number;
  /** R² less what that many features explain by chance; null where no degrees of freedom are left. */
  adjustedR2: number | null;
  /** Condition number of the standardized features; null if some are linearly dependent. */
  conditionNumber: number | null;
  /**
   * Distance of the model from least squares, in standard errors: an upper bound for every weight and every linear
   * combination of weights. Standard errors hold at the optimum; from about 0.1 on, train longer. null without standard
   * errors.
   */
  errorsFromOptimum: number | null;
}

/** Statistics of a least-squares model; `String(summary)` is a table. */
export class ModelSummary implements SummaryParts {
  readonly targetName: string;
  readonly exampleCount: number;
  readonly degreesOfFreedom: number;
  readonly rows: SummaryRow[];
  readonly residualStandardError: number | null;
  readonly r2: number;
  readonly adjustedR2: number | null;
  readonly conditionNumber: number | null;
  readonly errorsFromOptimum: number | null;

  constructor(parts: SummaryParts) {
    this.targetName = parts.targetName;
    this.exampleCount = parts.exampleCount;
    this.degreesOfFreedom = parts.degreesOfFreedom;
    this.rows = parts.rows;
    this.residualStandardError = parts.residualStandardError;
    this.r2 = parts.r2;
    this.adjustedR2 = parts.adjustedR2;
    this.conditionNumber = parts.conditionNumber;
    this.errorsFromOptimum = parts.errorsFromOptimum;
  }

  /** Aligned lines, no longer than the names of the features make them. */
  toString(): string {
    const shown = (value: number | null) => (value === null ? '–' : number(value));
    const rows = this.rows.map(({ name, value, standardError, t, p }) => [
      printable(name),
      number(value),
      shown(standardError),
      t === null ? '–' : String(Number(t.toPrecision(4))),
      p === null ? '–' : p < 1e-4 ? p.toExponential(1) : p.toFixed(4),
    ]);
    const errors = this.errorsFromOptimum;
    return [
      `${printable(this.targetName)}: ${this.exampleCount} examples, ${this.degreesOfFreedom} degrees of freedom`,
      '',
      ...table(['parameter', 'value', 'standard error', 't', 'p'], rows),
      '',
      `R² ${number(this.r2)}, adjusted ${shown(this.adjustedR2)}`,
      `residual standard error ${shown(this.residualStandardError)}`,
      `condition number of the features ${this.conditionNumber === null ? 'infinite: some are linearly dependent' : number(this.conditionNumber)}`,
      ...(errors === null ? [] : [`from the exact optimum: ${shownErrors(errors)} standard errors`]),
    ].join('\n');
  }
}

/** Less than a thousandth of a standard error is nothing. */
function shownErrors(errors: number): string {
  return errors < 1e-3 ? 'under 0.001' : String(Number(errors.toPrecision(2)));
}

/**
 * The summary of a model on examples or their moments; see `LinearModel.summary`. Few examples go by QR and are right to
 * some digits less than f64 holds; many, and moments, lose twice the digits of the condition number.
 */
export async function summarize(
  model: LinearModel,
  data: ExampleData | Moments,
  options: SummaryOptions,
): Promise<ModelSummary> {
  requireKnown(options, ['fitIntercept']);
  const { fitIntercept = model.report?.settings.fitIntercept ?? true } = options;
  refuseOthers(model);
  requireObject(data);
  const given = data instanceof Moments ? data : inOrder(model, await toDataset(data, model));
  const problem: Problem = { l2: 0, standardize: true, fitIntercept };
  const parts =
    given instanceof Moments ? aboutMoments(model, given, problem) : await aboutDataset(model, given, problem);
  const { factor, skipped, count, squares, totalSquares, variances, awaySquares } = parts;
  const rank = factor.rank - skipped;
  const degreesOfFreedom = count - rank - Number(fitIntercept);
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
    exampleCount: count,
    degreesOfFreedom,
    rows,
    residualStandardError: variance === null ? null : Math.sqrt(variance),
    r2,
    adjustedR2: hasErrors ? 1 - ((1 - r2) * (count - Number(fitIntercept))) / degreesOfFreedom : null,
    conditionNumber: Number.isFinite(conditionNumber) ? conditionNumber : null,
    errorsFromOptimum: variance === null || variance === 0 ? null : Math.sqrt(awaySquares / variance),
  });
}

/** The quantities from which a summary is computed, for any kind of data. */
interface SummaryGrounds {
  factor: UpperFactor;
  /** Columns of the factor that belong to no feature. */
  skipped: number;
  count: number;
  /** Σ r², and Σ (y − ȳ)². */
  squares: number;
  totalSquares: number;
  /** [d + 1] What the variance of a parameter is, over that of the residuals; null where the data do not determine it. */
  variances: (number | null)[];
  /** |A·(x − x*)|²: what Σ r² is above its least. */
  awaySquares: number;
}

async function aboutDataset(model: LinearModel, dataset: Dataset, problem: Problem): Promise<SummaryGrounds> {
  const moments = momentsOfDataset(dataset);
  const centers = moments.means;
  const atCenter = model.weights.reduce((sum, weight, j) => sum + weight * (centers[j] as number), model.bias);
  const { squares } = await residualSums(partsOf(dataset), { weights: model.weights, atCenter }, centers, undefined);
  if (!isLittle(dataset)) return { ...aboutMoments(model, moments, problem), squares };
  const { factor, design, unknowns } = solveByQr(dataset, problem);
  const skipped = Number(problem.fitIntercept);
  const away = toUnknowns(design, model).map((value, j) => value - (unknowns[j] as number));
  const { scales, centers: shifts } = design;
  const toBias = Float64Array.from([1, ...scales.map((scale, j) => -(shifts[j] as number) / scale)]);
  return {
    factor,
    skipped,
    count: moments.count,
    squares,
    totalSquares: totalSquaresOf(moments, problem),
    variances: [...scales.map((scale, j) => varianceOfOne(factor, j + skipped, scale)), varianceOf(factor, toBias)],
    awaySquares: squaredLength(factor, away),
  };
}

function aboutMoments(model: LinearModel, given: Moments, problem: Problem): SummaryGrounds {
  const { means, targetMeans, count, featureNames } = given;
  const order = columnOrder(model.featureNames, featureNames);
  if (order.some((at, j) => at !== j)) throw otherOrder(model.featureNames, featureNames);
  const loss = new SquaredLoss(given, { standardize: false }, 0);
  const equations = normalEquations(given, problem);
  const { factor, lengths } = equations;
  const optimum = solveNormalEquations(equations).weights;
  const away = model.weights.map((weight, j) => (weight - (optimum[j] as number)) * (lengths[j] as number));
  const atCenter = model.weights.reduce((sum, weight, j) => sum + weight * (means[j] as number), model.bias);
  const residualMean = atCenter - (targetMeans[0] as number);
  const ofBias = varianceOf(factor, means.map((mean, j) => mean / (lengths[j] as number))); // prettier-ignore
  return {
    factor,
    skipped: 0,
    count,
    squares:
      2 * count * loss.gradient(Float64Array.of(...model.weights, model.bias), new Float64Array(means.length + 1)),
    totalSquares: totalSquaresOf(given, problem),
    variances: [
      ...Array.from(lengths, (length, j) => varianceOfOne(factor, j, length)),
      ...(problem.fitIntercept ? [ofBias === null ? null : ofBias + 1 / count] : []),
    ],
    awaySquares: squaredLength(factor, away) + (problem.fitIntercept ? count * residualMean * residualMean : 0),
  };
}

/** About the mean, or without a bias about 0. */
function totalSquaresOf({ count, targetScatter, targetMeans }: Moments, { fitIntercept }: Problem): number {
  return (targetScatter[0] as number) + (fitIntercept ? 0 : count * (targetMeans[0] as number) ** 2);
}

/** aᵀ(RᵀR)⁻¹a: the variance of a·x over that of the residuals; null where x is not determined. */
function varianceOf(factor: UpperFactor, combination: Float64Array): number | null {
  if (factor.isDeficient) return null;
  return factor.solveTransposed(combination).reduce((sum, value) => sum + value * value, 0);
}

/** That of one unknown over `scale`: 0 stands for a feature of one value, whose weight is not determined. */
function varianceOfOne(factor: UpperFactor, at: number, scale: number): number | null {
  const unit = new Float64Array(factor.size);
  unit[at] = 1 / scale;
  return varianceOf(factor, unit) || null;
}

/** |R·v|² */
function squaredLength({ rows }: UpperFactor, vector: Float64Array): number {
  let squares = 0;
  for (const row of rows) squares += row.reduce((sum, value, j) => sum + value * (vector[j] as number), 0) ** 2;
  return squares;
}

/** The columns of the model's features, in its order. */
function inOrder({ featureNames }: LinearModel, given: Dataset): Dataset {
  const order = columnOrder(featureNames, given.featureNames);
  return new Dataset(
    order.map((at) => given.columns[at] as FloatArray),
    given.targets,
    featureNames,
    given.targetName,
    given.exampleWeights,
  );
}

function refuseOthers({ loss, report }: LinearModel): void {
  if (loss !== 'squared') {
    throw new DescentError('INVALID_OPTION', {
      got: `a summary of a model with loss '${loss}'`,
      expected: "a model with loss 'squared', because the standard errors are those of least squares",
      fix: "Train with loss: 'squared' for standard errors.",
    });
  }
  const penalty = (['l1', 'l2'] as const).find((name) => (report?.settings[name] ?? 0) > 0);
  if (!penalty) return;
  throw new DescentError('INVALID_OPTION', {
    got: `a summary of a model with ${penalty} ${report?.settings[penalty]}`,
    expected:
      'a model without regularization, because the standard errors of least squares do not hold for penalized weights',
    fix: 'Fit without l1 and l2 for standard errors.',
    where: { option: penalty },
  });
}

function otherOrder(expected: readonly string[], given: readonly string[]): DescentError {
  return new DescentError('SHAPE_MISMATCH', {
    got: `moments with the features ${given.join(', ')}`,
    expected: `${expected.join(', ')}, in this order`,
    fix: 'Compute the moments with the columns in the order of the model.',
  });
}
