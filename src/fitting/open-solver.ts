import { isStreamed } from '../data/inputs.js';
import { Dataset } from '../data/dataset.js';
import type { StreamedSource } from '../data/streamed-source.js';
import { isSynthetic } from '../data/is-synthetic.js';
import type { Backend, Trainer } from '../descent/backend.js';
import { PLAIN_RULE } from '../descent/optimizers.js';
import { isMoments } from '../moments/is-moments.js';
import type { Moments } from '../moments/moments.js';
import type { FitSettings } from '../options/specs.js';
import { isLittle } from '../solve/by-qr.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { StagedSolver } from '../solve/staged-solver.js';
import type { FitOptions } from './fit-options.js';
import { resolveHuberDelta } from './huber-delta.js';
import { LeastSquaresTrainer } from './least-squares-trainer.js';
import type { GpuContext } from '../gpu/device/device.js';
import { type ChosenBackend, openBackend } from './open-backend.js';
import { LITTLE_PLACEMENT, MOMENTS_PLACEMENT, placeOf } from './place.js';
import type { OpenTraining } from './open-fit.js';
import { multiplyAdds, solverWork, workOf } from './placement.js';
import type { PreparedData } from './prepare-data.js';
import { SolverTrainer } from './solver-trainer.js';
import { correctionsOn, DEVICE_ROUNDING, endRuleFor, isForHostAlone, solverOn } from './solver-stages.js';

/** A trainer by a solver. */
interface OpenSolver {
  trainer: Trainer;
  exampleCount: number;
  data: OpenTraining['data'];
  strategy: OpenTraining['strategy'];
}

/** Opens the solver that the options ask for, or with 'auto' the one that reaches the optimum soonest. */
export async function openSolver(
  { training }: PreparedData,
  settings: FitSettings,
  { context, signal }: FitOptions,
): Promise<OpenTraining> {
  const startMs = performance.now();
  const { opened, ...place } = await openPlace(training, settings, context, signal);
  const deviceMs = performance.now() - startMs;
  const { trainer, ...solver } = await place.begin(signal);
  return {
    ...solver,
    ...placeOf(opened, place.placement),
    trainer,
    validationCount: 0,
    settings,
    warnings: opened?.warnings ?? [],
    limit: null,
    rate: { learningRate: 1, tolerance: settings.tolerance },
    rule: PLAIN_RULE,
    startScale: 1,
    rateWarnings: [],
    timings: { deviceMs, uploadMs: performance.now() - startMs - deviceMs },
    dispose: () => {
      trainer.dispose();
      opened?.backend.dispose();
    },
  };
}

/** The products of more features than this, [d, d] in f64, take more than half a gigabyte. */
const MOST_SUMMED_FEATURES = 8192;

/** A place to solve, and the solver there. */
interface SolverPlace {
  /** null where the host solves. */
  opened: ChosenBackend | null;
  placement: string;
  begin(signal: AbortSignal | undefined): Promise<OpenSolver>;
}

async function openPlace(
  training: PreparedData['training'],
  settings: FitSettings,
  context: GpuContext | undefined,
  signal: AbortSignal | undefined,
): Promise<SolverPlace> {
  if (isMoments(training)) {
    const begin = () => onMoments(training, training.count, settings);
    return { opened: null, placement: MOMENTS_PLACEMENT, begin };
  }
  if (settings.backend === 'auto' && isForHost(training, settings)) {
    const begin = (asked: AbortSignal | undefined) => solverOnHost(training, settings, asked);
    return { opened: null, placement: LITTLE_PLACEMENT, begin };
  }
  const opened = await openBackend(settings, context, workOf(training, settings), signal);
  const begin = (asked: AbortSignal | undefined) =>
    onBackend(opened.backend, (backend) => solverOnBackend(training, settings, backend, asked));
  return { opened, placement: opened.placement, begin };
}

/**
 * Multiply-adds up to which the host solves in f64 at once: some milliseconds, as long as it takes to lay the examples out for
 * an engine and to correct its result.
 */
const MOST_HOST_WORK = 1e7;

/** True for least squares without l1: equations give its optimum. */
function isExact({ optimizer, loss, l1 }: FitSettings): boolean {
  return optimizer === 'auto' && loss === 'squared' && l1 === 0;
}

/** True for data so few that the host solves in less time than any engine needs to begin. */
function isForHost(training: PreparedData['training'], settings: FitSettings): training is Dataset {
  if (!(training instanceof Dataset) || settings.strategy !== 'auto') return false;
  if (isExact(settings)) return isLittle(training);
  return multiplyAdds(solverWork(training, settings)) <= MOST_HOST_WORK;
}

/** The solver of little data, on the host in f64. */
async function solverOnHost(
  dataset: Dataset,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  return isExact(settings) ? byQr(dataset, settings) : onHost(dataset, settings, signal);
}

async function solverOnBackend(
  training: Exclude<PreparedData['training'], Moments>,
  settings: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  const isOnGpu = backend.name === 'webgpu';
  // Where the host has the examples, it corrects what sums in f32 leave.
  const examples = isSynthetic(training) && !isOnGpu ? training.dataset : training;
  if (!isOnGpu && isForHost(examples, settings)) return solverOnHost(examples, settings, signal);
  if (examples instanceof Dataset && settings.strategy === 'auto') {
    if (isExact(settings) && examples.featureCount <= MOST_SUMMED_FEATURES)
      return byMoments(examples, settings, backend);
    if (backend.name === 'reference') return onHost(examples, settings, signal);
  }
  if (hasRows(examples)) {
    if (settings.strategy === 'moments') {
      const moments = await backend.moments(examples, signal);
      return onMoments(moments, examples.exampleCount, settings);
    }
    if (!(examples instanceof Dataset)) return onSource(examples, settings, backend, signal);
  }
  return onBackendTrainer(examples, settings, backend, signal);
}

/** Disposes of the backend if opening fails. */
async function onBackend(
  backend: Backend,
  begin: (backend: Backend) => OpenSolver | Promise<OpenSolver>,
): Promise<OpenSolver> {
  try {
    return await begin(backend);
  } catch (error) {
    backend.dispose();
    throw error;
  }
}

/** True for examples of which a backend can take moments. */
function hasRows(training: PreparedData['training']): training is Dataset | StreamedSource {
  return training instanceof Dataset || isStreamed(training);
}

function byQr(dataset: Dataset, settings: FitSettings): OpenSolver {
  const trainer = new LeastSquaresTrainer({ method: 'qr', examples: dataset }, settings, dataset.featureCount);
  return { trainer, strategy: 'exact', exampleCount: dataset.exampleCount, data: dataset };
}

function byMoments(dataset: Dataset, settings: FitSettings, backend: Backend): OpenSolver {
  const mayTakeQr = settings.backend !== 'webgpu';
  const trainer = new LeastSquaresTrainer(
    { method: 'moments', examples: dataset, backend, mayTakeQr },
    settings,
    dataset.featureCount,
  );
  return { trainer, strategy: 'exact', exampleCount: dataset.exampleCount, data: dataset };
}

/** A source that is streamed: least squares by its moments, and other objectives by a pass for each step. */
async function onSource(
  source: StreamedSource,
  settings: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  const { features } = await source.columns();
  if (isExact(settings) && features.length <= MOST_SUMMED_FEATURES) {
    const moments = await backend.moments(source, signal);
    const data = {
      method: 'moments',
      examples: source,
      backend,
      mayTakeQr: settings.backend !== 'webgpu',
      moments,
    } as const;
    const trainer = new LeastSquaresTrainer(data, settings, features.length);
    return { trainer, strategy: 'exact', exampleCount: source.exampleCount, data: source };
  }
  const { streamedSolver } = await import('./streaming/streaming.js');
  const trainer = await streamedSolver(source, settings, backend, signal);
  return { trainer, strategy: 'streaming', exampleCount: source.exampleCount, data: source };
}

/** Moments are all there is: their normal equations, or with l1 and for solvers asked for by name their Hessian. */
async function onMoments(moments: Moments, exampleCount: number, settings: FitSettings): Promise<OpenSolver> {
  const opened = { exampleCount, data: moments };
  if (settings.optimizer === 'auto' && settings.l1 === 0) {
    const data = { method: 'given', moments } as const;
    return { ...opened, strategy: 'exact', trainer: new LeastSquaresTrainer(data, settings, moments.featureCount) };
  }
  const { MomentsTrainer } = await import('../moments/descent/trainer.js');
  const units = new MomentsTrainer(moments, settings);
  const trainer = new SolverTrainer({
    units,
    evaluator: units,
    kernels: 'moments',
    warnings: [],
    begin: solverOn(units, settings),
    dispose: () => units.dispose(),
  });
  return { ...opened, strategy: 'moments', trainer };
}

async function onHost(dataset: Dataset, settings: FitSettings, signal: AbortSignal | undefined): Promise<OpenSolver> {
  const evaluator = await HostEvaluator.of(dataset, settings, signal);
  const trainer = new SolverTrainer({
    units: evaluator,
    evaluator,
    kernels: 'host',
    warnings: [],
    begin: solverOn(evaluator, settings),
    endRule: endRuleFor(evaluator, settings),
    dispose: () => undefined,
  });
  return { trainer, strategy: 'streaming', exampleCount: dataset.exampleCount, data: dataset };
}

/** Solves by the sums of a backend, and corrects the result on the host, in f64, if the host has the examples. */
async function onBackendTrainer(
  training: PreparedData['training'],
  asked: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  if (isMoments(training) || isStreamed(training)) throw new TypeError('a solver streams examples');
  const settings = await resolveHuberDelta(training, { ...asked, optimizer: 'gradientDescent' }, signal);
  const { passes } = solverWork(training, asked);
  const uploaded = await backend.upload(training, { ...settings, asked, epochs: passes, signal });
  const solver = { ...settings, optimizer: asked.optimizer };
  const host = training instanceof Dataset ? HostEvaluator.inUnitsOf(uploaded, training, settings) : undefined;
  const { exampleCount } = training;
  const first = solverOn(uploaded, solver, { rounding: DEVICE_ROUNDING, exampleCount });
  const trainer = new SolverTrainer({
    units: uploaded,
    evaluator: host ?? uploaded,
    kernels: uploaded.kernels,
    threads: uploaded.threads,
    tuning: uploaded.tuning,
    warnings: uploaded.warnings,
    begin(parameters) {
      if (!host) return first(parameters);
      const isForHost = isForHostAlone(host, solver);
      return new StagedSolver(first(parameters), correctionsOn(host, solver, isForHost), isForHost);
    },
    endRule: host && endRuleFor(host, solver),
    huberDelta: settings.huberDelta,
    dispose: () => uploaded.dispose(),
  });
  return { trainer, strategy: 'streaming', exampleCount, data: training };
}
