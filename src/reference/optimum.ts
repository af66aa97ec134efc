import type { Dataset } from '../data/dataset.js';
import type { Parameters } from '../descent/backend.js';
import type { FitSettings } from '../options/specs.js';
import { ReferenceTrainer } from './trainer.js';

/** The options that an optimum depends on. */
export type OptimumProblem = Pick<FitSettings, 'loss' | 'fitIntercept' | 'standardize' | 'l1' | 'l2'> & {
  huberDelta: number;
};

/** The distance of some parameters from the optimum, as Newton's method on the reference finds it. */
export interface OptimumStep {
  /** The parameters that the step leads to: the optimum, once it is near. */
  optimum: Parameters;
  /** [d + 1] The change of each parameter on standardized features; the bias is that at the means. */
  changes: Float64Array;
  /** True if the optimum is not unique. */
  isDeficient: boolean;
}

/** A pivot under this share of its diagonal depends on those before it. */
const DEPENDENT = 1e-11;

/**
 * One step of Newton's method from the given parameters: loss, gradient and Hessian by the plain loops of the reference in
 * f64, and elimination of the equations. It shares no code with the solvers. With l1, weights at 0 whose slope the penalty
 * outweighs stay there, and the others keep their signs: the conditions of Karush, Kuhn and Tucker hold where every change
 * is 0.
 */
export async function stepToOptimum(
  dataset: Dataset,
  parameters: { weights: ArrayLike<number>; bias: number },
  problem: OptimumProblem,
): Promise<OptimumStep> {
  const { loss, huberDelta, fitIntercept, standardize, l1, l2 } = problem;
  const targets = [{ name: dataset.targetName, values: dataset.targets }];
  const objective = { loss, huberDelta, fitIntercept };
  // Standardized whatever the fit was, so that changes are sizes of effects; the penalties are those of the fit's units.
  const trainer = new ReferenceTrainer({ dataset, targets, folds: [] }, true, objective);
  const unit = trainer.toCallerUnits(new Float64Array(dataset.featureCount + 1).fill(1)).weights;
  const factorOf = (j: number) => (standardize ? 1 : (unit[j] as number));
  const point = trainer.toTrainingUnits(parameters);
  for (const j of trainer.constantFeatures) point[j] = 0;
  const { gradient, hessian } = await trainer.evaluate(point, { withHessian: true, huberDelta });
  const size = point.length;
  const matrix = Array.from({ length: size }, (_, j) => Array.from((hessian as Float64Array).subarray(j * size, (j + 1) * size))); // prettier-ignore
  const lacking = Array.from(gradient, (slope) => -slope);
  for (let j = 0; j < size - 1; j++) {
    const [weight, factor] = [point[j] as number, factorOf(j)];
    const row = matrix[j] as number[];
    row[j] = (row[j] as number) + l2 * factor * factor;
    const smooth = (lacking[j] as number) - l2 * factor * factor * weight;
    const threshold = l1 * factor;
    const isAtZero = weight === 0 && Math.abs(smooth) <= threshold;
    if (isAtZero) matrix.forEach((other, k) => (other[j] = row[k] = Number(k === j)));
    lacking[j] = isAtZero ? 0 : smooth - threshold * Math.sign(weight === 0 ? smooth : weight);
  }
  const { solution, isDeficient } = eliminate(matrix, lacking);
  const changes = Float64Array.from(solution);
  return {
    optimum: trainer.toCallerUnits(point.map((value, j) => value + (changes[j] as number))),
    changes,
    isDeficient,
  };
}

/** Solves a symmetric system by elimination, the largest pivot next; what depends on others is left at 0. */
function eliminate(matrix: number[][], rightHandSide: number[]): { solution: number[]; isDeficient: boolean } {
  const size = rightHandSide.length;
  const rows = matrix.map((row) => row.slice());
  const right = rightHandSide.slice();
  const whole = rows.map((row, j) => Math.abs(row[j] as number));
  const order: number[] = [];
  const left = new Set(rows.keys());
  while (left.size > 0) {
    const share = (j: number) => (whole[j] === 0 ? 0 : Math.abs(rows[j]?.[j] ?? 0) / (whole[j] as number));
    const pivot = [...left].reduce((best, j) => (share(j) > share(best) ? j : best));
    if (!(share(pivot) > DEPENDENT * size)) break;
    left.delete(pivot);
    order.push(pivot);
    const pivotRow = rows[pivot] as number[];
    for (const j of left) {
      const row = rows[j] as number[];
      const factor = (row[pivot] as number) / (pivotRow[pivot] as number);
      for (let k = 0; k < size; k++) row[k] = (row[k] as number) - factor * (pivotRow[k] as number);
      right[j] = (right[j] as number) - factor * (right[pivot] as number);
    }
  }
  const solution = new Array<number>(size).fill(0);
  for (const pivot of order.reverse()) {
    const row = rows[pivot] as number[];
    const known = row.reduce((sum, value, k) => (k === pivot ? sum : sum + value * (solution[k] as number)), 0);
    solution[pivot] = ((right[pivot] as number) - known) / (row[pivot] as number);
  }
  const isDeficient = [...left].some((j) => (whole[j] as number) > 0);
  return { solution, isDeficient };
}
