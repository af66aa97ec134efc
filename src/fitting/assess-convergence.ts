import { inTurns } from '../base/turns.js';
import { spreadsInParts } from '../data/column-layout.js';
import { Dataset } from '../data/dataset.js';
import { surveyOf } from '../data/inputs.js';
import type { Trainer } from '../descent/backend.js';
import type { Evaluator } from '../descent/evaluation.js';
import type { FitReport, StopReason } from '../descent/report.js';
import { isMoments } from '../moments/is-moments.js';
import { defaultOf } from '../options/choose-optimizer.js';
import type { FitSettings } from '../options/specs.js';
import { constantModel } from '../solve/constant-model.js';
import { penaltyOf } from '../descent/step.js';
import { convergenceOf } from '../solve/least-squares-convergence.js';
import { leastSubgradient } from '../solve/optimality.js';
import type { OpenFit } from './open-fit.js';
import type { SolverTrainer } from './solver-trainer.js';
import { boundOfSlopes, roundingOfSlopes } from './slope-sizes.js';
import { isLeastSquares, isSolver } from './trainer-kinds.js';

/** The parts of a report that say how near to the optimum a fit came. */
export type Convergence = Pick<FitReport, 'converged' | 'relativeGradient' | 'distanceToOptimum' | 'distanceBy'>;

/** The end of a run. */
export interface FitEnd {
  /** [d + 1] The parameters of the model and the first ones, in training units. */
  result: Float64Array;
  initial: Float64Array;
  /** The objective at the first parameters; NaN if no epoch ran. */
  firstObjective: number;
  stopReason: StopReason;
  epochsRun: number;
}

/**
 * The slope, as a share of the steepest that a standardized feature could have at the constant model, below which the
 * reference is not taken: where no feature explains anything, the constant model is the optimum and its slopes are rounding.
 */
const FLAT = 1e-2;

/** A Hessian takes as long as about d/2 epochs: the share of the epochs run that an estimate may add. */
const MOST_SHARE = 0.1;

/** Multiply-adds that an estimate may take however short the fit was: some milliseconds. */
const MOST_WORK = 2 ** 22;

/** Newton steps that an estimate may take. */
const MOST_STEPS = 20;

/** More of the excess loss than this share is no optimum, whatever the gradient. Sums in f32 tell it to about 1e-5. */
const FAR = 1e-4;

/** Steps of a solver that ends by itself after a few, unless it creeps along nearly dependent features. */
const CRAWL = 100;

/** Features for which a Hessian is estimated at most. */
const MOST_FEATURES = 512;

/** The convergence of a fit that nothing is known of. */
const UNKNOWN: Convergence = {
  converged: false,
  relativeGradient: null,
  distanceToOptimum: null,
  distanceBy: null,
};

/** The end of a fit whose convergence cannot be known. */
export function unassessed(reason: StopReason): Assessment {
  return { convergence: UNKNOWN, stopReason: settledReason(reason, UNKNOWN) };
}

/** The convergence of a fit, and the reason for its end in the light of it. */
export interface Assessment {
  convergence: Convergence;
  stopReason: StopReason;
}

/** A fit as far as its convergence depends on it. */
export interface AssessedFit extends Pick<OpenFit, 'settings' | 'exampleCount' | 'featureNames'> {
  trainer: Evaluator & Pick<Trainer, 'toCallerUnits' | 'constantFeatures'>;
  /** The training data; null if they are not at hand in the units of the trainer. */
  data: OpenFit['data'] | null;
}

/** Tells if a fit ended at an optimum. */
export async function assessConvergence(fit: AssessedFit, end: FitEnd): Promise<Assessment> {
  const convergence = await convergenceOfFit(fit, end);
  if (convergence.converged && (await isSeparated(fit, end))) {
    const left = { distanceToOptimum: null, distanceBy: null };
    return { convergence: { ...convergence, ...left, converged: false }, stopReason: 'separable' };
  }
  return { convergence, stopReason: settledReason(end.stopReason, convergence) };
}

/** Compares the gradient at the end of a fit with that of the best constant model, and estimates the excess loss. */
async function convergenceOfFit(fit: AssessedFit, end: FitEnd): Promise<Convergence> {
  const { trainer, settings } = fit;
  if (isLeastSquares(trainer)) {
    return trainer.solution ? convergenceOf(trainer.solution, toleranceOf(settings)) : UNKNOWN;
  }
  if (end.stopReason === 'diverged' || !end.result.every(Number.isFinite)) return UNKNOWN;
  const solved = isSolver(trainer) ? trainer : undefined;
  const found = solved?.huberDelta ?? settings.huberDelta;
  if (settings.loss === 'huber' && found === 'auto') return UNKNOWN; // ended before δ was found
  const huberDelta = found === 'auto' ? 1 : found;
  const here = (hasObjective(fit) ? solved?.solved?.gradient : undefined) ?? (await trainer.evaluate(end.result, { withHessian: false, huberDelta })).gradient; // prettier-ignore
  const constant = await constantModel(trainer, { ...settings, huberDelta });
  if (!Number.isFinite(constant.evaluation.loss) || !here.every(Number.isFinite)) return UNKNOWN;
  const slopeOf = await steepestSlope(fit);
  const reference = slopeOf(constant.evaluation.gradient, constant.parameters);
  const bound = boundOfSlopes(constant, settings.loss, huberDelta);
  const slope = slopeOf(here, end.result);
  const rounding = roundingOfSlopes(fit, end, huberDelta);
  const relativeGradient = slope <= rounding ? 0 : slope / Math.max(reference, FLAT * bound, rounding);
  const tolerance = toleranceOf(settings);
  const distance = await distanceOf(fit, end, huberDelta);
  // A small gradient may be that of a long way along nearly dependent features.
  const isCrawling = solved?.solved?.status === 'running' && end.stopReason === 'epochs' && end.epochsRun >= CRAWL;
  const isFar = distance.distanceBy === 'optimum' && (distance.distanceToOptimum ?? 0) > Math.max(tolerance, FAR);
  return {
    converged:
      relativeGradient <= tolerance &&
      end.stopReason !== 'separable' &&
      !isCrawling &&
      !isFar &&
      (solved?.isDeltaSettled ?? true),
    relativeGradient,
    ...distance,
  };
}

/** A run that ended because the objective no longer fell has converged if the gradient says so, and only then. */
function settledReason(reason: StopReason, { converged }: Pick<Convergence, 'converged'>): StopReason {
  if (reason !== 'plateau' && reason !== 'converged') return reason;
  return converged ? 'converged' : 'plateau';
}

/**
 * True if the classes are seen to be separable: along weights that grow for ever the gradient, too, comes below any tolerance.
 * The model itself tells all examples apart, or the next step of Newton's method points to where the loss falls for ever.
 */
async function isSeparated(fit: AssessedFit, { result, epochsRun }: FitEnd): Promise<boolean> {
  const { trainer, settings, data } = fit;
  const { loss, l1, l2 } = settings;
  if (loss !== 'logistic' || l1 > 0 || l2 > 0) return false;
  const { findSeparation, hostEvaluatorOf, newtonSolver } = await import('./optimum-engine.js');
  const evaluator = hostEvaluatorOf(trainer, data, settings);
  if (!evaluator) return false;
  if (stepsFor(fit, epochsRun) === 0) return (await findSeparation(evaluator, result, result, undefined)) !== null;
  const newton = newtonSolver({ evaluator, start: result, huberDelta: 1, l1, l2 }, false);
  await newton.step(undefined);
  await newton.step(undefined);
  const change = newton.state.parameters.map((value, j) => value - (result[j] as number));
  return (await findSeparation(evaluator, result, change, undefined)) !== null;
}

/** The tolerance that convergence is judged by: the default where 0 asks for all epochs. */
export function toleranceOf({ tolerance }: Pick<FitSettings, 'tolerance'>): number {
  return tolerance === 0 ? (defaultOf('tolerance') as number) : tolerance;
}

/**
 * The largest slope of the objective for standardized features, whatever the trainer's own units: with weights v = w·σ and the
 * bias at the means, ∂/∂v = (∂/∂w − μ·∂/∂b)/σ.
 */
async function steepestSlope(fit: AssessedFit): Promise<(gradient: Float64Array, parameters: Float64Array) => number> {
  const { settings } = fit;
  const units = await unitsOf(fit);
  return (gradient, parameters) => {
    const slopes = leastSubgradient(gradient, parameters, settings);
    const bias = slopes.length - 1;
    return slopes.reduce((steepest, slope, j) => {
      const { mean, spread } = units?.[j] ?? { mean: 0, spread: 1 };
      const standardized = j === bias ? slope : (slope - mean * (slopes[bias] as number)) / spread;
      return Math.max(steepest, Math.abs(standardized));
    }, 0);
  };
}

/** [d] The mean and the standard deviation of each feature in training units; null if they are 0 and 1, or not known. */
async function unitsOf({ settings, trainer, data }: AssessedFit): Promise<{ mean: number; spread: number }[] | null> {
  if (settings.standardize) return null;
  if (isMoments(data)) {
    const { featureCount, count, scatter, means } = data;
    return Array.from(means, (mean, j) => {
      const variance = (scatter[j * featureCount + j] as number) / count;
      if (settings.fitIntercept) return { mean, spread: Math.sqrt(variance) || 1 };
      return { mean: 0, spread: Math.sqrt(variance + mean ** 2) || 1 };
    });
  }
  const spreads =
    data instanceof Dataset
      ? await inTurns(spreadsInParts(data.columns, data.exampleWeights, settings.fitIntercept))
      : surveyOf(data)?.columns.map((column) => column.spread(settings.fitIntercept));
  if (!spreads) return null;
  return spreads.map(({ center, deviation }) => ({ mean: isSolver(trainer) ? 0 : center, spread: deviation }));
}

/** True if the state of a solver is that of the objective: before its first step there is none, and on its way Huber's loss has another δ. */
function hasObjective(fit: AssessedFit): fit is AssessedFit & { trainer: SolverTrainer } {
  const { trainer, settings } = fit;
  if (!isSolver(trainer) || !Number.isFinite(trainer.solved?.objective)) return false;
  return settings.loss !== 'huber' || trainer.solved?.status !== 'running';
}

/** The share of the excess loss that is left. */
async function distanceOf(
  fit: AssessedFit,
  end: FitEnd,
  huberDelta: number,
): Promise<Pick<FitReport, 'distanceToOptimum' | 'distanceBy'>> {
  const { trainer, settings, data } = fit;
  const unknown = { distanceToOptimum: null, distanceBy: null };
  if (end.stopReason === 'separable') return unknown;
  const first =
    settings.loss === 'huber' && isSolver(trainer)
      ? (await trainer.evaluate(end.initial, { withHessian: false, huberDelta })).loss +
        penaltyOf(end.initial, settings)
      : end.firstObjective;
  if (hasObjective(fit)) {
    const { solved } = fit.trainer;
    if (!solved || solved.excess === null) return unknown;
    const by = solved.status === 'converged' ? 'optimum' : 'newtonStep';
    return shareOf(first, solved.objective, solved.objective - solved.excess, by);
  }
  const isOnHost = data instanceof Dataset || isMoments(data);
  const { distanceToOptimum, newtonSolver } = await import('./optimum-engine.js');
  const exact = distanceToOptimum(isOnHost ? data : null, settings, end.initial, end.result);
  if (exact !== null) return { distanceToOptimum: exact, distanceBy: 'optimum' };
  // Sums in f32 may not tell which features depend on others, nor then what is left.
  if (isMoments(data) && data.precision === 'f32' && settings.l1 === 0) return unknown;
  const steps = stepsFor(fit, end.epochsRun);
  if (steps === 0) return unknown;
  const { l1, l2 } = settings;
  const newton = newtonSolver(
    { evaluator: trainer, start: end.result, huberDelta, l1, l2 },
    settings.loss === 'squared',
  );
  await newton.step(undefined);
  const objective = newton.state.objective;
  for (let k = 1; k < steps && newton.state.status === 'running'; k++) await newton.step(undefined);
  const { objective: least, excess, status } = newton.state;
  return shareOf(first, objective, least - (excess ?? 0), status === 'running' ? 'newtonStep' : 'optimum');
}

/** Newton steps that take no more than a small share of the fit's time, or some milliseconds. */
function stepsFor({ exampleCount, featureNames: { length: featureCount } }: AssessedFit, epochsRun: number): number {
  if (featureCount > MOST_FEATURES) return 0;
  const affordable = Math.max(
    (MOST_SHARE * epochsRun) / (featureCount / 2 + 1),
    MOST_WORK / ((exampleCount * (featureCount + 1) ** 2) / 2),
  );
  return Math.min(MOST_STEPS, Math.floor(affordable));
}

function shareOf(
  first: number,
  last: number,
  least: number,
  by: 'optimum' | 'newtonStep',
): Pick<FitReport, 'distanceToOptimum' | 'distanceBy'> {
  const [left, whole] = [Math.max(0, last - least), first - least];
  const share = left === 0 ? 0 : left / whole;
  if (!Number.isFinite(share) || whole < 0) return { distanceToOptimum: null, distanceBy: null };
  return { distanceToOptimum: share, distanceBy: by };
}
