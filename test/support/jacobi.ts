/**
 * All eigenvalues of a symmetric matrix, ascending, by cyclic Jacobi rotations (Golub and Van Loan, section 8.5).
 * For tests alone: it shares no method with the library's Lanczos, nor with its QR.
 */
export function symmetricEigenvalues(matrix: readonly (readonly number[])[]): number[] {
  const a = matrix.map((row) => [...row]);
  const size = a.length;
  const at = (i: number, j: number) => a[i]?.[j] as number;
  const put = (i: number, j: number, value: number) => ((a[i] as number[])[j] = value);
  for (let sweep = 0; sweep < 30; sweep++) {
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue;
        const theta = (at(q, q) - at(p, p)) / (2 * at(p, q));
        const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(1, theta));
        const cosine = 1 / Math.hypot(1, tangent);
        const sine = tangent * cosine;
        for (let k = 0; k < size; k++) {
          const [kp, kq] = [at(k, p), at(k, q)];
          put(k, p, cosine * kp - sine * kq);
          put(k, q, sine * kp + cosine * kq);
        }
        for (let k = 0; k < size; k++) {
          const [pk, qk] = [at(p, k), at(q, k)];
          put(p, k, cosine * pk - sine * qk);
          put(q, k, sine * pk + cosine * qk);
        }
      }
    }
  }
  return a.map((_, i) => at(i, i)).sort((x, y) => x - y);
}

/** 1/m·[X 1]ᵀ[X 1] of d columns, entry by entry: [d + 1, d + 1]. */
export function curvatureMatrix(columns: readonly ArrayLike<number>[]): number[][] {
  const exampleCount = columns[0]?.length ?? 0;
  const bordered = [...columns, new Float64Array(exampleCount).fill(1)];
  return bordered.map((a) =>
    bordered.map((b) => {
      let sum = 0;
      for (let i = 0; i < exampleCount; i++) sum += (a[i] as number) * (b[i] as number);
      return sum / exampleCount;
    }),
  );
}
