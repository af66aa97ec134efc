import { assembleReport } from './fitting/assemble-report.js';
import type { Backend } from './descent/backend.js';
import { type ExampleData, isSource, toDataset } from './data/inputs.js';
import { Dataset } from './data/dataset.js';
import { forLoss } from './data/labels.js';
import { DescentError } from './base/errors.js';
import { constantWarnings, sizeWarnings } from './descent/warnings.js';
import { requireKnown, requireObject } from './base/check-names.js';
import { LinearModel } from './model/linear-model.js';
import { DIGIT_LIMITS } from './moments/condition.js';
import { Moments } from './moments/moments.js';
import { openBackend, openCpuBackend } from './fitting/open-backend.js';
import { type FitOptions, resolveOptions } from './fitting/fit-options.js';
import { type FitSettings } from './options/specs.js';
import type { FitReport, FitWarning } from './descent/report.js';
import { factorByBlocks } from './solve/by-blocks.js';
import {
  MOST_PASSES,
  type NormalEquations,
  normalEquations,
  refineOnExamples,
  solveNormalEquations,
} from './solve/by-moments.js';
import { isLittle, MOST_REFINEMENTS, solveByQr } from './solve/by-qr.js';
import { conditionOf } from './solve/condition.js';
import type { Problem } from './solve/design.js';
import type { UpperFactor } from './solve/pivoted-qr.js';
import { sourceParts, partsOf } from './solve/residual-sums.js';
import { TwofoldSum } from './solve/twofold.js';
import { type Origin, originOf } from './data/origin.js';
import type { ExampleSource } from './data/source.js';

/** The options of `solveExact`. Every one may be left out. */
export interface ExactOptions extends Pick<
  FitOptions,
  'l2' | 'standardize' | 'fitIntercept' | 'backend' | 'context' | 'signal'
> {
  /**
   * 'qr' works on the examples themselves, in f64 on the CPU; 'moments' on their sums, added up on the backend. 'auto', the
   * default, takes QR for data of some megabytes, and for more where moments cannot tell features apart, unless backend is
   * 'webgpu'.
   */
  method?: 'auto' | 'qr' | 'moments';
}

const METHODS = ['auto', 'qr', 'moments'] as const;
const NAMES = [
  'l2',
  'standardize',
  'fitIntercept',
  'method',
  'backend',
  'context',
  'signal',
] as const satisfies readonly (keyof ExactOptions)[];

/**
 * The exact optimum that descent on the squared loss approaches: a yardstick. Ordinary least squares, or with `l2` ridge
 * regression, the penalty being of the weights in training units, as `fit` has it. There is no such answer with l1.
 *
 * Little data: QR with column pivoting and iterative refinement in twofold precision, right to the last digits of f64. More:
 * the moments, added up on the backend in one pass, give a first solution, and passes over the examples in f64 correct it.
 * Sums in f32 that do not come to rest so are added up once more on the CPU in f64. Where to those some features depend on
 * others, 'auto' takes QR of the examples, block by block, which can tell more. Moments that are given are all there is:
 * nothing corrects them.
 *
 * Examples with weights count by them. Where features depend on one another (`RANK_DEFICIENT`) the weights are the
 * smallest in training units, to which descent from zero leads. `report.solver` says what ran; an epoch is a correcting
 * pass, whose loss is in `lossHistory`.
 *
 * Throws a `DescentError` as `fit` does.
 *
 *     const best = await solveExact({ features: [[1], [2], [4]], targets: [3, 5, 9] });
 *     [best.weights[0], best.bias] // [2, 1]
 */
export async function solveExact(data: ExampleData | Moments, options: ExactOptions = {}): Promise<LinearModel> {
  const startMs = performance.now();
  const { method, settings } = resolveExact(options);
  const { signal } = options;
  signal?.throwIfAborted();
  requireObject(data);
  const problem: Problem = settings;
  const warnings: FitWarning[] = [];
  let solved: Solved;
  let deviceMs = 0;
  let origin: Origin | null = null;
  if (data instanceof Moments) {
    refuseWithoutExamples(data, method, settings);
    solved = await solveMoments(data, problem);
  } else {
    const given = await prepare(data, method);
    if (
      given instanceof Dataset &&
      (method === 'qr' || (method === 'auto' && settings.backend !== 'webgpu' && isLittle(given)))
    ) {
      solved = await solveDataset(given, problem, signal);
    } else {
      const openMs = performance.now();
      const backend = await openBackend(settings.backend, options.context, warnings);
      deviceMs = performance.now() - openMs;
      try {
        const mayTakeQr = method === 'auto' && settings.backend !== 'webgpu';
        solved = await solveExamples(given, backend, problem, { mayTakeQr, signal }, warnings);
      } finally {
        backend.dispose();
      }
    }
    origin = originOf(given);
  }
  return modelOf(solved, settings, warnings, { startMs, deviceMs, origin });
}

/** The solution and its properties, by either method. */
interface Solved {
  weights: Float64Array;
  bias: number;
  names: { featureNames: readonly string[]; targetName: string };
  exampleCount: number;
  losses: number[];
  isRefined: boolean;
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

const ON_HOST = { backend: 'cpu', adapter: null } as const;

async function solveDataset(dataset: Dataset, problem: Problem, signal?: AbortSignal): Promise<Solved> {
  const readyMs = performance.now();
  const { design, weights, bias, losses, isRefined, factor } = solveByQr(dataset, problem, signal);
  return {
    ...{ weights, bias, losses, isRefined, factor },
    rest: isRefined ? 0 : Infinity,
    names: dataset,
    exampleCount: dataset.exampleCount,
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
async function solveExamples(
  given: Dataset | ExampleSource,
  backend: Backend,
  problem: Problem,
  { mayTakeQr, signal }: { mayTakeQr: boolean; signal: AbortSignal | undefined },
  warnings: FitWarning[],
): Promise<Solved> {
  const read = given instanceof Dataset ? () => partsOf(given) : () => sourceParts(given);
  const summedUp = async (by: Backend) => {
    const moments = await by.moments(given, signal);
    const ranOn = { backend: by.name, adapter: by.adapter, kernels: 'moments', precision: moments.precision } as const;
    return { moments, equations: normalEquations(moments, problem), ranOn, readyMs: performance.now() };
  };
  const refined = async ({ moments, equations, ranOn, readyMs }: SummedUp): Promise<Solved> => {
    const start = solveNormalEquations(equations);
    const { weights, atCenter, ...corrected } = await refineOnExamples(equations, start, read, problem, signal);
    return {
      ...aboutMoments(moments, problem),
      ...{ ...corrected, weights, ranOn, readyMs },
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
    summed = await summedUp(openCpuBackend());
    solved = await refined(summed);
  }
  if (!solved.factor.isDeficient || !mayTakeQr) return solved;
  const factor = await factorByBlocks(read(), summed.equations, signal);
  const ranOn = { ...ON_HOST, kernels: 'qr', precision: 'f64' } as const;
  return refined({ ...summed, equations: { ...summed.equations, factor }, ranOn });
}

/** The sums of examples, and the equations of them. */
interface SummedUp extends Pick<Solved, 'ranOn' | 'readyMs'> {
  moments: Moments;
  equations: NormalEquations;
}

async function solveMoments(moments: Moments, problem: Problem): Promise<Solved> {
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
    factor: equations.factor,
    ranOn: { ...ON_HOST, kernels: 'moments', precision: moments.precision },
    readyMs,
  };
}

function aboutMoments(moments: Moments, { fitIntercept }: Problem) {
  const { featureNames, targetNames, featureCount, count, scatter, means } = moments;
  const isConstant = (j: number) => scatter[j * featureCount + j] === 0 && (fitIntercept || means[j] === 0);
  return {
    names: { featureNames, targetName: targetNames[0] as string },
    exampleCount: count,
    skipped: 0,
    constantFeatures: featureNames.flatMap((_, j) => (isConstant(j) ? [j] : [])),
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

async function modelOf(
  solved: Solved,
  settings: FitSettings,
  warnings: FitWarning[],
  { startMs, deviceMs, origin }: { startMs: number; deviceMs: number; origin: Origin | null },
): Promise<LinearModel> {
  const { weights, bias, names, exampleCount, losses, isRefined, factor, skipped, ranOn, readyMs } = solved;
  const { precision, ...place } = ranOn;
  const featureCount = weights.length;
  const conditionNumber = await conditionOf(factor, skipped);
  warnings.unshift(...sizeWarnings(exampleCount, featureCount, settings));
  warnings.push(...constantWarnings(names.featureNames, solved), ...warningsOf(solved, conditionNumber));
  const endMs = performance.now();
  const report = assembleReport({
    ...place,
    strategy: 'exact',
    settings: { ...settings, epochs: solved.mostPasses, learningRate: 1 },
    exampleCount,
    featureCount,
    lossHistory: losses,
    stopReason: isRefined ? 'converged' : 'epochs',
    reading: origin?.reading ?? null,
    distanceToOptimum: isRefined ? 0 : null,
    solver: {
      rank: factor.rank - skipped,
      conditionNumber: Number.isFinite(conditionNumber) ? conditionNumber : null,
      precision,
    },
    timings: {
      deviceMs,
      uploadMs: readyMs - startMs - deviceMs,
      trainMs: endMs - readyMs,
      readbackMs: 0,
      totalMs: endMs - startMs,
      msPerEpoch: null,
      gigabytesPerSecond: null,
      gpuMs: null,
    },
    warnings,
  });
  return new LinearModel({ weights, bias, ...names, encoder: origin?.encoder ?? null, report });
}

function warningsOf({ factor, isRefined, rest, ranOn, losses }: Solved, conditionNumber: number): FitWarning[] {
  if (factor.isDeficient) {
    const message =
      'Some features are linearly dependent: the best weights are not unique, and these are the smallest.' +
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

/** A source stays one where a pass over it is all that each step takes. */
async function prepare(data: ExampleData, method: ExactOptions['method']): Promise<Dataset | ExampleSource> {
  return method === 'moments' && isSource(data) ? data : forLoss(await toDataset(data), 'squared');
}

function resolveExact(options: ExactOptions): { method: (typeof METHODS)[number]; settings: FitSettings } {
  requireKnown(options, NAMES, { fixes: { l1: 'Use fit: with l1 no equations give the optimum.' } });
  const { method = 'auto', ...others } = options;
  const settings = resolveOptions(others);
  if (!METHODS.includes(method)) throw invalidMethod(`method '${method as string}'`, "'auto' or 'qr' or 'moments'");
  if (method === 'qr' && settings.backend === 'webgpu') {
    throw invalidMethod("method 'qr' with backend 'webgpu'", 'no backend beside it: QR is on the CPU');
  }
  return { method, settings };
}

function refuseWithoutExamples({ targetCount }: Moments, method: ExactOptions['method'], { backend }: FitSettings) {
  if (targetCount !== 1) throw invalidMethod(`moments of ${targetCount} targets`, 'exactly one target');
  if (method === 'qr') throw invalidMethod("moments with method 'qr'", 'examples, which moments are not');
  if (backend === 'webgpu') throw invalidMethod("moments with backend 'webgpu'", 'no backend beside them');
}

function invalidMethod(got: string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', { got, expected, fix: "Leave it out, or use 'auto'." });
}
