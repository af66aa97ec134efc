// Least squares by Householder QR in f64 of rows that come in blocks: it knows nothing of sums of products.

/** The triangle of all rows so far, of n columns: the features, a column of ones, and the target. */
export class StreamQr {
  /** [n, n] Upper, by columns. */
  readonly #triangle: Float64Array[];
  /** [n − 1] A row of the data, which is taken off each: the triangle of offsets would be nearly dependent. */
  #shift: Float64Array | null = null;

  constructor(readonly featureCount: number) {
    const size = featureCount + 2;
    this.#triangle = Array.from({ length: size }, () => new Float64Array(size));
  }

  /** Adds a block: [d + 1] columns, features and target. */
  add(columns: readonly ArrayLike<number>[]): void {
    const rows = columns[0]?.length ?? 0;
    if (rows === 0) return;
    this.#shift ??= Float64Array.from(columns, (column) => column[0] as number);
    const shift = this.#shift;
    const moved = columns.map((column, j) => {
      const by = shift[j] as number;
      const out = new Float64Array(rows);
      for (let i = 0; i < rows; i++) out[i] = (column[i] as number) - by;
      return out;
    });
    const target = moved.pop() as Float64Array;
    const block = [...moved, new Float64Array(rows).fill(1), target];
    block.forEach((_, k) => reflect(this.#triangle, block, k));
  }

  /** [d + 1] Weights and bias. */
  solve(): { weights: Float64Array; bias: number } {
    const size = this.featureCount + 1;
    const right = this.#triangle[size] as Float64Array;
    const solution = new Float64Array(size);
    for (let k = size - 1; k >= 0; k--) {
      let rest = right[k] as number;
      for (let j = k + 1; j < size; j++)
        rest -= ((this.#triangle[j] as Float64Array)[k] as number) * (solution[j] as number);
      solution[k] = rest / ((this.#triangle[k] as Float64Array)[k] as number);
    }
    const weights = solution.slice(0, -1);
    const shift = this.#shift as Float64Array;
    const moved = weights.reduce((sum, weight, j) => sum + weight * (shift[j] as number), 0);
    return { weights, bias: (solution[size - 1] as number) + (shift[size - 1] as number) - moved };
  }
}

/** Zeroes column k of a block by a reflection of row k of the triangle with all rows of the block. */
function reflect(triangle: readonly Float64Array[], block: readonly Float64Array[], k: number): void {
  const column = block[k] as Float64Array;
  const own = triangle[k] as Float64Array;
  const head = own[k] as number;
  let square = head * head;
  for (const value of column) square += value * value;
  if (square === 0) return;
  const diagonal = head > 0 ? -Math.sqrt(square) : Math.sqrt(square);
  const first = head - diagonal;
  // v = [first, column], of vᵀv = 2·first·(−diagonal).
  const scale = -1 / (first * diagonal);
  for (let j = k + 1; j < block.length; j++) {
    const other = block[j] as Float64Array;
    const above = triangle[j] as Float64Array;
    let dot = first * (above[k] as number);
    for (let i = 0; i < column.length; i++) dot += (column[i] as number) * (other[i] as number);
    dot *= scale;
    above[k] = (above[k] as number) - dot * first;
    for (let i = 0; i < column.length; i++) other[i] = (other[i] as number) - dot * (column[i] as number);
  }
  own[k] = diagonal;
}
