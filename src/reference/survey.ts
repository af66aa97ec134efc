/** What there is to know of a column: sums about a centre, its extremes, and its first number that is not finite. */
export interface Survey {
  /** Σ z with z = (x − center)·scale, and Σ z². */
  sum: number;
  squares: number;
  least: number;
  greatest: number;
  /** The row of the first that is not finite; −1 where all are. */
  strange: number;
}

/** The survey of each column, over its finite numbers. The twin of shaders/survey.wgsl, whose parts add up to it. */
export function survey(
  table: Float64Array, //                                       [m, n] row-major
  centers: readonly { center: number; scale: number }[], // [n]
): Survey[] {
  return centers.map(({ center, scale }, j) => {
    const found: Survey = { sum: 0, squares: 0, least: Infinity, greatest: -Infinity, strange: -1 };
    for (let row = 0; row * centers.length < table.length; row++) {
      const x = table[row * centers.length + j] as number;
      if (!Number.isFinite(x)) {
        if (found.strange < 0) found.strange = row;
        continue;
      }
      const z = (x - center) * scale;
      found.sum += z;
      found.squares += z * z;
      if (x < found.least) found.least = x;
      if (x > found.greatest) found.greatest = x;
    }
    return found;
  });
}
