import { describe, expect, it } from 'vitest';
import { fusedWideKernel, mostWideFeatures, rowQuadsOf, wideShape } from '../../src/gpu/kernels/epoch-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { fusedNarrow } from '../../src/reference/fused-narrow.js';
import { columns, numbers, RAGGED_ROWS } from '../support/data.js';
import { configFor, progressBytes, runKernel, RUNNING, withContext } from '../support/kernel.js';
import { expectPartials } from '../support/partials.js';
import {
  HUBER_DELTA,
  OTHER_TERMS,
  sizesOfTargets,
  sizeTerms,
  targetsFor,
  termsFor,
  withWeights,
} from '../support/terms.js';

const gpu = withContext();

/** Rows one after another, each padded with zeros to whole row quads. */
function inRows(X: readonly Float64Array[], rowQuads: number, paddedRows: number): Float64Array {
  const laidOut = new Float64Array(4 * rowQuads * paddedRows);
  X.forEach((column, j) => column.forEach((value, i) => (laidOut[4 * rowQuads * i + j] = value)));
  return laidOut;
}

async function runWide(
  rows: number,
  features: number,
  workgroups = 8,
  progress = RUNNING,
  form: Terms = PLAIN,
  [first, end]: readonly [number, number] = [0, rows],
) {
  const subgroup = gpu.context.subgroupSize as number;
  const shape = wideShape(features, subgroup);
  const rowQuads = rowQuadsOf(shape);
  const paddedRows = 32 * Math.ceil(rows / 32);
  const X = columns(4, rows, features);
  const y = targetsFor(form, numbers(5, rows, 2));
  const terms = termsFor(form, rows);
  const parameters = numbers(6, features + 1);
  const ofRows = withWeights([y], terms);
  const padded = new Float64Array(paddedRows * ofRows.length);
  ofRows.forEach((column, k) => padded.set(column, k * paddedRows));
  const [output] = await runKernel(gpu.context, fusedWideKernel(shape, 'f32', form), {
    config: configFor(rows, features, workgroups, {
      ...{ rowQuads, quadCount: paddedRows / 4, huberDelta: HUBER_DELTA, batch: { first, end, weight: 0 } },
    }),
    reads: [inRows(X, rowQuads, paddedRows), padded, parameters, progress],
    writes: [4 * (features + 2) * workgroups],
    workgroups: [workgroups],
  });
  const expected = new Float64Array(features + 2);
  const part = (column: Float64Array) => column.subarray(first, end);
  const partTerms = { ...terms, exampleWeights: terms.exampleWeights && part(terms.exampleWeights) };
  fusedNarrow(X.map(part), part(y), parameters, expected, partTerms);
  // The residual itself is a sum of d + 2 terms, so its rounding is of the size of all of them.
  const sizes = new Float64Array(features + 2);
  const absolute = (values: Float64Array) => values.map(Math.abs);
  const columnSizes = X.map((column) => absolute(part(column)));
  fusedNarrow(columnSizes, sizesOfTargets(part(y)), absolute(parameters), sizes, sizeTerms(partTerms));
  return { partials: new Float32Array(output as ArrayBuffer), workgroups, expected, sizes };
}

it('runs on an adapter whose subgroups have one size', () => {
  expect(gpu.context.subgroupSize).toBeGreaterThanOrEqual(4);
});

describe('fused_wide.wgsl', () => {
  const shapes = [17, 32, 33, 64, 65, 128, 200, 512].flatMap((features) =>
    RAGGED_ROWS.map((rows) => ({ rows, features })),
  );
  it.each([...shapes, { rows: 10_007, features: 20 }])(
    'equals its twin at $rows × $features',
    async ({ rows, features }) => {
      expect(features).toBeLessThanOrEqual(mostWideFeatures(gpu.context.subgroupSize as number));
      const { partials, workgroups, expected, sizes } = await runWide(rows, features);
      expectPartials(partials, workgroups, expected, sizes);
    },
  );

  it('gives the same bits every time', async () => {
    const first = await runWide(1001, 70);
    for (let run = 0; run < 3; run++) expect((await runWide(1001, 70)).partials).toEqual(first.partials);
  });

  it('writes nothing after the descent has stopped', async () => {
    const { partials } = await runWide(65, 64, 2, progressBytes(3, 2, 0, 0.5));
    expect(partials.every(Number.isNaN)).toBe(true);
  });

  const forms = OTHER_TERMS.flatMap((form) =>
    [1, 65, 257].flatMap((rows) => [17, 65].map((features) => ({ ...form, rows, features }))),
  );
  it.each(forms)(
    'equals its twin for the $loss loss, counted $counted, at $rows × $features',
    async ({ rows, features, ...form }) => {
      const { partials, workgroups, expected, sizes } = await runWide(rows, features, 8, RUNNING, form);
      expectPartials(partials, workgroups, expected, sizes);
    },
  );

  const batches = [PLAIN, ...OTHER_TERMS].flatMap((form) =>
    (
      [
        [0, 1],
        [5, 6],
        [3, 40],
        [100, 257],
        [255, 257],
      ] as const
    ).map((range) => ({ ...form, range })),
  );
  it.each(batches)(
    'equals its twin on the batch $range of the $loss loss, weighted: $weighted',
    async ({ range, ...form }) => {
      for (const features of [17, 65]) {
        const { partials, workgroups, expected, sizes } = await runWide(257, features, 3, RUNNING, form, range);
        expectPartials(partials, workgroups, expected, sizes);
      }
    },
  );
});
