import { syntheticRegression } from '../src/data/synthetic.js';
import { signedUniforms, STREAMS } from '../src/base/random.js';
import type { Problem } from './arm.js';
import type { BenchCase } from './cases.js';

const SEED = 1;

/**
 * Under the limit of every case: with uniform features λmax stays under 3.1, which 1,000 × 4,096 has
 * ((1 + √(d/m))²/3 for d/m = 4, by Marchenko and Pastur).
 */
const LEARNING_RATE = 0.5;

/** The seeded problem of a case: the same numbers in every process, so that each makes its own. */
export function makeProblem({ rows, features }: BenchCase): Problem {
  const { dataset } = syntheticRegression({ rows, features, seed: SEED, noise: 0.1 });
  const initial = signedUniforms(SEED, STREAMS.initialParameters, features + 1);
  return {
    rows,
    features,
    columns: dataset.columns.map((column) => Float32Array.from(column)),
    targets: Float32Array.from(dataset.targets),
    initialWeights: Float32Array.from(initial.subarray(0, features)),
    initialBias: initial[features] as number,
    learningRate: LEARNING_RATE,
  };
}
