import { describe, expect, it } from 'vitest';
import {
  MANY_COLUMNS,
  manyGradientKernel as gradientKernel,
  manyResidualKernel as residualKernel,
} from '../../src/gpu/kernels/many-kernels.js';
import { areLossesKept, PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning, workgroupsFor } from '../../src/gpu/device/tuning.js';
import { manyGradient, manyResidual } from '../../src/reference/many.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, sumOfSizes } from '../support/data.js';
import { configFor, inQuads, raggedShapes, runKernel, shareOf, TUNINGS, withContext } from '../support/kernel.js';
import { manyProblem, progressOf } from '../support/many.js';
import { expectPartials } from '../support/partials.js';
import { HUBER_DELTA, OTHER_TERMS, termsFor, withWeights } from '../support/terms.js';

const gpu = withContext();

interface Run {
  tuning: Tuning;
  rows: number;
  features: number;
  models: number;
  jobs: number;
  targets?: 'one' | 'each';
  workgroups?: number;
  stopReason?: number;
  form?: Terms;
}

async function runResidual({ tuning, rows, features, models, jobs, targets = 'one', ...rest }: Run) {
  const { workgroups = Math.ceil(rows / (8 * tuning.residualSize)), stopReason = 0, form = PLAIN } = rest;
  const problem = manyProblem(rows, features, jobs, targets === 'one' ? 1 : 3, form);
  const [output] = await runKernel(gpu.context, residualKernel({ models, targets, tuning, terms: form }), {
    config: configFor(rows, features, 1, { huberDelta: HUBER_DELTA }),
    reads: [
      inQuads(problem.X),
      inQuads(withWeights(problem.Y, termsFor(form, rows))),
      problem.jobBytes,
      problem.parameters,
      progressOf(problem.models.map(() => stopReason)),
    ],
    writes: [16 * (areLossesKept(form) ? 2 : 1) * jobs * Math.ceil(rows / 4)],
    workgroups: [Math.ceil(jobs / models), workgroups],
  });
  return { residuals: new Float32Array(output as ArrayBuffer), problem };
}

async function expectResiduals(run: Run): Promise<void> {
  const { residuals, problem } = await runResidual(run);
  const { form = PLAIN } = run;
  const expected = manyResidual(problem.X, problem.Y, problem.models, termsFor(form, run.rows));
  const padded = 4 * Math.ceil(run.rows / 4);
  expect(residuals).toHaveLength(padded * run.jobs * (areLossesKept(form) ? 2 : 1));
  problem.jobs.forEach(({ model }, job) => {
    const its = residuals.subarray(job * padded, (job + 1) * padded);
    const { residuals: twins, twiceLosses } = expected[model] as (typeof expected)[0];
    const terms = sumOfSizes(problem.models[model]?.parameters ?? []) + 4; // no feature exceeds 1.5 by much, no target 4
    const absolute = (form.weighted ? 2 : 1) * (run.features + (areLossesKept(form) ? 6 : 3)) * 2 ** -24 * 1.5 * terms;
    expectClose(its.subarray(0, run.rows), twins, {
      absolute,
      because: 'each of the additions rounds by at most half a unit of the sum so far, and a weight doubles that',
    });
    expect([...its.subarray(run.rows)], 'what pads the last quad').toEqual(new Array(padded - run.rows).fill(0));
    if (!areLossesKept(form)) return;
    const losses = residuals.subarray((run.jobs + job) * padded, (run.jobs + job + 1) * padded);
    expectClose(losses.subarray(0, run.rows), twiceLosses, {
      absolute: 3 * terms * absolute,
      because: 'the slope of twice the loss is twice the residual, which is under 1.5 times the terms',
    });
    expect([...losses.subarray(run.rows)], 'what pads the last quad').toEqual(new Array(padded - run.rows).fill(0));
  });
}

describe.each(TUNINGS)('many_residual.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(raggedShapes(tuning))('equals its twin for each model at $rows × $features', ({ rows, features }) =>
    expectResiduals({ tuning, rows, features, models: 4, jobs: 5 }),
  );

  it.each([1, 2, 3, 4])('equals its twin with %i models at a time', (models) =>
    expectResiduals({ tuning, rows: 257, features: 3, models, jobs: 7 }),
  );

  it('equals its twin with targets for each model', () =>
    expectResiduals({ tuning, rows: 257, features: 3, models: 4, jobs: 6, targets: 'each' }));

  it('equals its twin when one workgroup reads all examples', () =>
    expectResiduals({ tuning, rows: 5003, features: 3, models: 4, jobs: 4, workgroups: 1 }));

  const forms = shareOf(tuning, OTHER_TERMS).flatMap((form) =>
    [3, 64, 257].flatMap((rows) => (['one', 'each'] as const).map((targets) => ({ form, ...form, rows, targets }))),
  );
  it.each(forms)(
    'equals its twin for the $loss loss, counted $counted, at $rows rows, targets for $targets',
    ({ form, rows, targets }) => expectResiduals({ tuning, rows, features: 3, models: 4, jobs: 6, targets, form }),
  );

  it('writes nothing after all have stopped', async () => {
    const run = { tuning, rows: 65, features: 2, models: 4, jobs: 3, stopReason: 2 };
    expect((await runResidual(run)).residuals.every(Number.isNaN)).toBe(true);
  });
});

async function runGradient(
  { tuning, rows, features, models, jobs, workgroups, stopReason = 0, form = PLAIN }: Run,
  groups?: number,
) {
  const { jobBytes, jobs: list } = manyProblem(rows, features, jobs);
  const X = columns(4, rows, features);
  const r = Array.from({ length: jobs }, (_, k) => numbers(70 + k, rows, 2));
  const losses = areLossesKept(form) ? r.map((_, k) => numbers(80 + k, rows, 2, 3)) : [];
  const shares = workgroups ?? workgroupsFor(Math.ceil(rows / 4), tuning);
  const partialCount = partialsOf(shares, tuning);
  const [output] = await runKernel(gpu.context, gradientKernel({ models, tuning, terms: form }), {
    config: configFor(rows, features, partialCount),
    reads: [inQuads(X), inQuads([...r, ...losses]), jobBytes, progressOf(new Array<number>(jobs + 1).fill(stopReason))],
    writes: [4 * (jobs + 1) * (features + 2) * partialCount],
    workgroups: [Math.ceil(jobs / models), shares, groups ?? Math.ceil(features / MANY_COLUMNS)],
  });
  return { partials: new Float32Array(output as ArrayBuffer), partialCount, X, r, losses, list };
}

async function expectGradients(run: Run, groups?: number): Promise<void> {
  const { partials, partialCount, X, r, losses, list } = await runGradient(run, groups);
  const models = r.map((residuals, k) => ({ residuals, ...(losses[k] && { twiceLosses: losses[k] }) }));
  const expected = manyGradient(X, models);
  const absolute = (values: Float64Array) => values.map(Math.abs);
  const sizes = manyGradient(
    X.map(absolute),
    models.map(({ residuals, ...kept }) => ({ residuals: absolute(residuals), ...kept })),
  );
  const length = partialCount * (run.features + 2);
  expect(partials).toHaveLength((run.jobs + 1) * length);
  expect(partials.subarray(0, length).every(Number.isNaN), 'the model that is not at work').toBe(true);
  list.forEach(({ model }, job) => {
    const its = partials.subarray(model * length, (model + 1) * length);
    expectPartials(its, partialCount, expected[job] as Float64Array, sizes[job] as Float64Array);
  });
}

describe.each(TUNINGS)('many_gradient.wgsl, tuned for $name,', ({ tuning }) => {
  it.each(raggedShapes(tuning))('equals its twin for each model at $rows × $features', ({ rows, features }) =>
    expectGradients({ tuning, rows, features, models: 4, jobs: 5 }),
  );

  it.each([1, 2, 3, 4])('equals its twin with %i models at a time', (models) =>
    expectGradients({ tuning, rows: 257, features: 3, models, jobs: 7 }),
  );

  it('equals its twin with losses kept beside the residuals', () =>
    expectGradients({ tuning, rows: 257, features: 5, models: 3, jobs: 4, form: { loss: 'huber', weighted: false } }));

  it('equals its twin when a workgroup takes several groups of columns', () =>
    expectGradients({ tuning, rows: 257, features: 17, models: 3, jobs: 4 }, 2));

  it('equals its twin on more examples than one block holds', () =>
    expectGradients({ tuning, rows: 20_003, features: 3, models: 2, jobs: 3, workgroups: 2 }));

  it('writes nothing after all have stopped', async () => {
    const run = { tuning, rows: 65, features: 2, models: 4, jobs: 3, stopReason: 1 };
    expect((await runGradient(run)).partials.every(Number.isNaN)).toBe(true);
  });
});
