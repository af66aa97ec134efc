import { dot } from './dot.js';
import { signedUniforms, STREAMS } from './random.js';
import type { Soon } from './soon.js';
import { beforeAbort, giveWay } from './turns.js';

/** Steps after which an estimate is taken as it is; far more than a well-separated largest eigenvalue needs. */
const MOST_STEPS = 40;

/**
 * The largest Ritz value is off by about the square of this, relative to the eigenvalue: six digits, more than
 * a learning rate is worth.
 */
const RELATIVE_RESIDUAL = 1e-3;

/**
 * The largest eigenvalue of a symmetric positive semi-definite operator of `size` rows, by the method of Lanczos
 * with full reorthogonalisation (Golub and Van Loan, Matrix Computations, 4th ed., section 10.1). At most `size`
 * applications, about ten in practice.
 *
 * NaN when the operator leaves the finite numbers. Rejects with the reason of the signal.
 */
export async function largestEigenvalue(
  apply: (direction: Float64Array) => Soon<Float64Array>,
  size: number,
  signal?: AbortSignal,
): Promise<number> {
  const lanczos = lanczosSteps(size);
  let step = lanczos.next();
  while (!step.done) {
    await giveWay();
    signal?.throwIfAborted();
    const applied = apply(step.value);
    step = lanczos.next(applied instanceof Promise ? await beforeAbort(applied, signal) : applied);
  }
  return step.value;
}

/** The same at once, for an operator that is at hand. */
export function largestEigenvalueNow(apply: (direction: Float64Array) => Float64Array, size: number): number {
  const lanczos = lanczosSteps(size);
  let step = lanczos.next();
  while (!step.done) step = lanczos.next(apply(step.value));
  return step.value;
}

/** Yields the directions that the operator is applied to, takes the results, and returns the eigenvalue. */
function* lanczosSteps(size: number): Generator<Float64Array, number, Float64Array> {
  const basis: Float64Array[] = [normalized(signedUniforms(0, STREAMS.krylov, size))];
  const diagonal: number[] = [];
  const offDiagonal: number[] = [];
  let largest = 0;
  for (let step = 0; step < Math.min(size, MOST_STEPS); step++) {
    const next = yield (basis[step] as Float64Array).slice();
    if (!next.every(Number.isFinite)) return Number.NaN;
    diagonal.push(dot(next, basis[step] as Float64Array));
    // Twice: one pass leaves what rounding brought back.
    for (const direction of [...basis, ...basis]) subtract(next, dot(next, direction), direction);
    const rest = Math.sqrt(dot(next, next));
    const ritz = largestOfTridiagonal(diagonal, offDiagonal);
    largest = ritz.value;
    if (rest * Math.abs(ritz.lastComponent) <= RELATIVE_RESIDUAL * largest) break;
    offDiagonal.push(rest);
    basis.push(normalized(next));
  }
  return largest;
}

/** The largest eigenvalue of a symmetric tridiagonal matrix by bisection, and the last entry of its unit eigenvector. */
function largestOfTridiagonal(diagonal: readonly number[], offDiagonal: readonly number[]) {
  const size = diagonal.length;
  const off = (i: number) => offDiagonal[i] ?? 0;
  // Gershgorin: no eigenvalue lies outside these bounds.
  const reach = diagonal.map((_, i) => (i > 0 ? off(i - 1) : 0) + (i < size - 1 ? off(i) : 0));
  let low = Math.min(...diagonal.map((value, i) => value - (reach[i] as number)));
  let high = Math.max(...diagonal.map((value, i) => value + (reach[i] as number)));
  const width = high - low;
  // Sturm: all pivots of T − x·I are negative exactly when every eigenvalue lies under x.
  const allBelow = (x: number): boolean => {
    let pivot = (diagonal[0] as number) - x;
    for (let i = 1; i < size && pivot < 0; i++) pivot = (diagonal[i] as number) - x - off(i - 1) ** 2 / pivot;
    return pivot < 0;
  };
  while (high - low > 1e-14 * width) {
    const middle = (low + high) / 2;
    if (middle <= low || middle >= high) break;
    if (allBelow(middle)) high = middle;
    else low = middle;
  }
  // The eigenvector from its last entry up, which is stable for the largest eigenvalue.
  const vector = [1];
  for (let i = size - 1; i > 0; i--) {
    const above = i < size - 1 ? off(i) * (vector[1] as number) : 0;
    vector.unshift(((high - (diagonal[i] as number)) * (vector[0] as number) - above) / off(i - 1));
  }
  return { value: high, lastComponent: 1 / Math.hypot(...vector) };
}

function subtract(from: Float64Array, factor: number, direction: Float64Array): void {
  for (let i = 0; i < from.length; i++) from[i] = (from[i] as number) - factor * (direction[i] as number);
}

function normalized(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return vector.map((value) => value / length);
}
