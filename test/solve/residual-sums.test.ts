// One pass over the examples in f64, held against sums row by row in twice the precision.

import { describe, expect, it } from 'vitest';
import type { FloatArray } from '../../src/data/dataset.js';
import { type Part, residualSums } from '../../src/solve/residual-sums.js';
import { TwofoldSum } from '../../src/solve/twofold.js';
import { expectClose } from '../support/close.js';
import { uniforms } from '../support/examples.js';

/** Columns far from 0, as f32 and f64 in turn, or as one of them. */
function problem(rows: number, features: number, format: 'f32' | 'f64' | 'both', isWeighted: boolean) {
  const columns = Array.from({ length: features }, (_, j): FloatArray => {
    const column = uniforms(j, rows).map((u) => (1 + j) * u + 1000 * j - 4);
    return format === 'f32' || (format === 'both' && j % 2 === 0) ? Float32Array.from(column) : column;
  });
  return {
    part: {
      features: columns,
      targets: uniforms(50, rows),
      exampleWeights: isWeighted ? uniforms(51, rows).map(Math.abs) : undefined,
    } satisfies Part,
    parameters: { weights: uniforms(52, features), atCenter: 0.25 },
    centers: Float64Array.from(columns, (_, j) => 1000 * j - 3.9),
  };
}

function exactly({ part, parameters: { weights, atCenter }, centers }: ReturnType<typeof problem>) {
  const sums = { count: new TwofoldSum(), sum: new TwofoldSum(), squares: new TwofoldSum() };
  const products = part.features.map(() => new TwofoldSum());
  part.targets.forEach((target, i) => {
    const residual = new TwofoldSum();
    residual.add(target - atCenter);
    const x = part.features.map((column, j) => (column[i] as number) - (centers[j] as number));
    x.forEach((value, j) => residual.addProduct(-value, weights[j] as number));
    const weight = part.exampleWeights?.[i] ?? 1;
    sums.count.add(weight);
    sums.sum.addProduct(weight, residual.value);
    sums.squares.addProduct(weight * residual.value, residual.value);
    x.forEach((value, j) => products[j]?.addProduct(weight * residual.value, value));
  });
  return [sums.count, sums.sum, sums.squares, ...products].map(({ value }) => value);
}

const because = 'sums in f64 of up to some thousand terms under 10';

describe.each([1, 2, 3, 4, 6, 8, 10])('sums of residuals of %i features', (features) => {
  it.each([1, 255, 256, 1023, 1024, 1025, 2500, 5000])('are exact but for rounding: %i rows', async (rows) => {
    for (const format of ['f32', 'f64', 'both'] as const) {
      for (const isWeighted of [false, true]) {
        const given = problem(rows, features, format, isWeighted);
        // Parts of any size, one without examples.
        const cut = Math.floor(rows / 3);
        const parts = [[0, 0], [0, cut], [cut, rows]].map(([from, to]) => ({
          features: given.part.features.map((column) => column.subarray(from, to)),
          targets: given.part.targets.subarray(from, to),
          exampleWeights: given.part.exampleWeights?.subarray(from, to),
        })); // prettier-ignore
        const before = structuredClone(given);
        const expected = exactly(given);
        for (const read of [[given.part], parts]) {
          const { count, sum, squares, products } = await residualSums(
            read,
            given.parameters,
            given.centers,
            undefined,
          );
          expectClose([count, sum, squares, ...products], expected, { relative: 1e-13, absolute: 1e-11, because }); // prettier-ignore
        }
        expect(given).toEqual(before);
      }
    }
  });
});

it('two passes at once do not see each other', async () => {
  const [first, second] = [problem(300_000, 2, 'f32', false), problem(300_000, 8, 'f64', true)];
  const pass = ({ part, parameters, centers }: ReturnType<typeof problem>) =>
    residualSums([part, part], parameters, centers, undefined);
  const together = await Promise.all([first, second].map(pass));
  expect(together).toEqual([await pass(first), await pass(second)]);
});

it('a pass gives way to others every 12 ms, and ends with the signal', async () => {
  const { part, parameters, centers } = problem(3000, 2, 'f32', false);
  function* slowly(count: number): Iterable<Part> {
    for (let k = 0; k < count; k++) {
      for (const startMs = performance.now(); performance.now() - startMs < 5;);
      yield part;
    }
  }
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await residualSums(slowly(20), parameters, centers, undefined);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(4); // of some seven; every 50 ms there would be two
  const aborted = residualSums(slowly(1000), parameters, centers, AbortSignal.timeout(20));
  await expect(aborted).rejects.toThrow('timeout');
});
