import { dot } from '../base/dot.js';
/** A pair is kept if the curvature along it is more than this share of that of its parts: rounding can make it less than 0. */
const LEAST_CURVATURE = 2 ** -40;

/** A change of the parameters, and the one of the gradient with it. */
interface Pair {
  change: Float64Array; //   [n] s
  steeper: Float64Array; //  [n] y
  product: number; //        sᵀy
}

/**
 * The inverse of the Hessian as the last changes of the parameters and of the gradient know it, and a diagonal beyond them
 * (Nocedal, "Updating quasi-Newton matrices with limited storage", Mathematics of Computation 35 (1980), 773–782).
 */
export class LbfgsMemory {
  readonly #most: number;
  readonly #diagonal: Float64Array | undefined; // [n]
  #pairs: Pair[] = [];
  #scale = 1;
  #steepest = 0;

  /** Keeps `most` pairs; `diagonal`, [n], holds a curvature of each parameter, each more than 0. */
  constructor(most: number, diagonal?: Float64Array) {
    this.#most = most;
    this.#diagonal = diagonal?.slice();
  }

  get isEmpty(): boolean {
    return this.#pairs.length === 0;
  }

  /** The largest curvature along any change so far: an eigenvalue of the Hessian is at least that. */
  get steepest(): number {
    return this.#steepest;
  }

  /** Forgets the pairs, but not the size of the curvature. */
  clear(): void {
    this.#pairs = [];
  }

  /** Takes a change and what it changed the gradient by, unless nothing but rounding is left of the curvature. */
  add(change: Float64Array, steeper: Float64Array): void {
    const product = dot(change, steeper);
    const squares = dot(steeper, steeper);
    if (!(product > LEAST_CURVATURE * Math.sqrt(squares * dot(change, change)))) return;
    this.#pairs.push({ change, steeper, product });
    if (this.#pairs.length > this.#most) this.#pairs.shift();
    this.#steepest = Math.max(this.#steepest, squares / product);
    this.#scale = product / dot(steeper, this.#scaled(steeper));
  }

  /** −H⁻¹g for a gradient, [n], by two loops over the pairs: 4·n multiply-adds each. */
  direction(gradient: Float64Array): Float64Array {
    const rest = gradient.map((slope) => -slope);
    const shares = new Array<number>(this.#pairs.length);
    for (let k = this.#pairs.length - 1; k >= 0; k--) {
      const { change, steeper, product } = this.#pairs[k] as Pair;
      const share = dot(change, rest) / product;
      shares[k] = share;
      addTimes(rest, -share, steeper);
    }
    const direction = this.#scaled(rest).map((value) => value * this.#scale);
    this.#pairs.forEach(({ change, steeper, product }, k) => {
      addTimes(direction, (shares[k] as number) - dot(steeper, direction) / product, change);
    });
    return direction;
  }

  #scaled(vector: Float64Array): Float64Array {
    const diagonal = this.#diagonal;
    return diagonal ? vector.map((value, j) => value / (diagonal[j] as number)) : vector;
  }
}

function addTimes(to: Float64Array, factor: number, terms: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] = (to[i] as number) + factor * (terms[i] as number);
}
