import type { Dataset } from '../../src/data/dataset.js';
import type { Loss } from '../../src/options/names.js';

/**
 * An oracle for convex losses, in f64, that knows nothing of descent: iteratively reweighted least squares, which is Newton's
 * method for the logistic loss (McCullagh and Nelder, Generalized Linear Models, 2nd ed., section 2.5) and Huber's own
 * method for his (Robust Statistics, 1981, section 7.8). [d + 1], the bias last; without `fitIntercept` it is 0.
 */
export function reweighted(
  { columns, targets, exampleWeights }: Dataset,
  { loss, huberDelta = 1.35, fitIntercept = true }: { loss: Loss; huberDelta?: number; fitIntercept?: boolean },
): number[] {
  const X = [...columns.map((column) => Array.from(column)), ...(fitIntercept ? [Array.from(targets, () => 1)] : [])];
  let parameters = X.map(() => 0);
  for (let round = 0; round < 500; round++) {
    const rows = Array.from(targets, (y, i) => {
      const z = X.reduce((sum, column, j) => sum + (column[i] as number) * (parameters[j] as number), 0);
      const [weight, working] = workingPoint(loss, huberDelta, z, y);
      return { weight: weight * (exampleWeights?.[i] ?? 1), working };
    });
    const gram = X.map((a) =>
      X.map((b) => rows.reduce((sum, { weight }, i) => sum + weight * (a[i] as number) * (b[i] as number), 0)),
    );
    const right = X.map((a) =>
      rows.reduce((sum, { weight, working }, i) => sum + weight * (a[i] as number) * working, 0),
    );
    const next = eliminated(gram, right);
    const moved = Math.max(
      ...next.map((value, j) => Math.abs(value - (parameters[j] as number)) / (1 + Math.abs(value))),
    );
    parameters = next;
    if (moved < 1e-13) break;
  }
  return fitIntercept ? parameters : [...parameters, 0];
}

/** The weight of an example, and the target that it stands for. */
function workingPoint(loss: Loss, delta: number, z: number, y: number): [number, number] {
  if (loss === 'logistic') {
    const p = 1 / (1 + Math.exp(-z));
    return [p * (1 - p), z + (y - p) / (p * (1 - p))];
  }
  return [loss === 'huber' ? Math.min(1, delta / Math.abs(y - z)) : 1, y];
}

/** Solves a small symmetric positive definite system by Gaussian elimination. */
export function eliminated(matrix: number[][], right: number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  const size = rows.length;
  rows.forEach((pivot, k) => {
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j <= size; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    }
  });
  const solution = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    const row = rows[k] as number[];
    let rest = row[size] as number;
    for (let j = k + 1; j < size; j++) rest -= (row[j] as number) * (solution[j] as number);
    solution[k] = rest / (row[k] as number);
  }
  return solution;
}
