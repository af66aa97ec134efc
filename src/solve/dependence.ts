import type { FitWarning } from '../descent/report.js';
import type { UpperFactor } from './pivoted-qr.js';

/** Coefficients under this share of the largest are rounding. */
const NEGLIGIBLE = 1e-6;

/** Number of dependent features that a message names. */
const MOST_NAMED = 3;

/** A column that is a linear combination of others. */
export interface DependentColumn {
  column: number;
  /** The columns that it is a combination of, in rising order. */
  on: number[];
}

/** The columns of a factor that belong to none of its pivots, those of zeros left out. */
export function freeColumns({ rows, pivots, size }: UpperFactor): number[] {
  return Array.from({ length: size }, (_, j) => j).filter(
    (j) => !pivots.includes(j) && rows.some((row) => row[j] !== 0),
  );
}

/** [rank] The combination of the pivots' columns that gives a free column. */
export function coefficientsOf({ rows, pivots }: UpperFactor, column: number): Float64Array {
  const coefficients = new Float64Array(rows.length);
  for (let k = rows.length - 1; k >= 0; k--) {
    const row = rows[k] as Float64Array;
    let sum = row[column] as number;
    for (let i = k + 1; i < rows.length; i++) sum -= (row[pivots[i] as number] as number) * (coefficients[i] as number);
    coefficients[k] = sum / (row[pivots[k] as number] as number);
  }
  return coefficients;
}

/** The columns of a factor that belong to none of its pivots, and what each is a combination of. */
export function dependentColumns(factor: UpperFactor): DependentColumn[] {
  return freeColumns(factor).map((column) => {
    const coefficients = coefficientsOf(factor, column);
    const largest = coefficients.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const on = factor.pivots.filter((_, k) => Math.abs(coefficients[k] as number) > NEGLIGIBLE * largest);
    return { column, on: on.sort((a, b) => a - b) };
  });
}

/** The dependent features in words, the first `skipped` columns being none: "'c' on 'a' and 'b'". */
export function describeDependence(factor: UpperFactor, skipped: number, names: readonly string[]): string {
  const quoted = (column: number) => `'${names[column - skipped]}'`;
  const found = dependentColumns(factor);
  const named = found.slice(0, MOST_NAMED).map(({ column, on }) => {
    const others = on.filter((j) => j >= skipped);
    const list = others.length > MOST_NAMED ? [...others.slice(0, MOST_NAMED).map(quoted), '…'] : others.map(quoted);
    return list.length > 0 ? `${quoted(column)} on ${list.join(', ')}` : `${quoted(column)} on the intercept`;
  });
  const hidden = found.length - named.length;
  return named.join('; ') + (hidden > 0 ? `; and ${hidden} more` : '');
}

/** The warning that the weights are the smallest of many, the first `skipped` columns of the factor being no features. */
export function dependenceWarning(factor: UpperFactor, skipped: number, names: readonly string[]): FitWarning {
  const message = `Some features are linearly dependent (${describeDependence(factor, skipped, names)}): the best weights are not unique, and these are the smallest.`;
  return { code: 'RANK_DEFICIENT', message };
}
