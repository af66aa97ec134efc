import type { WorkInParts } from '../base/turns.js';
import { minimizeByCoordinates } from './coordinate-descent.js';
import { largestSize } from './optimality.js';
import { pivotedCholesky } from './pivoted-cholesky.js';
import { type QuadraticModel, UnitModel } from './unit-model.js';

/** Slopes along dependent features beyond this share of the others' are no rounding: no step would get at them. */
const INCONSISTENT = 2 ** -10;

/** The factor by which damping grows until the step descends, and the times that it may. */
const HARDER = 64;
const MOST_DAMPINGS = 12;

/** The rounding of what a model is made of. */
export interface ModelRounding {
  /** Relative rounding of the sums in the Hessian. */
  hessian: number;
  /** Rounding of a slope, in units in which the diagonal of the Hessian is 1. */
  slope: number;
}

/** The curvature of the objective elsewhere, of which damping is a share. */
export interface WiderCurvature {
  /** [d + 1] */
  diagonal: Float64Array;
  /** [d + 1, d + 1] Takes the place of the diagonal. */
  matrix?: Float64Array | undefined;
}

/** A step to the minimum of a quadratic model of the objective. */
export interface NewtonDirection {
  /** [d + 1] */
  change: Float64Array;
  /**
   * The fall of the model, penalties included: the excess of the objective, were it the model. Infinity if no change was
   * found that leads down.
   */
  decrement: number;
  /** gᵀδ and the change of the penalties: less than 0 unless there is nothing to gain. */
  slope: number;
  /** The share of the wider curvature that was added. */
  damping: number;
}

/** The direction where none was found that leads down. */
export const NO_DIRECTION = { decrement: Infinity, slope: 0, damping: 0 };

/**
 * The minimum of a quadratic model; of linearly dependent features, the one with the least change of the weights. A model
 * that has none, as where the Hessian is not positive, is damped by a share of its curvature elsewhere (Levenberg 1944; Marquardt 1963), a greater one until the change leads down. d³/6 multiply-adds at least.
 */
export function* newtonDirection(
  model: QuadraticModel,
  wider: WiderCurvature,
  rounding: ModelRounding,
  damping: number,
): WorkInParts<NewtonDirection> {
  const size = model.gradient.length - 1;
  const dependent = rounding.hessian * size;
  let share = damping;
  for (let k = 0; ; k++) {
    const damped = share > 0 ? dampedModel(model, wider, share) : model;
    const change = yield* minimumOf(damped, dependent, rounding.slope);
    if (change?.every(Number.isFinite)) {
      yield;
      const { slope, decrement } = fallOf(model, change);
      if (decrement > 0 && slope < 0) return { change, decrement, slope, damping: share };
      if (slope === 0) return { change, decrement: 0, slope, damping: share };
    }
    if (k === MOST_DAMPINGS) break;
    share = share === 0 ? 16 * dependent : share * HARDER;
  }
  return { ...NO_DIRECTION, change: new Float64Array(size + 1), damping: share };
}

function dampedModel(model: QuadraticModel, { matrix, diagonal }: WiderCurvature, share: number): QuadraticModel {
  if (!matrix) return { ...model, damping: diagonal.map((curvature) => share * curvature) };
  return { ...model, hessian: model.hessian.map((value, at) => value + share * (matrix[at] as number)) };
}

/** The change to the minimum; undefined where a slope is left that nothing curves, along which there is none. */
function* minimumOf(
  model: QuadraticModel,
  dependent: number,
  slopeRounding: number,
): WorkInParts<Float64Array | undefined> {
  const unit = yield* UnitModel.of(model, dependent);
  if (unit.hasFlatSlope(INCONSISTENT, slopeRounding)) return undefined;
  if (model.l1 > 0) return (yield* minimizeByCoordinates(model)).change;
  const { size, matrix, slopes } = unit;
  const factor = yield* pivotedCholesky(matrix, size, dependent * unit.cancellation);
  const unknowns = yield* unit.solve(factor, slopes);
  if (factor.isDeficient) {
    const left = largestSize(unit.slopesAfter(unknowns));
    const least = slopeRounding * Math.sqrt(unit.cancellation);
    if (left > Math.max(INCONSISTENT * largestSize(slopes), least)) return undefined;
  }
  return unit.changeOf(unknowns);
}

/** The slope along a change, and how far the model falls. */
function fallOf({ gradient, hessian, parameters, l1, l2 }: QuadraticModel, change: Float64Array) {
  const width = gradient.length;
  let [slope, curvature] = [0, 0];
  for (let i = 0; i < width; i++) {
    const by = change[i] as number;
    if (by === 0) continue;
    const weight = parameters[i] as number;
    const isWeight = i < width - 1;
    const next = weight + by;
    // Where the sign stays, l1 and the slope of the loss cancel before they are multiplied.
    const isSame = next * weight > 0;
    const smooth = (gradient[i] as number) + (isWeight ? l2 * weight : 0);
    if (!isWeight) slope += smooth * by;
    else if (isSame) slope += (smooth + Math.sign(weight) * l1) * by;
    else slope += smooth * by + l1 * (Math.abs(next) - Math.abs(weight));
    for (let j = 0; j < width; j++) curvature += by * (hessian[i * width + j] as number) * (change[j] as number);
    if (isWeight) curvature += l2 * by * by;
  }
  return { slope, decrement: -slope - curvature / 2 };
}
