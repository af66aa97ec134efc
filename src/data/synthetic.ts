import { Dataset } from './checked-dataset.js';
import { DescentError } from '../base/errors.js';
import { requireKnown } from '../base/check-names.js';
import { SYNTHETIC } from './is-synthetic.js';
import { defaultNames } from './match-columns.js';
import { toFloatArray } from './numbers.js';
import { signedUniforms, STREAMS } from '../base/random.js';
import { OUTLIER_SCALE, syntheticParts, synthetic } from './draw-synthetic.js';

/** The distribution of the features and the true parameters of a synthetic data set. */
export interface SyntheticFeatures {
  /** m */
  rows: number;
  /** d */
  features: number;
  /** 'uniform' in [-1, 1), or 'normal' with mean 0 and variance 1. Default 'uniform'. */
  distribution?: 'uniform' | 'normal';
  /**
   * ρ, from 0 to below 1: the correlation of every two features, by a common factor, x = √(1 − ρ)·own + √ρ·common. Means
   * and variances stay; normal features stay normal, uniform ones become sums of two uniforms, up to √2 in size. The
   * curvature has a condition number of (1 + (d − 1)ρ)/(1 − ρ). Default 0.
   */
  correlation?: number;
  /** Default 0. */
  seed?: number;
  /** The true weights, d of them. Default: uniform in [-1, 1), drawn from the seed. */
  weights?: ArrayLike<number>;
  /** The true bias. Default: uniform in [-1, 1), drawn from the seed. */
  bias?: number;
}

/** The options of `syntheticRegression`: the features, and the noise on the targets. */
export interface SyntheticOptions extends SyntheticFeatures {
  /** Standard deviation of the Gaussian noise on the targets. Default 0.1. */
  noise?: number;
  /**
   * ε, from 0 to 1: the share of examples, drawn by chance, whose noise is ten times as large, as in Tukey's
   * contaminated normal distribution, (1 − ε)·N(0, σ²) + ε·N(0, 100σ²) (1960; the model of Huber, "Robust estimation
   * of a location parameter", 1964). Default 0.
   */
  outliers?: number;
}

const FEATURE_OPTIONS = [
  'rows',
  'features',
  'distribution',
  'correlation',
  'seed',
  'weights',
  'bias',
] as const satisfies readonly (keyof SyntheticFeatures)[];

/** All that a synthetic dataset follows from: plain data, checked. */
export interface SyntheticSpec {
  /** m */
  exampleCount: number;
  /** d */
  featureCount: number;
  /** The distribution of each feature. */
  distribution: 'uniform' | 'normal';
  /** ρ */
  correlation: number;
  /** 'linear' has noise and outliers, 'logistic' labels. */
  targets: 'linear' | 'logistic';
  /** σ */
  noise: number;
  /** ε */
  outliers: number;
  /** Seed of features, truth and noise. */
  seed: number;
  /** [d] */
  weights: Float64Array;
  /** The true bias. */
  bias: number;
}

/**
 * Data with known truth: all rows, or those that `part` picked. The host makes the examples when `dataset` is first asked
 * for, and keeps them.
 */
export class SyntheticData {
  /** d names: x1, x2, … */
  readonly featureNames: readonly string[];
  readonly targetName = 'y';
  #dataset: Dataset | undefined;

  constructor(
    readonly spec: SyntheticSpec,
    /** The examples of the spec that these are, if not all. */
    readonly rows?: Uint32Array,
  ) {
    this.featureNames = defaultNames(spec.featureCount);
  }

  get [SYNTHETIC](): true {
    return true;
  }

  /** m */
  get exampleCount(): number {
    return this.rows?.length ?? this.spec.exampleCount;
  }

  /** d */
  get featureCount(): number {
    return this.spec.featureCount;
  }

  /** The true weights, [d]. */
  get weights(): Float64Array {
    return this.spec.weights;
  }

  /** The true bias. */
  get bias(): number {
    return this.spec.bias;
  }

  /** The examples in f32. Throws `TOO_LARGE` when the host cannot hold them. */
  get dataset(): Dataset {
    return (this.#dataset ??= this.#make());
  }

  /** Some of all rows, in this order, with the same truth. */
  part(rows: Uint32Array): SyntheticData {
    return new SyntheticData(this.spec, rows);
  }

  #make(): Dataset {
    const { exampleCount, featureCount } = this;
    try {
      const columns = this.featureNames.map(() => new Float32Array(exampleCount));
      const targets = new Float32Array(exampleCount);
      synthetic(this.spec, this.rows ?? 0, columns, targets);
      return new Dataset(columns, targets, this.featureNames, this.targetName);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new DescentError('TOO_LARGE', {
        got: `${exampleCount} × ${featureCount} numbers`,
        expected: 'as many as the memory of this host holds',
        fix: 'Ask for fewer rows.',
        cause: error,
      });
    }
  }
}

/**
 * Linear data with known truth: targets X·w + b plus Gaussian noise.
 *
 * Example i depends on the seed and on i alone (src/data/draw-synthetic.ts): the first rows of a larger set are the
 * smaller set. Throws `INVALID_OPTION`; `SHAPE_MISMATCH` when `weights` has another length than `features`; and
 * `NON_FINITE_VALUE` for a truth that is not finite or whose targets f32 might not hold.
 *
 *     const { dataset, weights, bias } = syntheticRegression({ rows: 1_000_000, features: 2, seed: 7 });
 */
export function syntheticRegression(given: SyntheticOptions): SyntheticData {
  const options = requireKnown(given, [...FEATURE_OPTIONS, 'noise', 'outliers']);
  const { noise = 0.1, outliers = 0 } = options;
  if (!(noise >= 0 && Number.isFinite(noise))) throw invalid('noise', noise, 'a number from 0 up');
  if (!(outliers >= 0 && outliers <= 1)) throw invalid('outliers', outliers, 'a share from 0 to 1');
  if (outliers > 0 && noise === 0) throw invalid('noise', noise, 'a number above 0, of which outliers have more');
  return make(options, { targets: 'linear', noise, outliers });
}

/**
 * Labels with known truth: targets 1 with probability 1/(1 + e^−(X·w + b)), or else 0. Features, truth and errors as
 * in `syntheticRegression`, with what it throws.
 *
 *     const { dataset } = syntheticClassification({ rows: 1000, features: 2, weights: [3, -2], bias: 0.5 });
 *     dataset.targets // Float32Array [1000] of 0 and 1
 */
export function syntheticClassification(options: SyntheticFeatures): SyntheticData {
  return make(requireKnown(options, FEATURE_OPTIONS), { targets: 'logistic', noise: 0, outliers: 0 });
}

type SpecOfTargets = Pick<SyntheticSpec, 'targets' | 'noise' | 'outliers'>;

function make(options: SyntheticFeatures, targets: SpecOfTargets): SyntheticData {
  const { rows, features, distribution = 'uniform', correlation = 0, seed = 0 } = options;
  checkWhole('rows', rows, 1);
  checkWhole('features', features, 1);
  checkWhole('seed', seed, 0);
  // Callers without types hand in anything.
  const isKnown = ['uniform', 'normal'].includes(distribution);
  if (!isKnown) throw invalid('distribution', `'${distribution}'`, "'uniform' or 'normal'");
  if (!(correlation >= 0 && correlation < 1)) throw invalid('correlation', correlation, 'a number from 0 to below 1');
  const drawn = signedUniforms(seed, STREAMS.trueParameters, features + 1);
  const weights = options.weights === undefined ? drawn.slice(0, features) : trueWeights(options.weights);
  const bias: number = options.bias ?? (drawn[features] as number);
  if (weights.length !== features) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${weights.length} true weights for ${features} features`,
      expected: 'one for each feature',
      fix: 'Leave weights out to have them drawn.',
    });
  }
  const shape = { exampleCount: rows, featureCount: features };
  const spec: SyntheticSpec = { ...shape, distribution, correlation, ...targets, seed, weights, bias };
  checkReach(spec);
  return new SyntheticData(spec);
}

/** Throws `SHAPE_MISMATCH` and `INVALID_VALUE` for what are no numbers. */
function trueWeights(weights: unknown): Float64Array {
  return Float64Array.from(toFloatArray(weights, 'true weights'));
}

/** The largest normal number that 24 bits give, √(2·24·ln 2). */
const NORMAL_REACH = Math.sqrt(48 * Math.LN2);

const F32_MAX = (2 - 2 ** -23) * 2 ** 127;

/** No target that can be drawn leaves f32, so none has to be looked at. */
function checkReach(spec: SyntheticSpec): void {
  const { ownPart, factorPart } = syntheticParts(spec);
  const reach = (ownPart + factorPart) * (spec.distribution === 'normal' ? NORMAL_REACH : 1);
  const noiseReach = spec.noise * NORMAL_REACH * (spec.outliers > 0 ? OUTLIER_SCALE : 1);
  const largest = spec.weights.reduce(
    (sum, weight) => sum + Math.abs(weight) * reach,
    Math.abs(spec.bias) + noiseReach,
  );
  if (largest <= F32_MAX) return;
  const unknown = spec.weights.findIndex((weight) => !Number.isFinite(weight));
  let got = `a true bias, weights and noise that make targets of up to ${largest}`;
  if (unknown >= 0) got = `a true weight ${spec.weights[unknown]} of feature ${unknown}`;
  else if (!Number.isFinite(spec.bias)) got = `a true bias ${spec.bias}`;
  throw new DescentError('NON_FINITE_VALUE', {
    got,
    expected: 'a truth whose targets stay under 3.4e38',
    fix: 'Give smaller weights and a smaller bias, or leave them out to have them drawn.',
  });
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalid(name, value, `a whole number from ${least} up`);
}

function invalid(name: string, value: number | string, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${name} ${value}`,
    expected,
    fix: `Change ${name}.`,
    where: { option: name },
  });
}
