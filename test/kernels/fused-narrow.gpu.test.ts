import { describe, expect, it } from 'vitest';
import { fusedNarrowKernel as kernelFor, MOST_NARROW_FEATURES } from '../../src/gpu/kernels/epoch-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning, workgroupsFor } from '../../src/gpu/device/tuning.js';
import { fusedNarrow } from '../../src/reference/fused-narrow.js';
import { columns, numbers, RAGGED_ROWS } from '../support/data.js';
import {
  configFor,
  inQuads,
  progressBytes,
  runKernel,
  RUNNING,
  shareOf,
  TUNINGS,
  withContext,
} from '../support/kernel.js';
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

async function runFused(tuning: Tuning, rows: number, features: number, progress = RUNNING, form: Terms = PLAIN) {
  const X = columns(4, rows, features);
  const y = targetsFor(form, numbers(5, rows, 2));
  const terms = termsFor(form, rows);
  const parameters = numbers(6, features + 1);
  const workgroups = workgroupsFor(Math.ceil(rows / 4), tuning);
  const partialCount = partialsOf(workgroups, tuning);
  const [output] = await runKernel(gpu.context, kernelFor(features, tuning, 'f32', form), {
    config: configFor(rows, features, partialCount, { huberDelta: HUBER_DELTA }),
    reads: [inQuads(X), inQuads(withWeights([y], terms)), parameters, progress],
    writes: [4 * (features + 2) * partialCount],
    workgroups: [workgroups],
  });
  const expected = new Float64Array(features + 2);
  fusedNarrow(X, y, parameters, expected, terms);
  // The residual itself is a sum of d + 2 terms, so its rounding is of the size of all of them.
  const sizes = new Float64Array(features + 2);
  const absolute = (values: Float64Array) => values.map(Math.abs);
  fusedNarrow(X.map(absolute), sizesOfTargets(y), absolute(parameters), sizes, sizeTerms(terms));
  return { partials: new Float32Array(output as ArrayBuffer), partialCount, expected, sizes };
}

const FEATURES = Array.from({ length: MOST_NARROW_FEATURES }, (_, j) => j + 1);

describe.each(TUNINGS)('fused_narrow.wgsl, tuned for $name,', ({ tuning }) => {
  const shapes = shareOf(tuning, FEATURES).flatMap((features) => RAGGED_ROWS.map((rows) => ({ rows, features })));
  it.each([...shapes, { rows: 100_003, features: 3 }, { rows: 100_003, features: 16 }])(
    'equals its twin at $rows × $features',
    async ({ rows, features }) => {
      const { partials, partialCount, expected, sizes } = await runFused(tuning, rows, features);
      expectPartials(partials, partialCount, expected, sizes);
    },
  );

  it('gives the same bits every time', async () => {
    const first = await runFused(tuning, 100_003, 3);
    for (let run = 0; run < 3; run++) expect((await runFused(tuning, 100_003, 3)).partials).toEqual(first.partials);
  });

  it('writes nothing after the descent has stopped', async () => {
    const { partials } = await runFused(tuning, 65, 2, progressBytes(3, 2, 0, 0.5));
    expect(partials.every(Number.isNaN)).toBe(true);
  });

  const forms = shareOf(tuning, OTHER_TERMS).flatMap((form) => [
    ...[1, 3, 65, 257].map((rows) => ({ ...form, rows, features: 3 })),
    { ...form, rows: 257, features: 16 },
    { ...form, rows: 100_003, features: 2 },
  ]);
  it.each(forms)(
    'equals its twin for the $loss loss, counted $counted, at $rows × $features',
    async ({ rows, features, ...form }) => {
      const { partials, partialCount, expected, sizes } = await runFused(tuning, rows, features, RUNNING, form);
      expectPartials(partials, partialCount, expected, sizes);
    },
  );
});
