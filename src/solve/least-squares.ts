import { inTurns } from '../base/turns.js';
import type { Dataset } from '../data/checked-dataset.js';
import { countedExamples } from '../data/example-weights.js';
import type { FitReport, FitWarning, SolverReport } from '../descent/report.js';
import { DIGIT_LIMITS } from '../moments/condition.js';
import type { Moments } from '../moments/moments.js';
import { MOST_REFINEMENTS, solveByQr } from './by-qr.js';
import { conditionOf } from './condition.js';
import { dependenceWarning } from './dependence.js';
import type { Problem } from './design.js';
import type { UpperFactor } from './pivoted-qr.js';

/** The least-squares solution and its properties, by QR or by moments. */
export interface LeastSquaresSolution {
  weights: Float64Array;
  bias: number;
  names: { featureNames: readonly string[]; targetName: string };
  exampleCount: number;
  /** Examples with a weight above 0; null if the number is unknown. */
  countedExamples: number | null;
  losses: number[];
  /** True if corrections came down to the rounding of the solution. */
  isRefined: boolean;
  /** The slope at the end, as a share of that of the constant model; null if no pass over the examples computed it. */
  relativeGradient: number | null;
  /** The share of the excess loss of the constant model that is left, at most; null if it is unknown. */
  excessShare: number | null;
  /** The uncertainty of the corrected weights, as a fraction of the largest. */
  rest: number;
  factor: UpperFactor;
  /** Columns of the factor that belong to no feature. */
  skipped: 0 | 1;
  constantFeatures: readonly number[];
  ranOn: Pick<FitReport, 'backend' | 'adapter' | 'kernels'> & { precision: Moments['precision'] };
  mostPasses: number;
  /** When the data were ready to be solved. */
  readyMs: number;
}

/** Three digits: there is a warning where fewer are left. */
const FEW_DIGITS = 1e-3;

/** The properties that only passes over the examples compute. */
export const NOT_COMPUTED = { relativeGradient: null, excessShare: null } as const;

/** The place of what is solved on this thread. */
export const ON_HOST = { backend: 'cpu', adapter: null } as const;

/** Solves by QR of the examples, in f64 on this thread. */
export async function solveDataset(
  dataset: Dataset,
  problem: Problem,
  signal?: AbortSignal,
): Promise<LeastSquaresSolution> {
  signal?.throwIfAborted();
  const readyMs = performance.now();
  const { design, weights, bias, losses, isRefined, factor } = await inTurns(solveByQr(dataset, problem), signal);
  return {
    ...{ weights, bias, losses, isRefined, factor },
    rest: isRefined ? 0 : Infinity,
    ...NOT_COMPUTED,
    names: dataset,
    exampleCount: dataset.exampleCount,
    countedExamples: countedExamples(dataset),
    skipped: problem.fitIntercept ? 1 : 0,
    constantFeatures: design.constantFeatures,
    ranOn: { ...ON_HOST, kernels: 'qr', precision: 'f64' },
    mostPasses: MOST_REFINEMENTS,
    readyMs,
  };
}

/** The condition number and the rank of the solution's features, and the warnings that follow from them. */
export async function diagnoseLeastSquares(
  solution: LeastSquaresSolution,
): Promise<{ solver: SolverReport; warnings: FitWarning[] }> {
  const { factor, skipped, ranOn } = solution;
  const conditionNumber = await conditionOf(factor, skipped);
  return {
    solver: {
      rank: factor.rank - skipped,
      conditionNumber: Number.isFinite(conditionNumber) ? conditionNumber : null,
      precision: ranOn.precision,
    },
    warnings: warningsOf(solution, conditionNumber),
  };
}

function warningsOf(
  { factor, skipped, names, isRefined, rest, ranOn, losses }: LeastSquaresSolution,
  conditionNumber: number,
): FitWarning[] {
  if (factor.isDeficient) {
    const warning = dependenceWarning(factor, skipped, names.featureNames);
    if (ranOn.kernels !== 'moments') return [warning];
    const message = `${warning.message} Sums in ${ranOn.precision} cannot tell exactly; method 'qr' is more accurate.`;
    return [{ ...warning, message }];
  }
  const { condition } = DIGIT_LIMITS[ranOn.precision];
  const isCorrected = losses.length > 0;
  if (isCorrected ? rest <= FEW_DIGITS : isRefined && conditionNumber <= condition) return [];
  const message = `The condition number of the standardized features is ${Number(conditionNumber.toPrecision(3))}: fewer than three digits of the weights may be right.`;
  return [{ code: 'ILL_CONDITIONED', message }];
}
