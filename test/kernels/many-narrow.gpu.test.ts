import { describe, expect, it } from 'vitest';
import { MOST_NARROW_FEATURES } from '../../src/gpu/kernels/epoch-kernels.js';
import { manyNarrowKernel as kernelFor, mostNarrowModels } from '../../src/gpu/kernels/many-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, SOFTWARE, type Tuning, workgroupsFor } from '../../src/gpu/device/tuning.js';
import { manyNarrow } from '../../src/reference/many.js';
import { RAGGED_ROWS } from '../support/data.js';
import { configFor, inQuads, runKernel, shareOf, TUNINGS, withContext } from '../support/kernel.js';
import { manyProblem, progressOf, sizesOf } from '../support/many.js';
import { expectPartials } from '../support/partials.js';
import { HUBER_DELTA, OTHER_TERMS, sizeTerms, termsFor, withWeights } from '../support/terms.js';

const gpu = withContext();

interface Run {
  tuning?: Tuning;
  rows: number;
  features: number;
  /** Models in registers, and models at work. */
  models: number;
  jobs: number;
  targets?: 'one' | 'each';
  stopReasons?: number[];
  form?: Terms;
}

/** The partials [models, partialCount, d + 2] of one dispatch, of which one model is not at work. */
async function runMany({ tuning = SOFTWARE, rows, features, models, jobs, targets = 'one', ...rest }: Run) {
  const { stopReasons, form = PLAIN } = rest;
  const problem = manyProblem(rows, features, jobs, targets === 'one' ? 1 : 3, form);
  const workgroups = workgroupsFor(Math.ceil(rows / 4), tuning);
  const partialCount = partialsOf(workgroups, tuning);
  const [output] = await runKernel(gpu.context, kernelFor(features, { models, targets, tuning, terms: form }), {
    config: configFor(rows, features, partialCount, { huberDelta: HUBER_DELTA }),
    reads: [
      inQuads(problem.X),
      inQuads(withWeights(problem.Y, termsFor(form, rows))),
      problem.jobBytes,
      problem.parameters,
      progressOf(stopReasons ?? problem.models.map(() => 0)),
    ],
    writes: [4 * problem.models.length * (features + 2) * partialCount],
    workgroups: [Math.ceil(jobs / models), workgroups],
  });
  return { partials: new Float32Array(output as ArrayBuffer), partialCount, problem };
}

async function expectTwin(run: Run): Promise<void> {
  const { partials, partialCount, problem } = await runMany(run);
  const terms = termsFor(run.form ?? PLAIN, run.rows);
  const expected = manyNarrow(problem.X, problem.Y, problem.models, terms);
  const sizes = sizesOf(problem);
  const sizeSums = manyNarrow(sizes.X, sizes.Y, sizes.models, sizeTerms(terms));
  const length = partialCount * (run.features + 2);
  expect(partials).toHaveLength(problem.models.length * length);
  expect(partials.subarray(0, length).every(Number.isNaN), 'the model that is not at work').toBe(true);
  for (const { model } of problem.jobs) {
    const its = partials.subarray(model * length, (model + 1) * length);
    expectPartials(its, partialCount, expected[model] as Float64Array, sizeSums[model] as Float64Array);
  }
}

const FEATURES = Array.from({ length: MOST_NARROW_FEATURES }, (_, j) => j + 1);

describe.each(TUNINGS)('many_narrow.wgsl, tuned for $name,', ({ tuning }) => {
  // As many models as fit, and one more than a pass holds, so that the second pass has one job only.
  it.each(shareOf(tuning, FEATURES))('equals its twin for each model at %i features', async (features) => {
    const models = mostNarrowModels(features);
    await expectTwin({ tuning, rows: 257, features, models, jobs: models + 1 });
  });

  it.each(RAGGED_ROWS)('equals its twin at %i rows', (rows) =>
    expectTwin({ tuning, rows, features: 3, models: 5, jobs: 7 }),
  );

  it.each(shareOf(tuning, FEATURES))('equals its twin with %i models in registers', (models) =>
    expectTwin({ tuning, rows: 65, features: 2, models, jobs: models }),
  );

  it.each([1, 3, 4, 9])('equals its twin with targets for each, %i jobs to 4 models in registers', (jobs) =>
    expectTwin({ tuning, rows: 255, features: 5, models: 4, jobs, targets: 'each' }),
  );

  it('equals its twin on more examples than one block holds', () =>
    expectTwin({ tuning, rows: 100_003, features: 3, models: 2, jobs: 3 }));

  it('gives the same bits every time', async () => {
    const run = { tuning, rows: 20_003, features: 2, models: 16, jobs: 16 };
    const first = await runMany(run);
    for (let again = 0; again < 3; again++) expect((await runMany(run)).partials).toEqual(first.partials);
  });

  it('goes on while one of its models does, and writes nothing once all have stopped', async () => {
    const run = { tuning, rows: 65, features: 2, models: 2, jobs: 2 };
    const going = await runMany({ ...run, stopReasons: [0, 2, 0] });
    const length = going.partialCount * 4;
    expect(going.partials.subarray(2 * length).every(Number.isFinite)).toBe(true);
    const stopped = await runMany({ ...run, stopReasons: [0, 1, 3] });
    expect(stopped.partials.every(Number.isNaN)).toBe(true);
  });

  const forms = shareOf(tuning, OTHER_TERMS).flatMap((form) => [
    ...[3, 64, 257].map((rows) => ({ form, ...form, rows, targets: 'one' as const })),
    { form, ...form, rows: 65, targets: 'each' as const },
  ]);
  it.each(forms)(
    'equals its twin for the $loss loss, counted $counted, at $rows rows, targets for $targets',
    ({ form, rows, targets }) => expectTwin({ tuning, rows, features: 3, models: 4, jobs: 5, targets, form }),
  );
});
