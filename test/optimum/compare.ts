import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';
import { type DrawnProblem, drawProblem, type ObjectiveCase } from './problems.js';
import { solveByOracle } from './oracle.js';

/** A relative excess of the objective over its minimum that is none. */
export const OBJECTIVE_TOLERANCE = 1e-9;

/** A difference of predictions, in standard deviations of the targets, that is none. */
export const PREDICTION_TOLERANCE = 1e-5;

/** The comparison of a default fit with the oracle. */
export interface Comparison {
  seed: number;
  /** (F − F*)/F* of the objective. */
  excess: number;
  /** Largest difference of a prediction, in standard deviations of the targets. */
  difference: number;
  converged: boolean;
  isWarned: boolean;
  steps: number;
  optimizer: string;
}

/** Fits a drawn problem by the defaults, and compares with the oracle at the δ that the fit found. */
export async function compareFit(
  seed: number,
  objective: ObjectiveCase,
  condition: number,
  place: FitOptions,
): Promise<Comparison> {
  const { dataset, options }: DrawnProblem = drawProblem(seed, objective, condition);
  const model = await fit(dataset, { ...options, ...place });
  const report = model.report;
  const { huberDelta } = report.settings;
  const { loss, fitIntercept, l1, l2 } = report.settings;
  const oracle = solveByOracle(dataset, {
    loss,
    fitIntercept,
    l1,
    l2,
    huberDelta: huberDelta === 'auto' ? 1 : huberDelta,
  });
  return {
    seed,
    excess: (oracle.objectiveOf(model) - oracle.objective) / oracle.objective,
    difference: oracle.differenceOf(model) / oracle.spread,
    converged: report.converged,
    isWarned: report.warnings.some(({ code }) => code === 'NOT_CONVERGED'),
    steps: report.epochsRun,
    optimizer: report.optimizer,
  };
}

/** True if the model is the optimum, or says that it is not. */
export function isRight({ excess, difference, converged, isWarned }: Comparison): boolean {
  const isOptimum = excess <= OBJECTIVE_TOLERANCE && difference <= PREDICTION_TOLERANCE;
  return converged ? isOptimum && !isWarned : isWarned;
}
