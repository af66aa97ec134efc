import { Dataset } from '../../src/data/dataset.js';
import type { Evaluation } from '../../src/descent/evaluation.js';
import type { Loss } from '../../src/options/names.js';
import type { IterationState } from '../../src/solve/iteration-state.js';
import { Newton, type NewtonOptions } from '../../src/solve/newton.js';
import { normals } from './examples.js';
import { F64Evaluator, type EvaluatorData } from './f64-evaluator.js';

/** Numbers of an example problem. */
export interface ProblemSize {
  loss: Loss;
  m: number;
  d: number;
  /** Correlation of any two features. Default: 0. */
  rho?: number;
  /** Effects are this large; under the logistic loss, labels depend on them by chance. Default: 1. */
  effect?: number;
}

/** Features that share a part, with targets or labels that depend on them. */
export function drawProblem(seed: number, { loss, m, d, rho = 0, effect = 1 }: ProblemSize): EvaluatorData {
  const common = normals(seed, m);
  const columns = Array.from({ length: d }, (_, j) =>
    normals(seed + 1 + j, m).map((own, i) => Math.sqrt(rho) * (common[i] as number) + Math.sqrt(1 - rho) * own),
  );
  const noise = normals(seed + d + 1, m);
  const targets = noise.map((chance, i) => {
    const z = columns.reduce((sum, column, j) => sum + effect * (-1) ** j * (column[i] as number), 0.3);
    return loss === 'logistic' ? Number(z + 1.5 * chance > 0) : z + chance;
  });
  return { loss, columns, targets };
}

/** One pass over the examples of a problem, as the solvers take it. */
export function evaluateOf(
  data: EvaluatorData,
  huberDelta = 1,
): (parameters: Float64Array, withHessian: boolean) => Promise<Evaluation> {
  const evaluator = new F64Evaluator(data);
  return (parameters, withHessian) => evaluator.evaluate(parameters, { withHessian, huberDelta });
}

/** Steps until the solver says that it has ended, or `most`. */
export async function runSteps<State extends IterationState>(
  solver: { step(): Promise<State> },
  most = 100,
): Promise<State> {
  let state = await solver.step();
  for (let k = 0; k < most && state.status === 'running'; k++) state = await solver.step();
  return state;
}

/** [d + 1] Where solvers begin. */
export const zeros = (data: EvaluatorData) => new Float64Array(data.columns.length + 1);

export const datasetOf = ({ columns, targets, exampleWeights }: EvaluatorData): Dataset =>
  new Dataset([...columns], targets, columns.map((_, j) => `x${j}`), 'y', exampleWeights); // prettier-ignore

/** Newton's method on a problem, without penalties unless they are given. */
export const newtonOf = (data: EvaluatorData, options: Partial<NewtonOptions> = {}): Newton =>
  new Newton({ start: zeros(data), evaluate: evaluateOf(data), l1: 0, l2: 0, ...options });
