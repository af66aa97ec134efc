import { mapInParts, type WorkInParts } from '../base/turns.js';
import type { Dataset } from '../data/dataset.js';
import { type Design, designOf, type Problem, toCallerUnits } from './design.js';
import { overflow } from './overflow.js';
import { PivotedQr, type UpperFactor } from './pivoted-qr.js';
import { TwofoldSum } from './twofold.js';

/** Passes that correct the first solution; each gains as many digits as the condition number leaves, so two do mostly. */
export const MOST_REFINEMENTS = 10;

/** Half of the last bit of an unknown: it changes no more. */
const ROUNDING = 2 ** -53;

/** A last correction no larger than this share of unknowns or targets leaves them right to f64: the next is smaller by far. */
const NEGLIGIBLE = 2 ** -40;

/** A weight of no more than this share of the targets has no effect on f64, for features between −1 and 1. */
const NOTHING = 2 ** -70;

/** The optimum, and what was found on the way. */
export interface QrSolution {
  /** [d] in the units of the data. */
  weights: Float64Array;
  bias: number;
  /** The objective at the parameters that each refinement found, one of them the last but for rounding. */
  losses: number[];
  /** True if the corrections came down to one rounding of the solution; false if they stopped shrinking before. */
  isRefined: boolean;
  factor: UpperFactor;
  design: Design;
  /** [n] */
  unknowns: Float64Array;
}

/**
 * QR and its refinement take some 120 ns for each value, and 0.8 ns for each value times column (2 cores of an AMD EPYC, 200 × 64
 * to 8000 × 8): up to these about 10 ms.
 */
const MOST_WORK = 2 ** 22;
const MOST_VALUES = 2 ** 16;

/** True if the data are so small that QR, which is right to the last digit, takes negligible time. */
export function isLittle({ exampleCount, featureCount }: Pick<Dataset, 'exampleCount' | 'featureCount'>): boolean {
  const values = exampleCount * (featureCount + 1);
  return values <= MOST_VALUES && values * (featureCount + 1) <= MOST_WORK;
}

/**
 * Least squares by QR with column pivoting in f64, refined: the residuals r and the unknowns x are corrected together, by
 * what the equations r + A·x = y and Aᵀr = 0 still lack, found in twofold precision (Björck, "Iterative refinement of
 * linear least squares solutions I", BIT 7 (1967), 257–278). While the condition number stays under some 1e14 the digits
 * are those of f64, whatever the size of the residuals. Where features depend on one another, the weights are the
 * smallest in training units.
 */
export function* solveByQr(dataset: Dataset, problem: Problem): WorkInParts<QrSolution> {
  const design = yield* designOf(dataset, problem);
  const columns = yield* mapInParts(design.high, (column) => column.slice());
  const qr = yield* PivotedQr.of(columns, Number(design.intercept));
  const unknowns = new Float64Array(design.high.length);
  const residuals = new Float64Array(design.rowCount);
  const losses: number[] = [];
  let rest: Float64Array = unknowns.slice(); // what the unknowns, as f64 holds them, still lack
  let lastSize = Infinity;
  for (let pass = 0; pass <= MOST_REFINEMENTS; pass++) {
    const lacking = yield* lackingOf(design, unknowns, residuals); // at first, from nothing, all of it
    if (pass > 0) losses.push(lacking.loss);
    const correction = yield* correct(qr, lacking, design.units);
    rest = correction.unknowns;
    const size = largest(rest);
    const isRounding = rest.every((by, j) => Math.abs(by) <= ROUNDING * Math.abs(unknowns[j] as number));
    if (!(size < lastSize / 2)) break; // what is left is noise, or does not converge
    // The first correction is the solution, of which rounding leaves a share of the targets, however small it is.
    lastSize = pass > 0 ? size : Math.max(size, largest(design.targets));
    if (pass > 0 && isRounding) break;
    add(unknowns, rest);
    add(residuals, correction.residuals);
  }
  if (lastSize === Infinity || !losses.every(Number.isFinite)) throw overflow();
  // Below what any target could show: the solution is 0, and what is left of it came from rounding.
  const nothing = NOTHING * largest(design.targets);
  unknowns.forEach((value, j) => {
    if (Math.abs(value) <= nothing) unknowns[j] = 0;
  });
  const isRefined = lastSize <= NEGLIGIBLE * Math.max(largest(unknowns), largest(design.targets));
  return { ...toCallerUnits(design, unknowns, rest), losses, isRefined, factor: qr.upper, design, unknowns };
}

/** Values that are added up in twofold precision in a part of the work: about a millisecond. */
const PART_VALUES = 2 ** 15;

/** The residuals of the equations y = r + A·x and 0 = Aᵀr, and the objective at x. */
interface Lacking {
  residuals: Float64Array; // [rowCount] y − r − A·x
  products: Float64Array; //  [n] −Aᵀr
  loss: number;
}

function* lackingOf(design: Design, unknowns: Float64Array, residuals: Float64Array): WorkInParts<Lacking> {
  const { high, low, targets, lowTargets, count, rowCount } = design;
  const lacking = new Float64Array(rowCount);
  const partRows = Math.ceil(PART_VALUES / high.length);
  let squares = 0;
  for (let i = 0; i < rowCount; i++) {
    if (i % partRows === 0) yield;
    const sum = new TwofoldSum();
    sum.add(targets[i] as number);
    sum.add(lowTargets[i] as number);
    sum.add(-(residuals[i] as number));
    for (let j = 0; j < high.length; j++) {
      const unknown = -(unknowns[j] as number);
      sum.addProduct((high[j] as Float64Array)[i] as number, unknown);
      sum.addProduct((low[j] as Float64Array)[i] as number, unknown);
    }
    lacking[i] = sum.value;
    squares += (sum.value + (residuals[i] as number)) ** 2;
  }
  const products = new Float64Array(high.length);
  for (const [j, column] of high.entries()) {
    const sum = new TwofoldSum();
    for (let i = 0; i < rowCount; i++) {
      if (i % PART_VALUES === 0) yield;
      const residual = -(residuals[i] as number);
      sum.addProduct(column[i] as number, residual);
      sum.addProduct((low[j] as Float64Array)[i] as number, residual);
    }
    products[j] = sum.value;
  }
  return { residuals: lacking, products, loss: squares / (2 * count) };
}

/** Solves r + A·x = f, Aᵀr = g by QR (Golub and Van Loan, Matrix Computations, 4th ed., section 5.3.8). */
function* correct(qr: PivotedQr, { residuals, products }: Lacking, units: Float64Array) {
  const { upper } = qr;
  const along = upper.solveTransposed(products); // [rank] what of r lies along the columns
  const rotated = residuals.slice();
  yield* qr.applyTransposed(rotated);
  yield* upper.prepare(units);
  const unknowns = upper.solve(
    along.map((value, k) => (rotated[k] as number) - value),
    units,
  );
  rotated.set(along);
  yield* qr.apply(rotated);
  return { unknowns, residuals: rotated };
}

function add(to: Float64Array, terms: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + (terms[i] as number);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
}
