import { describe, expect, it } from 'vitest';
import {
  lossesKernel as narrowKernel,
  lossesWideKernel,
  mostNarrowModels,
} from '../../src/gpu/kernels/many-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning, workgroupsFor } from '../../src/gpu/device/tuning.js';
import { losses } from '../../src/reference/losses.js';
import { RAGGED_ROWS } from '../support/data.js';
import { configFor, inQuads, runKernel, shareOf, TUNINGS, withContext } from '../support/kernel.js';
import { manyProblem, sizesOf } from '../support/many.js';
import { expectPartials } from '../support/partials.js';
import { HUBER_DELTA, OTHER_TERMS, sizeTerms, termsFor, withWeights } from '../support/terms.js';

const gpu = withContext();

interface Run {
  kernel: 'losses' | 'losses_wide';
  tuning: Tuning;
  rows: number;
  features: number;
  /** Points in registers, and points at work. */
  models: number;
  jobs: number;
  /** Workgroups that share the examples. */
  shares?: number;
  form?: Terms;
}

/** Σ r² at every point but the first, added up by the device and by the twin. */
async function expectTwin({ kernel, tuning, rows, features, models, jobs, ...rest }: Run): Promise<void> {
  const { form = PLAIN } = rest;
  const problem = manyProblem(rows, features, jobs, 1, form);
  const terms = termsFor(form, rows);
  const count = terms.exampleWeights?.reduce((sum, weight) => sum + weight, 0) ?? rows;
  const isNarrow = kernel === 'losses';
  const shares = rest.shares ?? (isNarrow ? 3 : workgroupsFor(Math.ceil(rows / 4), tuning));
  const partialCount = isNarrow ? shares : partialsOf(shares, tuning);
  const compiled = isNarrow
    ? narrowKernel(features, { models, tuning, terms: form })
    : lossesWideKernel({ models, tuning, terms: form });
  const perWorkgroup = isNarrow ? models * tuning.sumsSize : models;
  const [output] = await runKernel(gpu.context, compiled, {
    config: configFor(rows, features, partialCount, { huberDelta: HUBER_DELTA }),
    reads: [inQuads(problem.X), inQuads(withWeights(problem.Y, terms)), problem.jobBytes, problem.parameters],
    writes: [4 * problem.models.length * partialCount],
    workgroups: [Math.ceil(jobs / perWorkgroup), shares],
  });
  const partials = new Float32Array(output as ArrayBuffer);
  expect(partials).toHaveLength(problem.models.length * partialCount);
  expect(partials.subarray(0, partialCount).every(Number.isNaN), 'the point that is not asked for').toBe(true);
  const sizes = sizesOf(problem);
  for (const { model, target } of problem.jobs) {
    const twice = (from: Pick<typeof problem, 'X' | 'Y' | 'models'>, by = terms) => {
      const point = from.models[model]?.parameters as Float64Array;
      return losses(from.X, from.Y[target] as Float64Array, [point], by).map((loss) => 2 * count * loss);
    };
    const its = partials.subarray(model * partialCount, (model + 1) * partialCount);
    expectPartials(its, partialCount, twice(problem), twice(sizes, sizeTerms(terms)));
  }
}

describe.each(TUNINGS)('losses.wgsl, tuned for $name,', ({ tuning }) => {
  const kernel = 'losses';
  it.each(shareOf(tuning, [1, 2, 3, 4, 8, 9, 16]))('equals its twin at each point with %i features', (features) => {
    const models = mostNarrowModels(features);
    return expectTwin({ kernel, tuning, rows: 65, features, models, jobs: models * tuning.sumsSize + 3 });
  });

  it.each(RAGGED_ROWS)('equals its twin at %i rows', (rows) =>
    expectTwin({ kernel, tuning, rows, features: 3, models: 5, jobs: 27 }),
  );

  it.each(shareOf(tuning, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]))(
    'equals its twin with %i points to a lane',
    (models) => expectTwin({ kernel, tuning, rows: 33, features: 2, models, jobs: 4 * models }),
  );

  it('equals its twin with more shares than quads', () =>
    expectTwin({ kernel, tuning, rows: 17, features: 2, models: 4, jobs: 9, shares: 8 }));

  it('equals its twin on more examples than one block holds', () =>
    expectTwin({ kernel, tuning, rows: 20_003, features: 2, models: 2, jobs: 9, shares: 2 }));
});

describe.each(TUNINGS)('losses_wide.wgsl, tuned for $name,', ({ tuning }) => {
  const kernel = 'losses_wide';
  it.each([1, 2, 3, 17, 64, 513])('equals its twin at each point with %i features', (features) =>
    expectTwin({ kernel, tuning, rows: 65, features, models: 4, jobs: 5 }),
  );

  it.each(RAGGED_ROWS)('equals its twin at %i rows', (rows) =>
    expectTwin({ kernel, tuning, rows, features: 17, models: 4, jobs: 6 }),
  );

  it.each([1, 2, 3, 4])('equals its twin with %i points at a time', (models) =>
    expectTwin({ kernel, tuning, rows: 257, features: 3, models, jobs: 7 }),
  );

  it('equals its twin on more examples than one block holds', () =>
    expectTwin({ kernel, tuning, rows: 20_003, features: 2, models: 4, jobs: 4, shares: 2 }));
});

const FORMS = TUNINGS.flatMap((tuned) =>
  shareOf(tuned.tuning, OTHER_TERMS).map((form) => ({ ...tuned, form, ...form })),
);

describe.each(FORMS)('the $loss loss, counted $counted, tuned for $name:', ({ tuning, form }) => {
  it.each([3, 64, 257])('losses.wgsl equals its twin at %i rows', (rows) =>
    expectTwin({ kernel: 'losses', tuning, rows, features: 3, models: 4, jobs: 9, form }),
  );

  it.each([3, 64, 257])('losses_wide.wgsl equals its twin at %i rows', (rows) =>
    expectTwin({ kernel: 'losses_wide', tuning, rows, features: 17, models: 4, jobs: 6, form }),
  );
});
