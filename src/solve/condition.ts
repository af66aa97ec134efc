import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { UpperFactor } from './pivoted-qr.js';

/**
 * Largest over smallest singular value of the columns that a factor stands for, each brought to length 1, the first
 * `skipped` left out: with the column of ones skipped, the condition number of the standardised features. Infinity where
 * some depend on others, 1 where there are none. By Lanczos at either end of the spectrum, to about six digits.
 */
export async function conditionOf(factor: UpperFactor, skipped: number): Promise<number> {
  if (factor.isDeficient) return Infinity;
  const unit = unitColumns(factor, skipped);
  if (unit.rank === 0) return 1;
  // The operators work on the columns that are there: those of zeros would be eigenvalues of 0.
  const columns = unit.pivots;
  const spread = (values: Float64Array) => {
    const all = new Float64Array(unit.size);
    columns.forEach((j, k) => (all[j] = values[k] as number));
    return all;
  };
  const picked = (all: Float64Array) => Float64Array.from(columns, (j) => all[j] as number);
  const largest = await largestEigenvalue((v) => picked(timesNormal(unit, spread(v))), unit.rank);
  const ofInverse = await largestEigenvalue((v) => picked(unit.solveNormal(spread(v))), unit.rank);
  return Math.sqrt(largest * ofInverse);
}

/** RᵀR·v */
export function timesNormal({ rows }: UpperFactor, vector: Float64Array): Float64Array {
  const out = new Float64Array(vector.length);
  for (const row of rows) {
    let product = 0;
    for (let j = 0; j < row.length; j++) product += (row[j] as number) * (vector[j] as number);
    for (let j = 0; j < row.length; j++) out[j] = (out[j] as number) + product * (row[j] as number);
  }
  return out;
}

function unitColumns({ rows, pivots, size }: UpperFactor, skipped: number): UpperFactor {
  const kept = rows.slice(skipped);
  const lengths = Float64Array.from({ length: size }, (_, j) => Math.hypot(...kept.map((row) => row[j] as number)));
  return new UpperFactor(
    kept.map((row) => row.map((value, j) => (lengths[j] === 0 ? 0 : value / (lengths[j] as number)))),
    pivots.slice(skipped),
    size,
  );
}
