// Section 9: a curve with noise on it, polynomials of each degree fitted to some of its points, and a line fitted by
// batches of them. The held-out examples judge both.

import { createDataset, type Dataset, fit, lossSurface, syntheticRegression } from '../../src/index.js';
import { HIGHEST_DEGREE } from './noise-names.js';
import { ON_CPU } from './program-data.js';

/** Examples that judge: enough that their own noise counts for little. */
const HELD_OUT = 200;

/** Examples of the line, an epoch of single ones. */
export const LINE_EXAMPLES = 200;

/** The function that the examples are drawn about: no polynomial of a low degree, and near one of the fifth. */
export function truth(x: number): number {
  return Math.sin(3 * x);
}

const TRUE_LINE = { weights: [0.8], bias: 0.2 } as const;

export interface NoisyExamples {
  xs: readonly number[];
  ys: readonly number[];
}

/** One polynomial, and the loss of it on the examples that it has seen and on those that it has not. */
export interface Polynomial {
  degree: number;
  /** The weights of x, x², … */
  weights: readonly number[];
  bias: number;
  trainLoss: number;
  heldOutLoss: number;
}

/** Examples about the curve: where and how far off is drawn by the library. */
export function noisyCurve(count: number, sigma: number, seed: number): NoisyExamples {
  const none = { weights: [0], bias: 0 };
  const { dataset } = syntheticRegression({ rows: count, features: 1, noise: sigma, seed, ...none });
  const xs = Array.from(dataset.columns[0] ?? []);
  return { xs, ys: Array.from(dataset.targets, (noise, i) => truth(xs[i] as number) + noise) };
}

/** Those that judge come from another seed. */
export function heldOutCurve(sigma: number, seed: number): NoisyExamples {
  return noisyCurve(HELD_OUT, sigma, seed + 2 ** 20);
}

/** Least squares for every degree, from 1 on. */
export async function polynomialsOf(train: NoisyExamples, heldOut: NoisyExamples): Promise<Polynomial[]> {
  const found: Polynomial[] = [];
  for (let degree = 1; degree <= HIGHEST_DEGREE; degree++) {
    const data = powersOf(train, degree);
    const { weights, bias } = await fit(data, ON_CPU);
    const at = { points: Float64Array.of(...weights, bias) };
    const [trainLoss = Number.NaN] = await lossSurface(data, at, ON_CPU);
    const [heldOutLoss = Number.NaN] = await lossSurface(powersOf(heldOut, degree), at, ON_CPU);
    found.push({ degree, weights: [...weights], bias, trainLoss, heldOutLoss });
  }
  return found;
}

export function valueOf({ weights, bias }: Pick<Polynomial, 'weights' | 'bias'>, x: number): number {
  return weights.reduceRight((sum, weight) => (sum + weight) * x, 0) + bias;
}

function powersOf({ xs, ys }: NoisyExamples, degree: number): Dataset {
  const powers = Array.from({ length: degree }, (_, j) => [`x^${j + 1}`, xs.map((x) => x ** (j + 1))] as const);
  return createDataset({ columns: Object.fromEntries(powers), targets: ys });
}

/** Examples about a line, to train on and to judge by. */
export function noisyLine(sigma: number, seed: number): { train: Dataset; heldOut: Dataset } {
  const of = (from: number) =>
    syntheticRegression({ rows: LINE_EXAMPLES, features: 1, noise: sigma, seed: from, ...TRUE_LINE }).dataset;
  return { train: of(seed), heldOut: of(seed + 2 ** 20) };
}
