import { DescentError } from '../base/errors.js';
import { didYouMean } from '../base/nearest-word.js';
import { mergeEncoders } from './merge-encoders.js';
import { Moments } from './moments.js';
import { isOneValue } from './shifted-sums.js';

/**
 * The moments of all examples together, from those of parts of them: shards, days, machines. Exact but for rounding,
 * in whatever order the parts come.
 *
 * With n = nₐ + n_b and δ = μ_b − μₐ: μ = μₐ + δ·n_b/n and S = Sₐ + S_b + δδᵀ·nₐn_b/n, the update of Chan, Golub and
 * LeVeque, "Algorithms for computing the sample variance: analysis and recommendations", The American Statistician 37
 * (1983), 242–247. d² work for each part.
 *
 * Throws `UNKNOWN_COLUMN` for a column that another part does not have, and `SHAPE_MISMATCH` for columns in another
 * order or of another number, and for columns that were encoded in another way, such as categories of other levels.
 *
 *     mergeMoments(monday, tuesday, wednesday).count // all three together
 */
export function mergeMoments(first: Moments, ...rest: readonly Moments[]): Moments {
  return rest.reduce(mergeTwo, first);
}

function mergeTwo(a: Moments, b: Moments): Moments {
  checkNames(a.featureNames, b.featureNames, 'feature');
  checkNames(a.targetNames, b.targetNames, 'target');
  const count = a.count + b.count;
  const share = b.count / count;
  const apart = a.count * share; // nₐ·n_b/n
  const deltas = b.means.map((mean, j) => mean - (a.means[j] as number));
  const targetDeltas = b.targetMeans.map((mean, k) => mean - (a.targetMeans[k] as number));
  const moved = (means: Float64Array, by: Float64Array) => means.map((mean, j) => mean + share * (by[j] as number));
  const added = (left: Float64Array, right: Float64Array, width: number, rows: Float64Array, columns: Float64Array) =>
    left.map((value, at) => {
      // δᵢ·δⱼ first: so both triangles have the same bits.
      const between = (rows[Math.floor(at / width)] as number) * (columns[at % width] as number);
      return value + (right[at] as number) + apart * between;
    });
  const means = moved(a.means, deltas);
  const scatter = added(a.scatter, b.scatter, a.featureCount, deltas, deltas);
  const crossScatter = added(a.crossScatter, b.crossScatter, a.targetCount, deltas, targetDeltas);
  // Parts of one value have means that differ by rounding, and together a scatter of that.
  means.forEach((mean, j) => {
    if (!isOneValue(scatter[j * a.featureCount + j] as number, count, mean)) return;
    for (let k = 0; k < a.featureCount; k++) scatter[j * a.featureCount + k] = scatter[k * a.featureCount + j] = 0;
    crossScatter.fill(0, j * a.targetCount, (j + 1) * a.targetCount);
  });
  return new Moments({
    featureNames: a.featureNames,
    targetNames: a.targetNames,
    count,
    means,
    targetMeans: moved(a.targetMeans, targetDeltas),
    scatter,
    crossScatter,
    targetScatter: a.targetScatter.map((value, k) => {
      return value + (b.targetScatter[k] as number) + apart * (targetDeltas[k] as number) ** 2;
    }),
    precision: a.precision === b.precision ? a.precision : 'f32',
    encoder: mergeEncoders(a.encoder, b.encoder),
  });
}

function checkNames(expected: readonly string[], names: readonly string[], kind: 'feature' | 'target'): void {
  const unknown = names.find((name) => !expected.includes(name));
  if (unknown !== undefined) {
    throw new DescentError('UNKNOWN_COLUMN', {
      got: `moments with a ${kind} '${unknown}'`,
      expected: `the ${kind}s of the moments before: ${expected.join(', ')}`,
      fix: didYouMean(unknown, expected, 'Merge moments of the same columns.'),
      where: { column: unknown },
    });
  }
  if (names.length === expected.length && names.every((name, j) => name === expected[j])) return;
  throw new DescentError('SHAPE_MISMATCH', {
    got: `moments with the ${kind}s ${names.join(', ')}`,
    expected: `${expected.join(', ')}, in this order`,
    fix: 'Read every part with the same columns in the same order.',
  });
}
