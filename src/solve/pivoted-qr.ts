import { atOnce, mapInParts, type WorkInParts } from '../base/turns.js';

/** Multiply-adds of a part of the work at least: some tens of microseconds, beside which a pause is nothing. */
const PART_WORK = 2 ** 14;

/**
 * A column of which no more than this share is left when what lies along the columns before it is taken off depends on
 * them: every reflection leaves a few 2^-53 of it, for up to some hundreds of reflections.
 */
const DEPENDENT = 2 ** -42;

/**
 * A = QR by reflections, the column of which most is left being taken next (Householder 1958; Businger and Golub, "Linear
 * least squares solutions by Householder transformations", Numerische Mathematik 7 (1965), 269–276). m·n² multiply-adds.
 * The first `fixed` columns come first, whatever is left of the others.
 */
export class PivotedQr {
  readonly upper: UpperFactor;
  /** [rank] Each holds a reflector from its own row on down. */
  readonly #reflectors: readonly Float64Array[];

  private constructor(upper: UpperFactor, reflectors: readonly Float64Array[]) {
    this.upper = upper;
    this.#reflectors = reflectors;
  }

  /** The factors of some columns, which are written over; some columns in a part of the work. */
  static *of(columns: readonly Float64Array[], fixed = 0): WorkInParts<PivotedQr> {
    const rowCount = columns[0]?.length ?? 0;
    const whole = yield* mapInParts(columns, (column) => squaresFrom(column, 0));
    const left = whole.slice();
    const remaining = new Set(columns.keys());
    const rows: Float64Array[] = [];
    const pivots: number[] = [];
    const reflectors: Float64Array[] = [];
    let work = 0;
    while (pivots.length < rowCount) {
      const step = pivots.length;
      const isNew = (j: number) => (left[j] as number) > DEPENDENT ** 2 * (whole[j] as number);
      const candidates = step < fixed ? [step] : Array.from(remaining).filter(isNew);
      if (candidates.length === 0) break;
      const pivot = candidates.reduce((best, j) => ((left[j] as number) > (left[best] as number) ? j : best));
      const reflector = columns[pivot] as Float64Array;
      const row = new Float64Array(columns.length);
      row[pivot] = makeReflector(reflector, step);
      remaining.delete(pivot);
      for (const j of remaining) {
        const column = columns[j] as Float64Array;
        left[j] = reflect(column, reflector, step);
        row[j] = column[step] as number;
        work += 2 * (rowCount - step);
        if (work < PART_WORK) continue;
        yield;
        work = 0;
      }
      rows.push(row);
      pivots.push(pivot);
      reflectors.push(reflector);
    }
    return new PivotedQr(new UpperFactor(rows, pivots, columns.length, fixed), reflectors);
  }

  /** v ← Qᵀv, some reflections in a part of the work. */
  *applyTransposed(vector: Float64Array): WorkInParts<void> {
    yield* this.#reflect(vector, Array.from(this.#reflectors.keys()));
  }

  /** v ← Qv */
  *apply(vector: Float64Array): WorkInParts<void> {
    yield* this.#reflect(vector, Array.from(this.#reflectors.keys()).reverse());
  }

  *#reflect(vector: Float64Array, steps: readonly number[]): WorkInParts<void> {
    let work = 0;
    for (const step of steps) {
      reflect(vector, this.#reflectors[step] as Float64Array, step);
      work += 2 * (vector.length - step);
      if (work < PART_WORK) continue;
      yield;
      work = 0;
    }
  }
}

/**
 * R of A = QR, or of RᵀR = AᵀA: as many rows as A has columns that do not depend on one another, each with an entry for
 * each column of A, in the order of A. Row k is 0 in the columns that were taken before pivots[k].
 */
export class UpperFactor {
  readonly rows: readonly Float64Array[];
  readonly pivots: readonly number[];
  readonly size: number;
  /**
   * True if a column that is not all zeros is linearly dependent on others, so that several solutions are equally good.
   */
  readonly isDeficient: boolean;
  readonly #fixed: number;
  #spanning: { units: Float64Array; qr: PivotedQr } | undefined;

  constructor(rows: readonly Float64Array[], pivots: readonly number[], size: number, fixed = 0) {
    this.rows = rows;
    this.pivots = pivots;
    this.size = size;
    this.#fixed = fixed;
    const isFree = (j: number) => !pivots.includes(j) && rows.some((row) => row[j] !== 0);
    this.isDeficient = Array.from({ length: size }, (_, j) => j).some(isFree);
  }

  /** Number of linearly independent columns. */
  get rank(): number {
    return this.rows.length;
  }

  /**
   * R·x = c for x [size]: where there are several, the one whose part beyond the first `fixed` is smallest, measured in
   * units of its own, `units` [size].
   */
  solve(rightHandSide: Float64Array, units?: Float64Array): Float64Array {
    const solution = this.isDeficient ? this.#smallest(rightHandSide, units) : new Float64Array(this.size);
    const last = this.isDeficient ? this.#fixed : this.rank;
    for (let k = last - 1; k >= 0; k--) {
      const row = this.rows[k] as Float64Array;
      const pivot = this.pivots[k] as number;
      let sum = rightHandSide[k] as number;
      for (let j = 0; j < this.size; j++) if (j !== pivot) sum -= (row[j] as number) * (solution[j] as number);
      solution[pivot] = sum / (row[pivot] as number);
    }
    return solution;
  }

  /** Rᵀ·c = g for c [rank], as far as g is a sum of rows of R. */
  solveTransposed(rightHandSide: Float64Array): Float64Array {
    const rest = rightHandSide.slice();
    return Float64Array.from(this.rows, (row, k) => {
      const pivot = this.pivots[k] as number;
      const value = (rest[pivot] as number) / (row[pivot] as number);
      for (let j = 0; j < rest.length; j++) rest[j] = (rest[j] as number) - value * (row[j] as number);
      return value;
    });
  }

  /** RᵀR·x = g for x [size], as `solve` chooses it. */
  solveNormal(rightHandSide: Float64Array, units?: Float64Array): Float64Array {
    return this.solve(this.solveTransposed(rightHandSide), units);
  }

  /** Finds what `solve` in these units takes d³ multiply-adds for, where there are several solutions, in parts. */
  *prepare(units?: Float64Array): WorkInParts<void> {
    if (this.isDeficient) yield* this.#spanningFactor(units);
  }

  /** The rows beyond the fixed ones span what R·x = c asks for; the smallest x lies in that span. */
  #smallest(rightHandSide: Float64Array, units: Float64Array | undefined): Float64Array {
    const unit = (j: number) => (units ? (units[j] as number) : 1);
    const qr = atOnce(this.#spanningFactor(units));
    const solution = new Float64Array(this.size);
    solution.set(qr.upper.solveTransposed(rightHandSide.slice(this.#fixed, this.rank)));
    atOnce(qr.apply(solution));
    return solution.map((value, j) => value / unit(j));
  }

  /** The factor of the rows beyond the fixed ones in these units, found once: a refined solution asks for it again. */
  *#spanningFactor(units: Float64Array | undefined): WorkInParts<PivotedQr> {
    const isKnown = this.#spanning?.units.every((value, j) => value === (units?.[j] ?? 1)) ?? false;
    if (this.#spanning && isKnown) return this.#spanning.qr;
    const inUnits = units?.slice() ?? new Float64Array(this.size).fill(1);
    const rows = this.rows.slice(this.#fixed).map((row) => row.map((value, j) => value / (inUnits[j] as number)));
    const qr = yield* PivotedQr.of(rows);
    this.#spanning = { units: inUnits, qr };
    return qr;
  }
}

/** Makes a column its own reflector, from row `step` down, and returns what the column becomes in that row. */
function makeReflector(column: Float64Array, step: number): number {
  const head = column[step] as number;
  const length = Math.sqrt(squaresFrom(column, step));
  const became = head > 0 ? -length : length;
  column[step] = head - became;
  // Unit length: so that a reflection is v − 2(r·v)r.
  const norm = Math.sqrt(squaresFrom(column, step));
  for (let i = step; i < column.length; i++) column[i] = (column[i] as number) / norm;
  return became;
}

/** Reflects a vector from row `step` down, and returns the squares of what lies below that row. */
function reflect(vector: Float64Array, reflector: Float64Array, step: number): number {
  const twice = 2 * productFrom(vector, reflector, step);
  vector[step] = (vector[step] as number) - twice * (reflector[step] as number);
  // Sums of every other number, and of those between: one sum alone waits for each addition before the next.
  let even = 0;
  let odd = 0;
  let i = step + 1;
  for (; i + 1 < vector.length; i += 2) {
    const first = (vector[i] as number) - twice * (reflector[i] as number);
    const second = (vector[i + 1] as number) - twice * (reflector[i + 1] as number);
    vector[i] = first;
    vector[i + 1] = second;
    even += first * first;
    odd += second * second;
  }
  if (i < vector.length) {
    const last = (vector[i] as number) - twice * (reflector[i] as number);
    vector[i] = last;
    even += last * last;
  }
  return even + odd;
}

/** Σ a·b from row `first` down, in four sums side by side. */
function productFrom(a: Float64Array, b: Float64Array, first: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  let i = first;
  for (; i + 3 < a.length; i += 4) {
    s0 += (a[i] as number) * (b[i] as number);
    s1 += (a[i + 1] as number) * (b[i + 1] as number);
    s2 += (a[i + 2] as number) * (b[i + 2] as number);
    s3 += (a[i + 3] as number) * (b[i + 3] as number);
  }
  for (; i < a.length; i++) s0 += (a[i] as number) * (b[i] as number);
  return s0 + s1 + (s2 + s3);
}

function squaresFrom(vector: Float64Array, first: number): number {
  let squares = 0;
  for (let i = first; i < vector.length; i++) squares += (vector[i] as number) ** 2;
  return squares;
}
