import type { WorkInParts } from '../base/turns.js';
import type { Penalties } from './optimality.js';
import type { UpperFactor } from './pivoted-qr.js';

/** The objective near some parameters: gᵀδ + ½·δᵀHδ + l1·Σ|θⱼ + δⱼ| + l2/2·Σ(θⱼ + δⱼ)² of a change δ of theirs. */
export interface QuadraticModel extends Penalties {
  /** [d + 1] g, of the loss without penalties; the bias last, here and below. */
  gradient: Float64Array;
  /** [d + 1, d + 1] H, row-major, symmetric. */
  hessian: Float64Array;
  /** [d + 1] θ */
  parameters: Float64Array;
  /** [d + 1] Added to the diagonal of H; default all 0. */
  damping?: Float64Array | undefined;
}

/**
 * A quadratic model without its bias, which is the best for every change of the weights, and in units in which the
 * diagonal of H + l2 is 1. The Schur complement H − h·hᵀ/η takes the bias off: then features have no offset in common, by
 * which descent along one coordinate at a time would creep. Scale-free: other units of a feature, or of the objective,
 * change nothing but rounding.
 */
export class UnitModel {
  /** d */
  readonly size: number;
  /** [d] The size of an unknown of 1 as a weight; 0 where nothing curves the model along a weight. */
  readonly units: Float64Array;
  /** [d, d] row-major, symmetric, the diagonal 1, or 0 with all its row. */
  readonly matrix: Float64Array;
  /** [d] The slopes of all but l1 at a change of 0. */
  readonly slopes: Float64Array;
  /** [d] θ */
  readonly start: Float64Array;
  /** [d] l1 */
  readonly thresholds: Float64Array;
  /** The factor by which taking the bias off has magnified the relative rounding of the matrix: 1 without offsets. */
  readonly cancellation: number;
  readonly #model: QuadraticModel;
  readonly #shares: Float64Array; // [d] h/η
  readonly #curved: Float64Array; // [d] what is left of the curvature without the bias

  /**
   * A share of no more than `flat` of the curvature along a feature, left when the bias is taken off, is rounding. d²
   * multiply-adds, a row in each part of the work.
   */
  static *of(model: QuadraticModel, flat: number): WorkInParts<UnitModel> {
    const unit = new UnitModel(model, flat);
    for (let i = 0; i < unit.size; i++) {
      unit.#fillRow(i);
      yield;
    }
    return unit;
  }

  private constructor(model: QuadraticModel, flat: number) {
    const { gradient, hessian, parameters, damping, l1, l2 } = model;
    const width = gradient.length;
    const size = width - 1;
    this.#model = model;
    this.size = size;
    const biasSlope = gradient[size] as number;
    const biasCurvature = this.#diagonal(size);
    const share = (j: number) => (biasCurvature > 0 ? (hessian[size * width + j] as number) / biasCurvature : 0);
    const shares = Float64Array.from({ length: size }, (_, j) => share(j));
    this.#shares = shares;
    this.#curved = Float64Array.from(shares, (by, j) => {
      const whole = this.#diagonal(j);
      const left = whole - by * (hessian[size * width + j] as number);
      return left > Math.max(flat * whole, damping?.[j] ?? 0) ? left : (damping?.[j] ?? 0);
    });
    this.cancellation = this.#curved.reduce(
      (most, left, j) => (left > 0 ? Math.max(most, this.#diagonal(j) / left) : most),
      1,
    );
    this.units = this.#curved.map((left) => (left + l2 > 0 ? 1 / Math.sqrt(left + l2) : 0));
    this.matrix = new Float64Array(size * size);
    const along = (j: number) => {
      const slope = (gradient[j] as number) - (shares[j] as number) * biasSlope;
      return (slope + l2 * (parameters[j] as number)) * (this.units[j] as number);
    };
    this.slopes = Float64Array.from(shares, (_, j) => along(j));
    this.start = this.units.map((unit, j) => (unit > 0 ? (parameters[j] as number) / unit : 0));
    this.thresholds = this.units.map((unit) => l1 * unit);
  }

  #fillRow(i: number): void {
    const { size, units, matrix } = this;
    const { hessian } = this.#model;
    const [curved, shares, width] = [this.#curved, this.#shares, size + 1];
    const [unit, by] = [units[i] as number, hessian[size * width + i] as number];
    for (let j = 0, at = i * size; j < size; j++, at++) {
      if (i === j) matrix[at] = unit > 0 ? 1 : 0;
      else if ((curved[i] as number) > 0 && (curved[j] as number) > 0) {
        const left = (hessian[i * width + j] as number) - by * (shares[j] as number);
        matrix[at] = unit * left * (units[j] as number);
      }
    }
  }

  /** The change of the parameters, [d + 1], by that of the unknowns, [d], and the best bias for it. */
  changeOf(unknowns: Float64Array): Float64Array {
    const { gradient, hessian, parameters, l1 } = this.#model;
    const { size } = this;
    const change = new Float64Array(size + 1);
    let biasSlope = gradient[size] as number;
    for (let j = 0; j < size; j++) {
      const [unit, start, before] = [this.units[j] as number, this.start[j] as number, parameters[j] as number];
      const by = unknowns[j] as number;
      if (unit > 0)
        change[j] = by === -start ? 0 - before : by * unit; // a weight that ends at 0 ends there exactly
      else if (Math.abs(gradient[j] as number) < l1) change[j] = 0 - before;
      biasSlope += (hessian[size * (size + 1) + j] as number) * (change[j] as number);
    }
    const biasCurvature = this.#diagonal(size);
    if (biasCurvature > 0) change[size] = -biasSlope / biasCurvature;
    return change;
  }

  /**
   * True if the model falls for ever: along a parameter that nothing curves, a slope is left of more than a share of the
   * parts that it is the difference of, and of more than `rounding` in units in which the diagonal of H is 1.
   */
  hasFlatSlope(share: number, rounding: number): boolean {
    const { gradient, hessian, l1 } = this.#model;
    const { size } = this;
    const [biasSlope, biasCurvature] = [gradient[size] as number, this.#diagonal(size)];
    if (!(biasCurvature > 0) && biasSlope !== 0) return true;
    return this.units.some((unit, j) => {
      if (unit > 0) return false;
      const along = gradient[j] as number;
      const ofBias = biasCurvature > 0 ? ((hessian[size * (size + 1) + j] as number) / biasCurvature) * biasSlope : 0;
      const least = Math.max(share * (Math.abs(along) + Math.abs(ofBias)), rounding * Math.sqrt(this.#diagonal(j)));
      return Math.abs(along - ofBias) > l1 + least;
    });
  }

  /** [d] The slopes of all but l1 after a change of the unknowns. */
  slopesAfter(unknowns: Float64Array): Float64Array {
    const { size, matrix } = this;
    const slopes = this.slopes.slice();
    for (let j = 0; j < size; j++) {
      const by = unknowns[j] as number;
      if (by === 0) continue;
      for (let k = 0; k < size; k++) slopes[k] = (slopes[k] as number) + by * (matrix[j * size + k] as number);
    }
    return slopes;
  }

  /**
   * The change of the unknowns that brings some slopes to 0, as far as it can; the smallest as weights, where there are
   * several. `factor` is that of the matrix.
   */
  *solve(factor: UpperFactor, slopes: Float64Array): WorkInParts<Float64Array> {
    // Weights that nothing curves stay: their columns of the factor are 0, whatever the unit.
    const units = this.units.map((unit) => (unit > 0 ? unit : 1));
    yield* factor.prepare(units);
    return factor.solveNormal(
      slopes.map((slope) => 0 - slope),
      units,
    );
  }

  /** The largest sum of the sizes of the terms of a slope after a change: its rounding is a share of it. */
  largestTerms(unknowns: Float64Array): number {
    const { size, matrix, slopes, thresholds } = this;
    const terms = slopes.map((slope, j) => Math.abs(slope) + (thresholds[j] as number));
    for (let j = 0; j < size; j++) {
      const by = unknowns[j] as number;
      if (by === 0) continue;
      for (let k = 0; k < size; k++) {
        terms[k] = (terms[k] as number) + Math.abs(by * (matrix[j * size + k] as number));
      }
    }
    return terms.reduce((most, sum) => Math.max(most, sum), 0);
  }

  #diagonal(j: number): number {
    const { hessian, damping, gradient } = this.#model;
    return (hessian[j * gradient.length + j] as number) + (damping?.[j] ?? 0);
  }
}

/** One change after another; exactly the one to 0 for a weight that the second brings to 0. */
export function sumOfChanges(start: Float64Array, first: Float64Array, second: Float64Array): Float64Array {
  return first.map((by, j) => {
    const before = start[j] as number;
    return before + by === -(second[j] as number) ? 0 - before : by + (second[j] as number);
  });
}

/** The model as it is about the parameters after a change. */
export function modelAfter(model: QuadraticModel, change: Float64Array): QuadraticModel {
  const { gradient, hessian, parameters } = model;
  const width = gradient.length;
  const steeper = gradient.map((slope, i) =>
    change.reduce((sum, by, j) => sum + (hessian[i * width + j] as number) * by, slope),
  );
  return { ...model, gradient: steeper, parameters: parameters.map((value, j) => value + (change[j] as number)) };
}
