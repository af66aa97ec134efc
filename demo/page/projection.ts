// Where examples lie in a picture: those of one feature in a plane, those of two in space, seen from the side and above.

export type Pixel = readonly [number, number];

/** A linear map from examples to pixels, of which the first goes right and the second down. */
export interface Projection {
  /** The place of the example of zeros. */
  origin: Pixel;
  /** The distance from there for a unit of each feature, and of the target. */
  byFeature: readonly [Pixel, ...Pixel[]];
  byTarget: Pixel;
}

export function project(
  { origin, byFeature, byTarget }: Projection,
  features: readonly number[],
  target: number,
): Pixel {
  const along = (axis: 0 | 1) =>
    byFeature.reduce((sum, step, j) => sum + step[axis] * (features[j] ?? 0), origin[axis] + target * byTarget[axis]);
  return [along(0), along(1)];
}

/** The same picture in larger pixels, or in smaller ones. */
export function scaled({ origin, byFeature, byTarget }: Projection, ratio: number): Projection {
  const times = ([right, down]: Pixel): Pixel => [ratio * right, ratio * down];
  const [first, ...others] = byFeature;
  return { origin: times(origin), byFeature: [times(first), ...others.map(times)], byTarget: times(byTarget) };
}

/** A box that stands on a turntable: two features from −1 to 1, and the targets upright. */
export interface Turntable {
  /** Degrees, against the clock as seen from above. At 0 the first feature goes right and the second away. */
  turn: number;
  /** Pixels of the picture. */
  width: number;
  height: number;
  targets: readonly [number, number];
}

/** The share that is left of a length that leads away: the sine of 20 degrees, by which the look goes down. */
const DEPTH = 0.35;

/** From the middle of the floor to its corners. */
const REACH = Math.SQRT2;

/** Seen from far off, so that parallels stay parallel. The box fits into the picture however it is turned. */
export function turnedBox({ turn, width, height, targets: [low, high] }: Turntable): Projection {
  const unit = width / (2 * REACH);
  const floorHeight = 2 * REACH * unit * DEPTH;
  const targetUnit = (height - floorHeight) / (high - low);
  const angle = (turn * Math.PI) / 180;
  const [cosine, sine] = [unit * Math.cos(angle), unit * Math.sin(angle)];
  return {
    origin: [width / 2, height / 2 + (targetUnit * (high + low)) / 2],
    byFeature: [
      [cosine, -DEPTH * sine],
      [-sine, -DEPTH * cosine],
    ],
    byTarget: [0, -targetUnit],
  };
}
