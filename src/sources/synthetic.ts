import { Dataset } from '../dataset.js';
import { DescentError } from '../errors.js';
import { CounterRandom, normalOf, signedUniformOf, signedUniforms, STREAMS } from '../random.js';

export interface SyntheticOptions {
  /** m */
  rows: number;
  /** d */
  features: number;
  /** Standard deviation of the Gaussian noise on the targets. Default 0.1. */
  noise?: number;
  /** Default 0. */
  seed?: number;
  /** The true weights, d of them. Default: uniform in [-1, 1), drawn from the seed. */
  weights?: ArrayLike<number>;
  /** The true bias. Default: uniform in [-1, 1), drawn from the seed. */
  bias?: number;
}

export interface SyntheticRegression {
  dataset: Dataset;
  /** The true parameters, which the noise hides. */
  weights: Float64Array;
  bias: number;
}

/**
 * Linear data with known truth: features uniform in [-1, 1), targets X·w + b plus Gaussian noise, all f32.
 *
 * Example i depends on the seed and on i alone (see `CounterRandom`): the first rows of a larger set are the
 * smaller set. Throws `INVALID_OPTION`, and `SHAPE_MISMATCH` when `weights` has another length than `features`.
 *
 *     const { dataset, weights, bias } = syntheticRegression({ rows: 1_000_000, features: 2, seed: 7 });
 */
export function syntheticRegression(options: SyntheticOptions): SyntheticRegression {
  const { rows, features, noise = 0.1, seed = 0 } = options;
  checkWhole('rows', rows, 1);
  checkWhole('features', features, 1);
  checkWhole('seed', seed, 0);
  if (!(noise >= 0 && Number.isFinite(noise))) throw invalid('noise', noise, 'a number from 0 up');
  const drawn = signedUniforms(seed, STREAMS.trueParameters, features + 1);
  const weights = options.weights ? Float64Array.from(options.weights) : drawn.slice(0, features);
  const bias: number = options.bias ?? (drawn[features] as number);
  if (weights.length !== features) {
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${weights.length} true weights for ${features} features`,
      expected: 'one for each feature',
      fix: 'Leave weights out to have them drawn.',
    });
  }

  const columns = Array.from({ length: features }, () => new Float32Array(rows));
  const targets = new Float32Array(rows);
  const random = new CounterRandom(seed, STREAMS.examples);
  // Words 0 to d − 1 of an example are its features, words d and d + 1 its noise; four words come at a time.
  const words = new Uint32Array(4 * Math.ceil((features + 2) / 4));
  for (let i = 0; i < rows; i++) {
    for (let block = 0; block < words.length / 4; block++) words.set(random.words(i, block), 4 * block);
    let target = bias;
    for (let j = 0; j < features; j++) {
      const feature = signedUniformOf(words[j] as number);
      (columns[j] as Float32Array)[i] = feature;
      target += (weights[j] as number) * feature;
    }
    targets[i] = target + noise * normalOf(words[features] as number, words[features + 1] as number);
  }
  const names = columns.map((_, j) => `x${j + 1}`);
  return { dataset: new Dataset(columns, targets, names, 'y'), weights, bias };
}

function checkWhole(name: string, value: number, least: number): void {
  if (!Number.isSafeInteger(value) || value < least) throw invalid(name, value, `a whole number from ${least} up`);
}

function invalid(name: string, value: number, expected: string): DescentError {
  return new DescentError('INVALID_OPTION', { got: `${name} ${value}`, expected, fix: `Change ${name}.` });
}
