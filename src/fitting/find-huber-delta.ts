import type { Dataset } from '../data/dataset.js';
import type { FitSettings } from '../options/specs.js';
import { HostEvaluator } from '../solve/host-evaluator.js';
import { HUBER_EFFICIENCY, HuberScaleSolver, residualScale } from '../solve/huber-scale.js';
import { solverOn } from './solver-stages.js';

/** Steps that the search for δ may take; 10 to 30 do mostly. */
const MOST_STEPS = 200;

/** δ that a robust fit of the same objective comes to, on the host in f64. */
export async function findHuberDelta(
  training: Dataset,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<number> {
  return huberDeltaOn(await HostEvaluator.of(training, settings, signal), settings, signal);
}

/** The same on examples that an evaluator reads. */
export async function huberDeltaOn(
  evaluator: HostEvaluator,
  settings: FitSettings,
  signal: AbortSignal | undefined,
): Promise<number> {
  const begin = solverOn(evaluator, { ...settings, optimizer: 'auto' });
  const solver = begin(new Float64Array(evaluator.featureCount + 1));
  if (!(solver instanceof HuberScaleSolver)) throw new TypeError('δ is not searched for');
  for (let step = 0; step < MOST_STEPS && solver.state.status === 'running'; step++) await solver.step(signal);
  if (solver.huberDelta !== null) return solver.huberDelta;
  const { scale } = await residualScale(evaluator, solver.state.parameters, signal);
  return HUBER_EFFICIENCY * scale || 1;
}
