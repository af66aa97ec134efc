import { DescentError } from '../base/errors.js';
import type { Origin } from '../data/origin.js';
import type { Encoder } from '../data/table/encoder.js';
import { MOMENTS } from './is-moments.js';
import { type MomentsJson, momentsFromJson, momentsToJson } from './json.js';

/** All that the squared loss of a linear model needs to know of its data: d features, t targets. */
export interface MomentsParts {
  /** d names. */
  featureNames: readonly string[];
  /** t names, one or more. */
  targetNames: readonly string[];
  /** m, or the sum of the examples' weights. */
  count: number;
  /** [d] */
  means: Float64Array;
  /** [t] */
  targetMeans: Float64Array;
  /** [d, d] row-major, Σ w·(x − mean)(x − mean)ᵀ: both triangles, equal. */
  scatter: Float64Array;
  /** [d, t] row-major, Σ w·(x − mean)(y − mean)ᵀ. */
  crossScatter: Float64Array;
  /** [t] Σ w·(y − mean)². */
  targetScatter: Float64Array;
  /**
   * The precision of the sums: 'f32' on the GPU, whose rounding leaves a relative error of about 1e-7 in the scatter.
   */
  precision: Precision;
  /** The way from the columns of a table to the features; null where each column is a feature as it is. Default null. */
  encoder?: Encoder | null;
}

/** The number format of sums. */
export type Precision = 'f32' | 'f64';

/** The largest excess of a correlation over 1 that can be rounding: sums in f32 reach 1e-6. */
const MOST_EXCESS = 1e-3;

/**
 * The first and second moments of a dataset: training on them needs no examples, and an epoch costs d² instead of m·d.
 * With S the scatter and μ the means, the curvature of the loss, 1/m·[X 1]ᵀ[X 1], is [[S/m + μμᵀ, μ], [μᵀ, 1]].
 *
 * Centred about the means, so that neither an offset (years, temperatures in kelvin) nor a merge costs digits. A
 * feature whose scatter is 0 has one value only.
 *
 * Made by `computeMoments`, `mergeMoments` and `Moments.fromJSON`, and not written to after that. `fit` learns from it any
 * number of times. The constructor copies what it is given. It throws `EMPTY_DATA`, `SHAPE_MISMATCH`,
 * `NON_FINITE_VALUE`, and `INVALID_OPTION` for numbers that no data has: a scatter that is negative or not symmetric,
 * or a correlation over 1.
 *
 *     const moments = momentsOfDataset(createDataset({ features: [[1], [2], [6]], targets: [2, 4, 9] }));
 *     moments.means   // [3]
 *     moments.scatter // [14], (1 − 3)² + (2 − 3)² + (6 − 3)²
 */
export class Moments {
  readonly featureNames: readonly string[];
  readonly targetNames: readonly string[];
  readonly count: number;
  readonly means: Float64Array;
  readonly targetMeans: Float64Array;
  readonly scatter: Float64Array;
  readonly crossScatter: Float64Array;
  readonly targetScatter: Float64Array;
  readonly precision: Precision;
  readonly encoder: Encoder | null;

  constructor(parts: MomentsParts) {
    this.featureNames = [...parts.featureNames];
    this.targetNames = [...parts.targetNames];
    this.count = parts.count;
    this.means = parts.means.slice();
    this.targetMeans = parts.targetMeans.slice();
    this.scatter = parts.scatter.slice();
    this.crossScatter = parts.crossScatter.slice();
    this.targetScatter = parts.targetScatter.slice();
    this.precision = parts.precision;
    this.encoder = parts.encoder ?? null;
    checkShapes(this);
    checkValues(this);
  }

  get [MOMENTS](): true {
    return true;
  }

  /** The table that the examples came from, for the model to keep; null for moments of arrays. */
  origin(): Origin | null {
    return this.encoder && { encoder: this.encoder, labels: null, reading: null, inputs: null };
  }

  /** The same, with the way from the columns of their table to the features. */
  encodedBy(encoder: Encoder): Moments {
    const { featureNames, targetNames, count, means, targetMeans, scatter, crossScatter, targetScatter, precision } =
      this;
    return new Moments({
      ...{ featureNames, targetNames, count, means, targetMeans, scatter, crossScatter, targetScatter, precision },
      encoder,
    });
  }

  /** d */
  get featureCount(): number {
    return this.featureNames.length;
  }

  /** t */
  get targetCount(): number {
    return this.targetNames.length;
  }

  /** For `JSON.stringify`: every number to its last bit, d² of them. */
  toJSON(): MomentsJson {
    return momentsToJson(this);
  }

  /**
   * Reads the parsed result of `toJSON`. Throws `INVALID_FILE`, with the place, for anything else.
   *
   *     Moments.fromJSON(JSON.parse(await readFile('moments.json', 'utf8')))
   */
  static fromJSON(parsed: unknown): Moments {
    return momentsFromJson(parsed, (parts) => new Moments(parts));
  }
}

function checkShapes(moments: Moments): void {
  const { featureCount, targetCount, count } = moments;
  if (featureCount === 0 || targetCount === 0 || count <= 0) {
    throw new DescentError('EMPTY_DATA', {
      got: `moments of ${count} examples, ${featureCount} features and ${targetCount} targets`,
      expected: 'at least one of each',
      fix: 'Check where the data comes from.',
    });
  }
  const lengths = {
    means: featureCount,
    targetMeans: targetCount,
    scatter: featureCount * featureCount,
    crossScatter: featureCount * targetCount,
    targetScatter: targetCount,
  };
  for (const [name, expected] of Object.entries(lengths)) {
    const { length } = moments[name as keyof typeof lengths];
    if (length === expected) continue;
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${length} numbers in ${name}`,
      expected: `${expected}, for ${featureCount} features and ${targetCount} targets`,
      fix: 'Use the arrays of one set of moments together.',
    });
  }
}

function checkValues(moments: Moments): void {
  const { featureCount, targetCount, means, targetMeans, scatter, crossScatter, targetScatter } = moments;
  for (const [name, values] of Object.entries({ means, targetMeans, scatter, crossScatter, targetScatter })) {
    const at = values.findIndex((value) => !Number.isFinite(value));
    if (at >= 0) throw notFinite(`${values[at]} in ${name}[${at}]`);
  }
  if (!Number.isFinite(moments.count)) throw notFinite(`a count of ${moments.count}`);
  const spreads = spreadsOf(scatter, featureCount + 1, featureCount, 'scatter');
  const targetSpreads = spreadsOf(targetScatter, 1, targetCount, 'targetScatter');
  for (let i = 0; i < featureCount; i++) {
    for (let j = 0; j < i; j++) {
      const [below, above] = [scatter[i * featureCount + j] as number, scatter[j * featureCount + i] as number];
      if (below !== above) throw impossible(`scatter ${below} at [${i}][${j}] and ${above} at [${j}][${i}]`);
      checkCorrelation(below, (spreads[i] as number) * (spreads[j] as number), `scatter[${i}][${j}]`);
    }
    for (let k = 0; k < targetCount; k++) {
      const bound = (spreads[i] as number) * (targetSpreads[k] as number);
      checkCorrelation(crossScatter[i * targetCount + k] as number, bound, `crossScatter[${i}][${k}]`);
    }
  }
}

/** The roots of the sums of squares, `count` of them, `stride` apart. */
function spreadsOf(squares: Float64Array, stride: number, count: number, name: string): Float64Array {
  return Float64Array.from({ length: count }, (_, i) => {
    const square = squares[i * stride] as number;
    if (square < 0) throw impossible(`${square} as the sum of squares ${i} of ${name}`);
    return Math.sqrt(square);
  });
}

/** Cauchy and Schwarz: no sum of products exceeds the root of the product of the sums of squares. */
function checkCorrelation(products: number, bound: number, place: string): void {
  if (Math.abs(products) > (1 + MOST_EXCESS) * bound)
    throw impossible(`${products} in ${place}, where ${bound} bounds it`);
}

function notFinite(got: string): DescentError {
  return new DescentError('NON_FINITE_VALUE', {
    got,
    expected: 'finite numbers',
    fix: 'Scale the columns so that the sums of their squares stay under 1.8e308.',
  });
}

function impossible(got: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got,
    expected: 'moments of real data: symmetric, no negative variance, no correlation above 1',
    fix: 'Compute the moments from data, with a shift near the means.',
  });
}
