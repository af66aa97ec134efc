import type { QuadraticModel } from '../../src/solve/unit-model.js';
import { normals } from './examples.js';

/** Least squares as a quadratic model about 0, of features that share a part: correlation `rho`, offset 0.3. */
export function leastSquaresModel(
  seed: number,
  { m, d, rho = 0, l1Share, l2 = 0 }: { m: number; d: number; rho?: number; l1Share: number; l2?: number },
): QuadraticModel & { columns: Float64Array[]; targets: Float64Array } {
  const common = normals(seed, m);
  const columns = Array.from({ length: d }, (_, j) =>
    normals(seed + 1 + j, m).map((own, i) => Math.sqrt(rho) * (common[i] as number) + Math.sqrt(1 - rho) * own + 0.3),
  );
  const effect = (j: number) => (j % 3 === 0 ? (-1) ** j * (1 + j / d) : 0);
  const targets = normals(seed + d + 1, m).map((noise, i) =>
    columns.reduce((sum, column, j) => sum + effect(j) * (column[i] as number), 0.7 + noise / 2),
  );
  const all = [...columns, new Float64Array(m).fill(1)];
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / m;
  const hessian = Float64Array.from(all.flatMap((a) => all.map((b) => dot(a, b))));
  const gradient = Float64Array.from(all, (a) => -dot(a, targets));
  const mean = -(gradient[d] as number);
  const largest = Math.max(...columns.map((a, j) => Math.abs((gradient[j] as number) + mean * dot(a, all[d] as Float64Array)))); // prettier-ignore
  return { gradient, hessian, parameters: new Float64Array(d + 1), l1: l1Share * largest, l2, columns, targets };
}

/** The value of a model at a change. */
export function modelValue(
  { gradient, hessian, parameters, l1, l2 }: QuadraticModel,
  change: ArrayLike<number>,
): number {
  const width = gradient.length;
  let value = 0;
  for (let i = 0; i < width; i++) {
    const by = change[i] as number;
    value += (gradient[i] as number) * by;
    for (let j = 0; j < width; j++) value += (by * (hessian[i * width + j] as number) * (change[j] as number)) / 2;
    const weight = (parameters[i] as number) + by;
    if (i < width - 1) value += l1 * Math.abs(weight) + (l2 / 2) * weight * weight;
  }
  return value;
}

/** The gradient of the loss after a change. */
export function gradientAfter({ gradient, hessian }: QuadraticModel, change: Float64Array): Float64Array {
  const width = gradient.length;
  return gradient.map((slope, i) =>
    change.reduce((sum, by, j) => sum + (hessian[i * width + j] as number) * by, slope),
  );
}

/**
 * The minimum by trial of all signs: for each choice of −, 0 or + of each weight the equations are solved by Gaussian
 * elimination, and the solution with the least value is it. For a few weights.
 */
export function minimumOverSigns(model: QuadraticModel): number[] {
  const { gradient, hessian, parameters, l1, l2 } = model;
  const width = gradient.length;
  const hasBias = (hessian[width * width - 1] as number) > 0;
  let best: number[] = [];
  for (let code = 0; code < 3 ** (width - 1); code++) {
    const signs = Array.from({ length: width }, (_, j) => (Math.floor(code / 3 ** j) % 3) - 1);
    const isFree = (j: number) => (j === width - 1 ? hasBias : signs[j] !== 0);
    // A weight that is not free: its change is −θ.
    const rows = signs.map((sign, i) => {
      if (!isFree(i)) {
        return [...signs.map((_, j) => Number(i === j)), i < width - 1 ? -(parameters[i] as number) : 0];
      }
      const isWeight = i < width - 1;
      const penalty = isWeight ? l1 * sign + l2 * (parameters[i] as number) : 0;
      const row = signs.map((_, j) => (hessian[i * width + j] as number) + (isWeight && i === j ? l2 : 0));
      return [...row, -(gradient[i] as number) - penalty];
    });
    const change = eliminated(rows);
    if (change.every(Number.isFinite) && (best.length === 0 || modelValue(model, change) < modelValue(model, best))) {
      best = change;
    }
  }
  return best;
}

/** The solution of a small system, its right-hand side last, by elimination with row pivoting. */
function eliminated(rows: number[][]): number[] {
  const size = rows.length;
  for (let k = 0; k < size; k++) {
    const rest = rows.slice(k).sort((a, b) => Math.abs(b[k] as number) - Math.abs(a[k] as number));
    rows.splice(k, size - k, ...rest);
    const pivot = rows[k] as number[];
    rows.forEach((row, i) => {
      if (i === k) return;
      const factor = (row[k] as number) / (pivot[k] as number);
      for (let j = k; j <= size; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number);
    });
  }
  return rows.map((row, k) => (row[size] as number) / (row[k] as number));
}
