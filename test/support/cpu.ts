import type { Loss } from '../../src/options/names.js';
import { fillTiles } from '../../src/cpu/fill.js';
import type { Shape } from '../../src/cpu/kernels/shape.js';
import { openRows, type Rows } from '../../src/cpu/rows.js';
import type { ExampleTerms } from '../../src/reference/loss.js';
import { numbers } from './data.js';
import { HUBER_DELTA, targetsFor, termsFor } from './terms.js';

/** Examples in f64 that are exact in the format of a kernel, and the same in the memory of one. */
export interface KernelExamples {
  features: Float64Array[];
  /** t columns of [m]. */
  targets: Float64Array[];
  terms: ExampleTerms;
  rows: Rows;
}

/** Asymmetric seeded examples, stored for kernels. */
export function kernelExamples(
  m: number,
  d: number,
  {
    loss,
    isWeighted,
    storedBytes,
    targetCount = 1,
    kernels = 'wasm',
  }: Pick<Shape, 'isWeighted' | 'storedBytes'> & { loss: Loss; targetCount?: number; kernels?: Rows['kernels'] },
): KernelExamples {
  const stored = (column: Float64Array) => (storedBytes === 4 ? column.map(Math.fround) : column);
  const features = Array.from({ length: d }, (_, j) => stored(numbers(j, m, 1 + j / 7, 0.3 * (j % 3) - 0.2)));
  const targets = Array.from({ length: targetCount }, (_, k) =>
    stored(targetsFor({ loss, weighted: isWeighted }, numbers(200 + k, m, 2, 0.4))),
  );
  const { exampleWeights } = termsFor({ loss, weighted: isWeighted }, m);
  const weights = exampleWeights && stored(exampleWeights);
  const shape = { featureCount: d, targetCount, isWeighted, storedBytes };
  const rows = openRows(shape, m, kernels);
  const columns = [...features, ...targets, ...(weights ? [weights] : [])];
  fillTiles(
    rows.numbers,
    shape,
    columns.map((values) => ({ values, center: 0, scale: 1 })),
    { first: 0, end: m },
  );
  return { features, targets, terms: { loss, huberDelta: HUBER_DELTA, exampleWeights: weights }, rows };
}
