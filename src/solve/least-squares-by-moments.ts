// Least squares by moments: little data are solved without this (least-squares.ts).

import { inTurns } from '../base/turns.js';
import { Dataset } from '../data/checked-dataset.js';
import type { StreamedSource } from '../data/streamed-source.js';
import { countedExamples } from '../data/example-weights.js';
import { withRelativeWeights } from '../data/relative-weights.js';
import type { Backend } from '../descent/backend.js';
import type { FitWarning } from '../descent/report.js';
import { constantFeaturesOf } from '../moments/constant-features.js';
import type { Moments } from '../moments/moments.js';
import { factorByBlocks } from './by-blocks.js';
import {
  MOST_PASSES,
  type NormalEquations,
  normalEquationsInParts,
  refineOnExamples,
  solveNormalEquations,
} from './by-moments.js';
import type { Problem } from './design.js';
import { type LeastSquaresSolution, NOT_COMPUTED, ON_HOST } from './least-squares.js';
import { partsOf } from './residual-sums.js';
import { TwofoldSum } from './twofold.js';

/**
 * Moments, and passes over the examples; where sums in f32 are not enough, once more with sums in f64, and where even to
 * those some features depend on others, with the factor of QR.
 */
export async function solveExamples(
  given: Dataset | StreamedSource,
  backend: Backend,
  problem: Problem,
  { mayTakeQr, loadCpuBackend, signal, moments: known }: SolveOptions,
  warnings: FitWarning[],
): Promise<LeastSquaresSolution> {
  const examples = given instanceof Dataset ? withRelativeWeights(given) : given;
  const read = examples instanceof Dataset ? () => partsOf(examples) : () => examples.read(signal);
  const summedUp = async (by: Backend) => {
    const moments = (by === backend ? known : undefined) ?? (await by.moments(examples, signal));
    const ranOn = { backend: by.name, adapter: by.adapter, kernels: 'moments', precision: moments.precision } as const;
    const equations = await inTurns(normalEquationsInParts(moments, problem), signal);
    return { moments, equations, ranOn, readyMs: performance.now() };
  };
  const refined = async ({ moments, equations, ranOn, readyMs }: SummedUp): Promise<LeastSquaresSolution> => {
    await inTurns(equations.factor.prepare(equations.units), signal);
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
  // Where QR comes next, what moments say is not refined first.
  const refinedOr = (sums: SummedUp) => (mayTakeQr && sums.equations.factor.isDeficient ? null : refined(sums));
  let summed: SummedUp = await summedUp(backend);
  let solved = await refinedOr(summed);
  if (summed.ranOn.precision === 'f32' && (!solved?.isRefined || solved.factor.isDeficient)) {
    warnings.push({
      code: 'ILL_CONDITIONED',
      message:
        'Some features are almost linearly dependent: sums in f32 are too inexact, so they were computed on the CPU in f64.',
    });
    summed = await summedUp(await loadCpuBackend());
    solved = await refinedOr(summed);
  }
  if (solved) return solved;
  const factor = await factorByBlocks(read(), summed.equations, signal);
  const ranOn = { ...ON_HOST, kernels: 'qr', precision: 'f64' } as const;
  return refined({ ...summed, equations: { ...summed.equations, factor }, ranOn });
}

export interface SolveOptions {
  /** True if QR may take the place of moments that cannot tell features apart. */
  mayTakeQr: boolean;
  /** Moments that the backend has added up already. */
  moments?: Moments | undefined;
  /** The backend that sums in f64. */
  loadCpuBackend: () => Promise<Backend>;
  signal: AbortSignal | undefined;
}

/** The sums of examples, and the equations of them. */
interface SummedUp extends Pick<LeastSquaresSolution, 'ranOn' | 'readyMs'> {
  moments: Moments;
  equations: NormalEquations;
}

/** Solves from moments alone: nothing corrects their rounding. */
export async function solveMoments(
  moments: Moments,
  problem: Problem,
  signal?: AbortSignal,
): Promise<LeastSquaresSolution> {
  const readyMs = performance.now();
  const equations = await inTurns(normalEquationsInParts(moments, problem), signal);
  await inTurns(equations.factor.prepare(equations.units), signal);
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
