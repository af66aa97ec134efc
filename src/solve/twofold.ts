/** Splits 53 bits into two halves of 26: a factor of 2^27 + 1 (Dekker 1971). */
const SPLITTER = 2 ** 27 + 1;

/**
 * A sum of numbers and products as if it were added up in twice the digits of f64 and rounded once at the end: what each
 * addition and each product loses is kept beside it (Ogita, Rump and Oishi, "Accurate sum and dot product", SIAM Journal on
 * Scientific Computing 26 (2005), 1955–1988). Factors over 2^996 are beyond it.
 *
 *     const sum = new TwofoldSum();
 *     for (const term of [1e16, 1, -1e16]) sum.add(term);
 *     sum.value // 1
 */
export class TwofoldSum {
  #high = 0;
  #low = 0;

  get value(): number {
    return this.#high + this.#low;
  }

  add(term: number): void {
    const high = this.#high + term;
    const other = high - this.#high;
    this.#low += this.#high - (high - other) + (term - other);
    this.#high = high;
  }

  addProduct(a: number, b: number): void {
    this.#low += lostInProduct(a, b);
    this.add(a * b);
  }
}

/** The exact rounding error of x − y in f64: the exact difference minus the rounded one (Knuth 1969). */
export function lostInDifference(x: number, y: number): number {
  const difference = x - y;
  const other = difference - x;
  return x - (difference - other) - (y + other);
}

/** The exact rounding error of a·b in f64: the exact product minus the rounded one (Dekker 1971). */
export function lostInProduct(a: number, b: number): number {
  const aHigh = a * SPLITTER - (a * SPLITTER - a);
  const bHigh = b * SPLITTER - (b * SPLITTER - b);
  const [aLow, bLow] = [a - aHigh, b - bHigh];
  return aLow * bLow - (a * b - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}
