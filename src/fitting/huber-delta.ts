import { Dataset } from '../data/dataset.js';
import type { DescentOptions } from '../options/choose-optimizer.js';
import type { OptimizerName } from '../options/names.js';
import { LEAST_SQUARES } from '../options/objective.js';
import type { FitSettings } from '../options/specs.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { HUBER_EFFICIENCY, HuberScaleSolver, residualScale } from '../solve/huber-scale.js';
import type { TrainingData } from './prepare-data.js';
import { solverOn } from './solver-stages.js';

/** Steps that the search for δ may take; 10 to 30 do mostly. */
const MOST_STEPS = 200;

/**
 * The options with δ as a number: where 'auto' is asked for, the one that a robust fit of the same objective comes to, on the
 * host in f64. Other losses ignore it.
 */
export async function resolveHuberDelta<Settings extends FitSettings & { optimizer: OptimizerName }>(
  training: TrainingData,
  settings: Settings,
  signal: AbortSignal | undefined,
): Promise<Settings & DescentOptions> {
  const { huberDelta, loss } = settings;
  if (huberDelta !== 'auto') return { ...settings, huberDelta };
  if (loss !== 'huber') return { ...settings, huberDelta: LEAST_SQUARES.huberDelta };
  if (!(training instanceof Dataset)) throw new TypeError("huberDelta 'auto' needs the examples on the host");
  const evaluator = HostEvaluator.of(training, settings);
  const begin = solverOn(evaluator, { ...settings, optimizer: 'auto' });
  const solver = begin(new Float64Array(training.featureCount + 1));
  if (!(solver instanceof HuberScaleSolver)) throw new TypeError('δ is not searched for');
  for (let step = 0; step < MOST_STEPS && solver.state.status === 'running'; step++) await solver.step(signal);
  const found = solver.huberDelta;
  if (found !== null) return { ...settings, huberDelta: found };
  const { scale } = await residualScale(evaluator, solver.state.parameters, signal);
  return { ...settings, huberDelta: HUBER_EFFICIENCY * scale || 1 };
}

/** The options for a report: with δ as a number if the loss has one. */
export function withDelta<Settings extends FitSettings>(asked: Settings, { huberDelta }: DescentOptions): Settings {
  return asked.loss === 'huber' ? { ...asked, huberDelta } : asked;
}
