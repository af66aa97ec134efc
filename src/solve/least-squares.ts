import { Dataset } from '../data/dataset.js';
import { countedExamples } from '../data/example-weights.js';
import type { CountingSource } from '../data/counting-source.js';
import type { Backend } from '../descent/backend.js';
import type { FitReport, FitWarning, SolverReport } from '../descent/report.js';
import { constantFeaturesOf } from '../moments/constant-features.js';
import { DIGIT_LIMITS } from '../moments/condition.js';
import type { Moments } from '../moments/moments.js';
import { factorByBlocks } from './by-blocks.js';
import {
  MOST_PASSES,
  type NormalEquations,
  normalEquations,
  refineOnExamples,
  solveNormalEquations,
} from './by-moments.js';
import { MOST_REFINEMENTS, solveByQr } from './by-qr.js';
import { conditionOf } from './condition.js';
import { describeDependence } from './dependence.js';
import type { Problem } from './design.js';
import type { UpperFactor } from './pivoted-qr.js';
import { partsOf, sourceParts } from './residual-sums.js';
import { TwofoldSum } from './twofold.js';

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

const NOT_COMPUTED = { relativeGradient: null, excessShare: null } as const;

const ON_HOST = { backend: 'cpu', adapter: null } as const;

/** Solves by QR of the examples, in f64 on this thread. */
export function solveDataset(dataset: Dataset, problem: Problem, signal?: AbortSignal): LeastSquaresSolution {
  const readyMs = performance.now();
  const { design, weights, bias, losses, isRefined, factor } = solveByQr(dataset, problem, signal);
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

/**
 * Moments, and passes over the examples; where sums in f32 are not enough, once more with sums in f64, and where even to
 * those some features depend on others, with the factor of QR.
 */
export async function solveExamples(
  examples: Dataset | CountingSource,
  backend: Backend,
  problem: Problem,
  { mayTakeQr, openCpuBackend, signal }: SolveOptions,
  warnings: FitWarning[],
): Promise<LeastSquaresSolution> {
  const read = examples instanceof Dataset ? () => partsOf(examples) : () => sourceParts(examples);
  const summedUp = async (by: Backend) => {
    const moments = await by.moments(examples, signal);
    const ranOn = { backend: by.name, adapter: by.adapter, kernels: 'moments', precision: moments.precision } as const;
    return { moments, equations: normalEquations(moments, problem), ranOn, readyMs: performance.now() };
  };
  const refined = async ({ moments, equations, ranOn, readyMs }: SummedUp): Promise<LeastSquaresSolution> => {
    const start = solveNormalEquations(equations);
    const { weights, atCenter, ...corrected } = await refineOnExamples(equations, start, read, problem, signal);
    return {
      ...aboutMoments(moments, problem),
      ...{ ...corrected, weights, ranOn, readyMs },
      exampleCount: examples.exampleCount,
      countedExamples: examples instanceof Dataset ? countedExamples(examples) : examples.countedExamples,
      bias: biasAt(atCenter, weights, equations.means),
      factor: equations.factor,
    };
  };
  let summed: SummedUp = await summedUp(backend);
  let solved = await refined(summed);
  if (summed.ranOn.precision === 'f32' && (!solved.isRefined || solved.factor.isDeficient)) {
    warnings.push({
      code: 'ILL_CONDITIONED',
      message:
        'Some features are almost linearly dependent: sums in f32 are too inexact, so they were computed on the CPU in f64.',
    });
    summed = await summedUp(await openCpuBackend());
    solved = await refined(summed);
  }
  if (!solved.factor.isDeficient || !mayTakeQr) return solved;
  const factor = await factorByBlocks(read(), summed.equations, signal);
  const ranOn = { ...ON_HOST, kernels: 'qr', precision: 'f64' } as const;
  return refined({ ...summed, equations: { ...summed.equations, factor }, ranOn });
}

export interface SolveOptions {
  /** True if QR may take the place of moments that cannot tell features apart. */
  mayTakeQr: boolean;
  /** The backend that sums in f64. */
  openCpuBackend: () => Promise<Backend>;
  signal: AbortSignal | undefined;
}

/** The sums of examples, and the equations of them. */
interface SummedUp extends Pick<LeastSquaresSolution, 'ranOn' | 'readyMs'> {
  moments: Moments;
  equations: NormalEquations;
}

/** Solves from moments alone: nothing corrects their rounding. */
export function solveMoments(moments: Moments, problem: Problem): LeastSquaresSolution {
  const readyMs = performance.now();
  const equations = normalEquations(moments, problem);
  const { weights, atCenter } = solveNormalEquations(equations);
  return {
    ...aboutMoments(moments, problem),
    weights,
    bias: biasAt(atCenter, weights, equations.means),
    losses: [],
    isRefined: true,
    rest: 0,
    ...NOT_COMPUTED,
    factor: equations.factor,
    ranOn: { ...ON_HOST, kernels: 'moments', precision: moments.precision },
    readyMs,
  };
}

function aboutMoments(moments: Moments, { fitIntercept }: Problem) {
  const { featureNames, targetNames, count } = moments;
  return {
    names: { featureNames, targetName: targetNames[0] as string },
    exampleCount: count,
    countedExamples: Number.isInteger(count) ? count : null,
    skipped: 0,
    constantFeatures: constantFeaturesOf(moments, fitIntercept),
    mostPasses: MOST_PASSES,
  } as const;
}

/** b = prediction at the centre − w·centre */
function biasAt(atCenter: number, weights: Float64Array, centers: Float64Array): number {
  const bias = new TwofoldSum();
  bias.add(atCenter);
  weights.forEach((weight, j) => bias.addProduct(-weight, centers[j] as number));
  return bias.value;
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
    const dependence = describeDependence(factor, skipped, names.featureNames);
    const message =
      `Some features are linearly dependent (${dependence}): the best weights are not unique, and these are the smallest.` +
      (ranOn.kernels === 'moments'
        ? ` Sums in ${ranOn.precision} cannot tell exactly; method 'qr' is more accurate.`
        : '');
    return [{ code: 'RANK_DEFICIENT', message }];
  }
  const { condition } = DIGIT_LIMITS[ranOn.precision];
  const isCorrected = losses.length > 0;
  if (isCorrected ? rest <= FEW_DIGITS : isRefined && conditionNumber <= condition) return [];
  const message = `The condition number of the standardized features is ${Number(conditionNumber.toPrecision(3))}: fewer than three digits of the weights may be right.`;
  return [{ code: 'ILL_CONDITIONED', message }];
}
