/** The statistics of a column: sums about a center, its extremes, and its first value that is not allowed. */
export interface ColumnStatistics {
  /** Σ w·z with z = (x − center)·scale, and Σ w·z². */
  sum: number;
  squares: number;
  /** The least and greatest value among the rows with a weight above 0. */
  least: number;
  greatest: number;
  /** The row of the first value that is not allowed; −1 if all are. */
  strange: number;
}

/** The numbers that a table may hold. */
const ALLOWED = {
  numbers: (x: number) => Number.isFinite(x),
  labels: (x: number) => x === 0 || x === 1,
  weights: (x: number) => Number.isFinite(x) && x >= 0,
} as const;

/** The statistics of each column, over the numbers that may be there. The twin of shaders/examples/column_statistics.wgsl, whose parts add up to it. */
export function columnStatistics(
  table: Float64Array, //                                       [m, n] row-major
  centers: readonly { center: number; scale: number }[], // [n]
  holds: keyof typeof ALLOWED = 'numbers',
  weights?: Float64Array, //                                    [m]
): ColumnStatistics[] {
  return centers.map(({ center, scale }, j) => {
    const statistics: ColumnStatistics = { sum: 0, squares: 0, least: Infinity, greatest: -Infinity, strange: -1 };
    for (let row = 0; row * centers.length < table.length; row++) {
      const x = table[row * centers.length + j] as number;
      if (!ALLOWED[holds](x)) {
        if (statistics.strange < 0) statistics.strange = row;
        continue;
      }
      const weight = weights ? (weights[row] as number) : 1;
      if (weight === 0) continue;
      const z = (x - center) * scale;
      statistics.sum += weight * z;
      statistics.squares += weight * z * z;
      if (x < statistics.least) statistics.least = x;
      if (x > statistics.greatest) statistics.greatest = x;
    }
    return statistics;
  });
}
