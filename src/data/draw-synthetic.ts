import { CounterRandom, normalOf, otherNormalOf, signedUniformOf, STREAMS, uniformOf } from '../base/random.js';
import type { SyntheticSpec } from './synthetic.js';

/** The noise of an outlier is this many times as large. */
export const OUTLIER_SCALE = 10;

/**
 * Examples of a synthetic dataset, `which` to `which + m − 1` or those of a list, rounded to f32: the twin of
 * shaders/examples/synthetic.wgsl, and what the host makes datasets with.
 *
 * Each depends on the seed and on its index i alone. It draws from these words of item i of the stream of examples,
 * four to a block of Philox:
 *
 *     0 … D − 1    the features. Uniform: one each, D = d. Normal: in pairs, by cosine and sine; D = d, or d + 1 if odd
 *     D, D + 1     the noise, radius and angle; or for a label the first of them, against its probability
 *     E, E + 1     the common factor of correlated features (uniform: the first); E is the first whole block after those
 *     E + 2        whether it is an outlier
 */
export function synthetic(
  spec: SyntheticSpec,
  rows: number | Uint32Array, //      the first, or [m]
  columns: readonly Float32Array[], // d columns of [m], written
  targets: Float32Array, //            [m], written
): void {
  const { featureCount, weights, bias, noise, outliers } = spec;
  const isNormal = spec.distribution === 'normal';
  const { ownPart, factorPart } = syntheticParts(spec);
  const D = isNormal ? featureCount + (featureCount % 2) : featureCount;
  const E = 4 * Math.ceil((D + 2) / 4);
  const random = new CounterRandom(spec.seed, STREAMS.examples);
  const words = new Uint32Array(outliers > 0 || factorPart > 0 ? E + 4 : E);
  const word = (at: number) => words[at] as number;
  for (let i = 0; i < targets.length; i++) {
    const item = typeof rows === 'number' ? rows + i : (rows[i] as number);
    for (let block = 0; block < words.length / 4; block++) words.set(random.words(item, block), 4 * block);
    let factor = 0;
    if (factorPart > 0) factor = factorPart * (isNormal ? normalOf(word(E), word(E + 1)) : signedUniformOf(word(E)));
    let prediction = bias;
    for (let j = 0; j < featureCount; j++) {
      let ownTerm: number;
      if (!isNormal) ownTerm = signedUniformOf(word(j));
      else ownTerm = j % 2 === 0 ? normalOf(word(j), word(j + 1)) : otherNormalOf(word(j - 1), word(j));
      const feature = Math.fround(ownPart * ownTerm + factor);
      (columns[j] as Float32Array)[i] = feature;
      prediction += (weights[j] as number) * feature;
    }
    if (spec.targets === 'logistic') targets[i] = label(prediction, uniformOf(word(D)));
    else {
      const isOutlier = outliers > 0 && uniformOf(word(E + 2)) < outliers;
      targets[i] = prediction + (isOutlier ? OUTLIER_SCALE : 1) * noise * normalOf(word(D), word(D + 1));
    }
  }
}

/** 1 with probability p = 1/(1 + e^−z), where u < p is asked without a division; e^80 · 2^-24 is above 1 already. */
function label(z: number, u: number): 0 | 1 {
  return u * Math.exp(-Math.max(z, -80)) < 1 - u ? 1 : 0;
}

/** √(1 − ρ) of a feature's own number and √ρ of the common one, in f32: variance stays, and every pair correlates by ρ. */
export function syntheticParts({ correlation }: SyntheticSpec): { ownPart: number; factorPart: number } {
  return { ownPart: Math.fround(Math.sqrt(1 - correlation)), factorPart: Math.fround(Math.sqrt(correlation)) };
}
