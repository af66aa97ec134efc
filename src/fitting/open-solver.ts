import { Dataset } from '../data/dataset.js';
import type { CountingSource } from '../data/counting-source.js';
import { SyntheticData } from '../data/synthetic.js';
import type { Backend, Trainer } from '../descent/backend.js';
import { PLAIN_RULE } from '../descent/optimizers.js';
import type { FitWarning } from '../descent/report.js';
import { BufferExamples } from '../gpu/examples/buffer-examples.js';
import { MomentsTrainer } from '../moments/descent/trainer.js';
import { Moments } from '../moments/moments.js';
import type { FitSettings } from '../options/specs.js';
import { isLittle } from '../solve/by-qr.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { StagedSolver } from '../solve/staged-solver.js';
import type { FitOptions } from './fit-options.js';
import { resolveHuberDelta } from './huber-delta.js';
import { LeastSquaresTrainer } from './least-squares-trainer.js';
import { openBackend, openCpuBackend } from './open-backend.js';
import { placeOf } from './open-descent.js';
import type { OpenTraining } from './open-fit.js';
import type { PreparedData } from './prepare-data.js';
import { SolverTrainer } from './solver-trainer.js';
import { correctionsOn, DEVICE_ROUNDING, endRuleFor, isHostSooner, solverOn } from './solver-stages.js';

/** A trainer by a solver, and the backend that it opened. */
interface OpenSolver {
  trainer: Trainer;
  backend: Backend | null;
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
  const warnings: FitWarning[] = [];
  let deviceMs = 0;
  const open = async () => {
    const openMs = performance.now();
    const opened = await openBackend(settings.backend, context);
    deviceMs = performance.now() - openMs;
    warnings.push(...opened.warnings);
    return opened.backend;
  };
  const { trainer, backend, ...opened } = await solverFor(training, settings, open, signal);
  return {
    ...opened,
    ...placeOf(backend),
    trainer,
    validationCount: 0,
    settings,
    warnings,
    limit: null,
    rate: { learningRate: 1, tolerance: settings.tolerance },
    rule: PLAIN_RULE,
    startScale: 1,
    rateWarnings: [],
    timings: { deviceMs, uploadMs: performance.now() - startMs - deviceMs },
    dispose: () => {
      trainer.dispose();
      backend?.dispose();
    },
  };
}

/** The products of more features than this, [d, d] in f64, take more than half a gigabyte. */
const MOST_SUMMED_FEATURES = 8192;

async function solverFor(
  training: PreparedData['training'],
  settings: FitSettings,
  open: () => Promise<Backend>,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  if (training instanceof Moments) return onMoments(training, training.count, settings, null);
  const isExact = settings.optimizer === 'auto' && settings.loss === 'squared' && settings.l1 === 0;
  if (training instanceof Dataset) {
    const isOnHost = isHostSooner(training, settings);
    if (isExact && settings.strategy === 'auto' && training.featureCount <= MOST_SUMMED_FEATURES) {
      if (isLittle(training) && settings.backend !== 'webgpu') return byQr(training, settings);
      return onBackend(isOnHost ? openCpuBackend() : await open(), (backend) => byMoments(training, settings, backend));
    }
    if (isOnHost && settings.strategy === 'auto') return onHost(training, settings);
  }
  return onBackend(await open(), async (backend) => {
    const sums = settings.strategy === 'moments' && hasRows(training) ? await backend.moments(training, signal) : null;
    if (sums) return onMoments(sums, training.exampleCount, settings, backend);
    return onBackendTrainer(training, settings, backend, signal);
  });
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
function hasRows(training: PreparedData['training']): training is Dataset | CountingSource {
  return training instanceof Dataset || (!(training instanceof Moments) && hasUnreadRows(training));
}

function byQr(dataset: Dataset, settings: FitSettings): OpenSolver {
  const trainer = new LeastSquaresTrainer({ method: 'qr', examples: dataset }, settings, dataset.featureCount);
  return { trainer, backend: null, strategy: 'exact', exampleCount: dataset.exampleCount, data: dataset };
}

function byMoments(dataset: Dataset, settings: FitSettings, backend: Backend): OpenSolver {
  const mayTakeQr = settings.backend !== 'webgpu';
  const trainer = new LeastSquaresTrainer(
    { method: 'moments', examples: dataset, backend, mayTakeQr },
    settings,
    dataset.featureCount,
  );
  return { trainer, backend, strategy: 'exact', exampleCount: dataset.exampleCount, data: dataset };
}

/** Moments are all there is: their normal equations, or with l1 and for solvers asked for by name their Hessian. */
function onMoments(moments: Moments, exampleCount: number, settings: FitSettings, backend: Backend | null): OpenSolver {
  const opened = { backend, exampleCount, data: moments };
  if (settings.optimizer === 'auto' && settings.l1 === 0) {
    const data = { method: 'given', moments } as const;
    return { ...opened, strategy: 'exact', trainer: new LeastSquaresTrainer(data, settings, moments.featureCount) };
  }
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

function onHost(dataset: Dataset, settings: FitSettings): OpenSolver {
  const evaluator = HostEvaluator.of(dataset, settings);
  const trainer = new SolverTrainer({
    units: evaluator,
    evaluator,
    kernels: 'host',
    warnings: [],
    begin: solverOn(evaluator, settings),
    endRule: endRuleFor(evaluator, settings),
    dispose: () => undefined,
  });
  return { trainer, backend: null, strategy: 'streaming', exampleCount: dataset.exampleCount, data: dataset };
}

/** Solves by the sums of a backend, and corrects the result on the host, in f64, if the host has the examples. */
async function onBackendTrainer(
  training: PreparedData['training'],
  asked: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<OpenSolver> {
  if (training instanceof Moments || hasUnreadRows(training)) throw new TypeError('a solver streams examples');
  const settings = await resolveHuberDelta(training, { ...asked, optimizer: 'gradientDescent' }, signal);
  const uploaded = await backend.upload(training, { ...settings, signal });
  const solver = { ...settings, optimizer: asked.optimizer };
  const host = training instanceof Dataset ? HostEvaluator.inUnitsOf(uploaded, training, settings) : undefined;
  const first = solverOn(uploaded, solver, backend.name === 'webgpu' ? DEVICE_ROUNDING : undefined);
  const trainer = new SolverTrainer({
    units: uploaded,
    evaluator: host ?? uploaded,
    kernels: uploaded.kernels,
    warnings: uploaded.warnings,
    begin: (parameters) => new StagedSolver(first(parameters), host ? correctionsOn(host, solver) : []),
    endRule: host && endRuleFor(host, solver),
    huberDelta: settings.huberDelta,
    dispose: () => uploaded.dispose(),
  });
  return { trainer, backend, strategy: 'streaming', exampleCount: training.exampleCount, data: training };
}

function hasUnreadRows(training: Exclude<PreparedData['training'], Moments>): training is CountingSource {
  return (
    !(training instanceof Dataset) && !(training instanceof BufferExamples) && !(training instanceof SyntheticData)
  );
}
