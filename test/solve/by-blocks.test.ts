// R of QR, block by block: the one of the normal equations, whatever the blocks.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../../src/data/dataset.js';
import { momentsOfDataset } from '../../src/moments/columns.js';
import { factorByBlocks } from '../../src/solve/by-blocks.js';
import { normalEquations } from '../../src/solve/by-moments.js';
import { timesNormal } from '../../src/solve/condition.js';
import type { Part } from '../../src/solve/residual-sums.js';
import { expectClose } from '../support/close.js';
import { examples, uniforms } from '../support/examples.js';

/** The examples in parts of these sizes, and a last one of the rest. */
function* inParts({ columns, targets, exampleWeights }: Dataset, sizes: readonly number[]): Iterable<Part> {
  let from = 0;
  for (const size of [...sizes, targets.length]) {
    const part = (column: Dataset['targets']) => column.subarray(from, from + size);
    yield {
      features: columns.map(part),
      targets: part(targets),
      ...(exampleWeights && { exampleWeights: part(exampleWeights) }),
    };
    from += size;
  }
}

describe.each([
  { rows: 2, features: 3 },
  { rows: 57, features: 4 },
  { rows: 5_003, features: 9 },
  { rows: 700, features: 65 },
])('$rows × $features', ({ rows, features }) => {
  it.each([
    { weighted: false, l2: 0, fitIntercept: true },
    { weighted: true, l2: 0, fitIntercept: true },
    { weighted: true, l2: 0.3, fitIntercept: false },
  ])('has RᵀR equal to the matrix of the equations: %o', async ({ weighted, l2, fitIntercept }) => {
    const { columns, targets, featureNames } = examples(2, rows, features);
    const weights = uniforms(9, rows).map((u) => 1 + u);
    const dataset = new Dataset(columns, targets, featureNames, 'y', weighted ? weights : undefined);
    const problem = { l2, fitIntercept, standardize: true };
    const equations = normalEquations(momentsOfDataset(dataset), problem);
    for (const sizes of [[], [1, 0, 30], [2000, 3, 1024]]) {
      const factor = await factorByBlocks(inParts(dataset, sizes), equations, undefined);
      for (let seed = 0; seed < 3; seed++) {
        const vector = uniforms(seed, features);
        const because = 'both are sums of products under 1, for each of up to 65 features';
        expectClose(timesNormal(factor, vector), timesNormal(equations.factor, vector), { absolute: 1e-12, because });
      }
      expect(factor.rank).toBe(equations.factor.rank);
    }
  });
});

it('QR by blocks keeps a column that is a sum but for 1e-9, which products lose', async () => {
  const { columns, targets } = examples(9, 3_000, 2);
  const [a, b] = columns as [Float64Array, Float64Array];
  const sum = a.map((value, i) => value + (b[i] as number) + 1e-9 * (targets[i] as number));
  const dataset = new Dataset([a, b, sum], targets, ['a', 'b', 'sum'], 'y');
  const equations = normalEquations(momentsOfDataset(dataset), { l2: 0, fitIntercept: true, standardize: true });
  expect(equations.factor.rank).toBe(2);
  expect((await factorByBlocks(inParts(dataset, [1500]), equations, undefined)).rank).toBe(3);
});

it('QR by blocks hears an abort between two blocks, once it has held the thread for long', async () => {
  const controller = new AbortController();
  const reason = new Error('changed my mind');
  const dataset = examples(2, 5_000, 2);
  function* slowly(): Iterable<Part> {
    for (const part of inParts(dataset, [1000, 1000, 1000])) {
      for (const startMs = performance.now(); performance.now() - startMs < 60;);
      controller.abort(reason);
      yield part;
    }
  }
  const equations = normalEquations(momentsOfDataset(dataset), { l2: 0, fitIntercept: true, standardize: true });
  await expect(factorByBlocks(slowly(), equations, controller.signal)).rejects.toBe(reason);
});
