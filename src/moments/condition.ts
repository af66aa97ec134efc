import { dot } from '../base/dot.js';
import { largestEigenvalue } from '../base/largest-eigenvalue.js';
import { inTurns, type WorkInParts } from '../base/turns.js';
import type { Moments, Precision } from './moments.js';
import { multiply } from './multiply.js';

/**
 * A feature of whose variance those before it leave less than this share, times d, depends on them: that little may be
 * rounding, a few 2^-53 for each of the up to d products that elimination subtracts.
 */
const DEPENDENT = 2 ** -48;

/** The limits within which sums of a precision leave three correct digits. */
export interface DigitLimits {
  /** The largest condition number of the features at which the weights have three digits. */
  condition: number;
  /** The smallest share of the targets' variance, unexplained by the best model, at which the loss has three digits. */
  unexplained: number;
}

/**
 * G w = c amplifies a relative error ε of G and c by the condition number of G, which is the square of the features':
 * the weights keep κ²·ε (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., section 20.4, on the normal
 * equations). The loss takes what is explained off the targets' variance, and keeps ε of that variance.
 *
 * Rounded once to centre it and once to multiply it, and in 259 additions of a partial, a sum of f32 is off by some 1e-7 of
 * the sizes of its terms; κ²·1e-7 is 1e-3 at κ = 100. In f64, sums of 256 examples and their totals are off by some
 * 1e-15. Streaming, which works on the features themselves, loses κ·ε of the weights, and κ²·ε only of what the model
 * leaves unexplained; its loss is right to ε of itself.
 */
export const DIGIT_LIMITS: Record<Precision, DigitLimits> = {
  f32: { condition: 100, unexplained: 1e-4 },
  f64: { condition: 1e6, unexplained: 1e-12 },
};

/** The conditioning of moments, known before any training. */
export interface Conditioning {
  conditionNumber: number;
  /** 1 − R² of the best model; 0 where the features depend on one another, and nothing can be said. */
  unexplained: number;
}

/**
 * Largest over smallest singular value of the standardised features, the root of largest over smallest eigenvalue of their correlations: how hard the
 * optimum is to reach, the `conditionNumber` of `leastSquares`. Features of one value do not count; Infinity when a
 * feature depends on the others. Moments square the condition: what lies over about 1e7/√d looks dependent to them.
 *
 * Cholesky's factor in d³/6 multiply-adds, then at most 40 steps of Lanczos, d² each, at either end of the spectrum:
 * about six digits. On one core of an AMD EPYC 3 ms at 64 features, 45 at 512, 200 at 1024.
 *
 *     await conditionNumber(momentsOfDataset(dataset)) // 1 for features that are not correlated
 */
export async function conditionNumber(moments: Moments): Promise<number> {
  return (await conditioningOf(moments)).conditionNumber;
}

/**
 * The same, and what the best model for the first target leaves unexplained, from one factor. Without a bias (`isCentered`
 * false) both are of the products about 0 instead of those about the means. Rejects with the signal's reason.
 */
export async function conditioningOf(moments: Moments, isCentered = true, signal?: AbortSignal): Promise<Conditioning> {
  const { correlations, withTarget, size } = correlationsOf(isCentered ? moments : aboutZero(moments));
  if (size === 0) return { conditionNumber: 1, unexplained: 1 };
  const factor = await inTurns(choleskyFactor(correlations, size), signal);
  if (!factor) return { conditionNumber: Infinity, unexplained: 0 };
  const largest = await largestEigenvalue((direction) => {
    const out = new Float64Array(size);
    multiply(correlations, direction, size, out);
    return out;
  }, size);
  const largestOfInverse = await largestEigenvalue((direction) => solve(factor, direction), size);
  const explained = dot(withTarget, solve(factor, withTarget), size);
  return { conditionNumber: Math.sqrt(largest * largestOfInverse), unexplained: Math.max(0, 1 - explained) };
}

/** The digits that sums in the moments' precision leave. */
export interface DigitCheck {
  conditionNumber: number;
  /** The condition number up to which the weights keep three digits. */
  mostCondition: number;
  keepsWeights: boolean;
  keepsLoss: boolean;
}

/** Compares the conditioning of moments with what their precision allows. Rejects with the signal's reason. */
export async function checkDigits(moments: Moments, isCentered: boolean, signal?: AbortSignal): Promise<DigitCheck> {
  const { conditionNumber, unexplained } = await conditioningOf(moments, isCentered, signal);
  const limits = DIGIT_LIMITS[moments.precision];
  return {
    conditionNumber,
    mostCondition: limits.condition,
    keepsWeights: conditionNumber <= limits.condition,
    keepsLoss: unexplained >= limits.unexplained,
  };
}

type Products = Pick<Moments, 'featureCount' | 'targetCount' | 'scatter' | 'crossScatter' | 'targetScatter'>;

/** Σ w·xxᵀ in place of the scatter, S + m·μμᵀ, and so on. */
function aboutZero(moments: Moments): Products {
  const { featureCount, targetCount, count, means, targetMeans, scatter, crossScatter, targetScatter } = moments;
  const added = (products: Float64Array, width: number, ofColumns: Float64Array) =>
    products.map((value, at) => {
      return value + count * (means[Math.floor(at / width)] as number) * (ofColumns[at % width] as number);
    });
  return {
    featureCount,
    targetCount,
    scatter: added(scatter, featureCount, means),
    crossScatter: added(crossScatter, targetCount, targetMeans),
    targetScatter: targetScatter.map((value, k) => value + count * (targetMeans[k] as number) ** 2),
  };
}

/** The correlations of the features that vary, [size, size] row-major, and theirs with the first target. */
function correlationsOf({ featureCount, targetCount, scatter, crossScatter, targetScatter }: Products) {
  const squares = Float64Array.from({ length: featureCount }, (_, j) => scatter[j * featureCount + j] as number);
  const varying = Array.from(squares.keys()).filter((j) => (squares[j] as number) > 0);
  const size = varying.length;
  const spreads = squares.map(Math.sqrt);
  const correlations = new Float64Array(size * size);
  varying.forEach((j, row) => {
    varying.forEach((k, column) => {
      const products = scatter[j * featureCount + k] as number;
      correlations[row * size + column] =
        row === column ? 1 : products / (spreads[j] as number) / (spreads[k] as number);
    });
  });
  const targetSpread = Math.sqrt(targetScatter[0] as number);
  const withTarget = Float64Array.from(varying, (j) => {
    const products = crossScatter[j * targetCount] as number;
    return products === 0 ? 0 : products / (spreads[j] as number) / targetSpread;
  });
  return { correlations, withTarget, size };
}

/**
 * The lower triangle L of LLᵀ, row by row (Golub and Van Loan, Matrix Computations, 4th ed., section 4.2); nothing
 * when a row depends on those before it. The square of its j-th diagonal entry is the share of feature j's variance
 * that features 0 to j − 1 leave.
 */
function* choleskyFactor(matrix: Float64Array, size: number): WorkInParts<Float64Array[] | undefined> {
  const rows: Float64Array[] = [];
  for (let i = 0; i < size; i++) {
    const row = matrix.slice(i * size, i * size + i + 1);
    for (let j = 0; j < i; j++) {
      const above = rows[j] as Float64Array;
      row[j] = ((row[j] as number) - dot(row, above, j)) / (above[j] as number);
    }
    const share = (row[i] as number) - dot(row, row, i);
    if (!(share > DEPENDENT * size)) return undefined;
    row[i] = Math.sqrt(share);
    rows.push(row);
    yield;
  }
  return rows;
}

/** LLᵀ·x = b for x. */
function solve(rows: readonly Float64Array[], rightHandSide: Float64Array): Float64Array {
  const solution = rightHandSide.slice();
  rows.forEach((row, i) => {
    solution[i] = ((solution[i] as number) - dot(row, solution, i)) / (row[i] as number);
  });
  for (let i = rows.length - 1; i >= 0; i--) {
    const row = rows[i] as Float64Array;
    const value = (solution[i] as number) / (row[i] as number);
    for (let j = 0; j < i; j++) solution[j] = (solution[j] as number) - (row[j] as number) * value;
    solution[i] = value;
  }
  return solution;
}
