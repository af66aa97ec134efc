import { requireFinite } from './fitting/require-finite.js';
import { assembleReport } from './fitting/assemble-report.js';
import { type ExampleData, isSource, toDataset } from './data/inputs.js';
import { Dataset } from './data/checked-dataset.js';
import { forLoss } from './data/labels.js';
import { DescentError } from './base/errors.js';
import { constantWarnings, sizeWarnings } from './descent/warnings.js';
import { requireKnown } from './base/check-names.js';
import { requireObject } from './base/require-object.js';
import { isMoments } from './moments/is-moments.js';
import type { Moments } from './moments/moments.js';
import { convergenceWarnings } from './fitting/convergence-warnings.js';
import { LITTLE_PLACEMENT, MOMENTS_PLACEMENT } from './fitting/place.js';
import { type FitOptions, resolveOptions } from './fitting/fit-options.js';
import { type FitSettings } from './options/specs.js';
import type { FitWarning } from './descent/report.js';
import { isLittle } from './solve/by-qr.js';
import type { Problem } from './solve/design.js';
import { convergenceOf } from './solve/least-squares-convergence.js';
import { diagnoseLeastSquares, type LeastSquaresSolution, solveDataset } from './solve/least-squares.js';
import type { StreamedSource } from './data/streamed-source.js';
import { type Origin, originOf } from './data/origin.js';
import type { FittedModel } from './model/fitted-model.js';
import { LinearModel } from './model/linear-model.js';

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
export async function solveExact(data: ExampleData | Moments, options: ExactOptions = {}): Promise<FittedModel> {
  const startMs = performance.now();
  const { method, settings } = resolveExact(options);
  const { signal } = options;
  signal?.throwIfAborted();
  requireObject(data);
  const problem: Problem = settings;
  const warnings: FitWarning[] = [];
  let solved: LeastSquaresSolution;
  let deviceMs = 0;
  let placement = MOMENTS_PLACEMENT;
  let origin: Origin | null = null;
  if (isMoments(data)) {
    refuseWithoutExamples(data, method, settings);
    const { solveMoments } = await import('./solve/least-squares-by-moments.js');
    solved = await solveMoments(data, problem, signal);
  } else {
    const examples = await prepare(data, method, signal);
    if (
      examples instanceof Dataset &&
      (method === 'qr' || (method === 'auto' && settings.backend !== 'webgpu' && isLittle(examples)))
    ) {
      solved = await solveDataset(examples, problem, signal);
      placement = settings.backend === 'auto' ? LITTLE_PLACEMENT : `Backend '${settings.backend}' was requested.`;
    } else {
      const { solveOnBackend } = await import('./fitting/solve-on-backend.js');
      const mayTakeQr = method === 'auto' && settings.backend !== 'webgpu';
      const asked = { settings, context: options.context, mayTakeQr, signal };
      ({ solved, placement, deviceMs } = await solveOnBackend(examples, problem, asked, warnings));
    }
    origin = originOf(examples);
  }
  return modelOf(solved, settings, warnings, { startMs, deviceMs, placement, origin });
}

async function modelOf(
  solved: LeastSquaresSolution,
  settings: FitSettings,
  warnings: FitWarning[],
  {
    startMs,
    deviceMs,
    placement,
    origin,
  }: { startMs: number; deviceMs: number; placement: string; origin: Origin | null },
): Promise<FittedModel> {
  const { weights, bias, names, exampleCount, countedExamples, losses, ranOn, readyMs } = solved;
  const { backend, adapter, kernels } = ranOn;
  const featureCount = weights.length;
  const diagnosis = await diagnoseLeastSquares(solved);
  warnings.unshift(...sizeWarnings(countedExamples, featureCount, settings));
  warnings.push(...constantWarnings(names.featureNames, solved), ...diagnosis.warnings);
  const ended = convergenceOf(solved, settings.tolerance);
  warnings.push(...convergenceWarnings({ data: null, featureNames: names.featureNames, settings }, ended));
  const endMs = performance.now();
  const report = assembleReport({
    ...{ backend, placement, adapter, kernels },
    strategy: 'exact',
    settings: { ...settings, epochs: solved.mostPasses, learningRate: 1 },
    exampleCount,
    featureCount,
    lossHistory: losses,
    reading: origin?.reading ?? null,
    ...ended,
    optimizer: kernels === 'qr' ? 'qr' : 'normalEquations',
    solver: diagnosis.solver,
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
  return new LinearModel({
    ...requireFinite({ weights, bias }, names.featureNames),
    ...names,
    encoder: origin?.encoder ?? null,
    report,
  }) as FittedModel;
}

/** A source stays one where a pass over it is all that each step takes. */
async function prepare(
  data: ExampleData,
  method: ExactOptions['method'],
  signal: AbortSignal | undefined,
): Promise<Dataset | StreamedSource> {
  if (method !== 'moments' || !isSource(data)) return forLoss(await toDataset(data, { signal }), 'squared');
  const { StreamedSource } = await import('./data/streamed-source.js');
  return new StreamedSource(data);
}

function resolveExact(options: ExactOptions): { method: (typeof METHODS)[number]; settings: FitSettings } {
  const fixes = { l1: 'Use fit: with l1 no equations give the optimum.' };
  const { method = 'auto', ...fitOptions } = requireKnown(options, NAMES, { fixes });
  const settings = resolveOptions(fitOptions);
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
