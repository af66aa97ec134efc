import { inTurns } from '../base/turns.js';
import { spreadsInParts } from '../data/column-layout.js';
import type { Dataset } from '../data/dataset.js';
import { withRelativeWeights } from '../data/relative-weights.js';
import type { Parameters } from '../descent/backend.js';
import type { FitWarning } from '../descent/report.js';
import type { FitSettings } from '../options/specs.js';
import { factorByBlocks } from './by-blocks.js';
import { dependenceWarning } from './dependence.js';
import type { UpperFactor } from './pivoted-qr.js';
import { type Part, partsOf } from './residual-sums.js';
import { TwofoldSum } from './twofold.js';

/** Multiply-adds that QR of the examples may take: a part of a second. */
const MOST_WORK = 2 ** 27;

/** Rows for each feature that tell mostly that the features do not depend on one another. */
const ROWS_PER_FEATURE = 4;

/** A model of linearly dependent features with the smallest weights. */
export interface SmallestModel extends Parameters {
  warning: FitWarning;
}

/**
 * The model with the same predictions whose weights are the smallest in training units; null where no feature depends on
 * others, so that there is none but the given one, and where it would take long to find out.
 */
export async function smallestModel(
  given: Dataset,
  { standardize, fitIntercept }: Pick<FitSettings, 'standardize' | 'fitIntercept'>,
  { weights, bias }: Parameters,
): Promise<SmallestModel | null> {
  const { exampleCount, featureCount, columns, featureNames } = given;
  if (2 * exampleCount * featureCount ** 2 > MOST_WORK) return null;
  const dataset = withRelativeWeights(given);
  const spreads = await inTurns(spreadsInParts(columns, dataset.exampleWeights, fitIntercept));
  const layout = {
    // A constant feature is a column of zeros.
    lengths: Float64Array.from(spreads, ({ deviation, isConstant }) => (isConstant ? Infinity : deviation)),
    penalties: new Float64Array(featureCount),
    means: Float64Array.from(spreads, ({ center }) => center),
  };
  const varying = spreads.filter(({ isConstant }) => !isConstant).length;
  const sample = await factorByBlocks([sampleOf(dataset)], layout, undefined);
  if (sample.rank === varying) return null;
  const factor = await factorByBlocks(partsOf(dataset), layout, undefined);
  if (!factor.isDeficient) return null;
  const lengths = Float64Array.from(spreads, ({ deviation }) => deviation);
  const units = lengths.map((length) => (standardize ? 1 : 1 / length));
  const unknowns = weights.map((weight, j) => weight * (lengths[j] as number));
  const smallest = factor.solve(productsOf(factor, unknowns), units).map((value, j) => value / (lengths[j] as number));
  const moved = new TwofoldSum();
  moved.add(bias);
  if (fitIntercept) {
    layout.means.forEach((mean, j) => {
      moved.addProduct(weights[j] as number, mean);
      moved.addProduct(-(smallest[j] as number), mean);
    });
  }
  return { weights: smallest, bias: moved.value, warning: dependenceWarning(factor, 0, featureNames) };
}

/** Rows at equal distances, a few for each feature. */
function sampleOf({ columns, targets, exampleWeights }: Dataset): Part {
  const count = Math.min(targets.length, ROWS_PER_FEATURE * (columns.length + 1));
  const picked = (values: ArrayLike<number>) =>
    Float64Array.from({ length: count }, (_, i) => values[Math.floor((i * targets.length) / count)] as number);
  return {
    features: columns.map(picked),
    targets: picked(targets),
    exampleWeights: exampleWeights && picked(exampleWeights),
  };
}

/** R·x */
function productsOf({ rows }: UpperFactor, unknowns: Float64Array): Float64Array {
  return Float64Array.from(rows, (row) => row.reduce((sum, value, j) => sum + value * (unknowns[j] as number), 0));
}
