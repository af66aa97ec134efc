import type { SourceSurvey } from '../../data/source-survey.js';
import type { StreamedSource } from '../../data/streamed-source.js';
import type { Backend } from '../../descent/backend.js';
import type { FitSettings } from '../../options/specs.js';
import type { HostEvaluator } from '../../solve/host-evaluator.js';
import { StagedSolver } from '../../solve/staged-solver.js';
import { huberDeltaOn } from '../find-huber-delta.js';
import { loadCpuBackend } from '../load-engines.js';
import { correctionsOn, DEVICE_ROUNDING, endRuleFor, solverOn } from '../solver-stages.js';
import { SolverTrainer } from '../solver-trainer.js';
import { openStreamed, StreamedEvaluator } from './open-streamed.js';
import type { StreamedTrainer } from './streamed-trainer.js';

/**
 * A solver whose steps are passes over a source: by kernels of the CPU in f64, or on a device in f32, of which passes on the CPU
 * correct the result.
 */
export async function streamedSolver(
  source: StreamedSource,
  asked: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<SolverTrainer> {
  const isPrecise = backend.openBatchSums !== undefined;
  // Sums on a device need δ before they begin.
  const isDeltaFirst = !isPrecise && asked.loss === 'huber' && asked.huberDelta === 'auto';
  const huberDelta = isDeltaFirst ? await streamedHuberDelta(source, asked, signal) : asked.huberDelta;
  const settings = { ...asked, huberDelta };
  const units = await openPasses(source, settings, backend, signal);
  const precise = isPrecise ? units : await openPasses(source, settings, await loadCpuBackend(), signal);
  const host = evaluatorOn(precise, source, settings);
  const parts = {
    units,
    evaluator: host,
    warnings: [],
    endRule: endRuleFor(host, settings),
    dispose: () => {
      units.dispose();
      precise.dispose();
    },
  };
  if (isPrecise) return new SolverTrainer({ ...parts, kernels: units.kernels, begin: solverOn(host, settings) });
  const first = solverOn(units, settings, { rounding: DEVICE_ROUNDING, exampleCount: source.exampleCount });
  return new SolverTrainer({
    ...parts,
    get kernels() {
      return units.kernels;
    },
    huberDelta: huberDelta === 'auto' ? undefined : huberDelta,
    begin: (parameters) => new StagedSolver(first(parameters), correctionsOn(host, settings)),
  });
}

/** δ that a robust fit of the same objective comes to, by passes of the CPU. */
export async function streamedHuberDelta(
  source: StreamedSource,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<number> {
  const trainer = await openPasses(source, settings, await loadCpuBackend(), signal);
  try {
    return await huberDeltaOn(evaluatorOn(trainer, source, settings), settings, signal);
  } finally {
    trainer.dispose();
  }
}

function openPasses(
  source: StreamedSource,
  { loss, huberDelta, fitIntercept, standardize, storage }: FitSettings,
  backend: Backend,
  signal: AbortSignal | undefined,
): Promise<StreamedTrainer> {
  const delta = huberDelta === 'auto' ? 1 : huberDelta; // each pass has its own
  const objective = { loss, huberDelta: delta, fitIntercept };
  return openStreamed(source, backend, { ...objective, standardize, storage, isCentered: true }, signal);
}

function evaluatorOn(trainer: StreamedTrainer, source: StreamedSource, settings: FitSettings): HostEvaluator {
  return StreamedEvaluator.on(trainer, { source, survey: source.surveyed as SourceSurvey }, settings);
}
