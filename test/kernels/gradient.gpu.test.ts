import { describe, expect, it } from 'vitest';
import { gradientKernel, gradientWideKernel, type Kernel, WIDE_COLUMNS } from '../../src/gpu/kernels/epoch-kernels.js';
import { PLAIN, type Terms } from '../../src/gpu/kernels/variants.js';
import { partialsOf, type Tuning, workgroupsFor } from '../../src/gpu/device/tuning.js';
import { gradient } from '../../src/reference/gradient.js';
import { columns, numbers } from '../support/data.js';
import {
  configFor,
  inQuads,
  progressBytes,
  raggedAndLong,
  runKernel,
  RUNNING,
  TUNINGS,
  withContext,
} from '../support/kernel.js';
import { expectPartials } from '../support/partials.js';

const gpu = withContext();

async function runGradient(
  kernel: Kernel,
  tuning: Tuning,
  rows: number,
  features: number,
  progress = RUNNING,
  grid?: [number, number, number],
  twiceLosses?: Float64Array,
) {
  const X = columns(4, rows, features);
  const r = numbers(5, rows, 2);
  const workgroups = grid?.[0] ?? workgroupsFor(Math.ceil(rows / 4), tuning);
  const partialCount = partialsOf(workgroups, tuning);
  const [output] = await runKernel(gpu.context, kernel, {
    config: configFor(rows, features, partialCount),
    reads: [inQuads(X), inQuads(twiceLosses ? [r, twiceLosses] : [r]), progress],
    writes: [4 * (features + 2) * partialCount],
    workgroups: grid ?? [workgroups, kernel.name === 'gradient' ? features + 2 : Math.ceil(features / WIDE_COLUMNS)],
  });
  const expected = new Float64Array(features + 2);
  gradient(X, r, expected, twiceLosses);
  const sizes = new Float64Array(features + 2);
  const absolute = X.map((column) => column.map(Math.abs));
  gradient(absolute, r.map(Math.abs), sizes, twiceLosses);
  return { partials: new Float32Array(output as ArrayBuffer), partialCount, expected, sizes };
}

const CASES = [gradientKernel, gradientWideKernel].flatMap((made) =>
  TUNINGS.map((tuned) => ({
    kernel: made(tuned.tuning),
    keeping: (terms: Terms) => made(tuned.tuning, 'f32', terms),
    ...tuned,
  })),
);

describe.each(CASES)('$kernel.name, tuned for $name,', ({ kernel, keeping, tuning }) => {
  it.each(raggedAndLong(tuning))('equals its twin at $rows × $features', async ({ rows, features }) => {
    const { partials, partialCount, expected, sizes } = await runGradient(kernel, tuning, rows, features);
    expectPartials(partials, partialCount, expected, sizes);
  });

  it.each([1, 65, 257, 10_003])('equals its twin with losses kept beside the residuals, at %i rows', async (rows) => {
    const form = keeping({ ...PLAIN, weighted: true });
    const kept = numbers(8, rows, 2, 3);
    const { partials, partialCount, expected, sizes } = await runGradient(
      form,
      tuning,
      rows,
      3,
      RUNNING,
      undefined,
      kept,
    );
    expectPartials(partials, partialCount, expected, sizes);
  });

  it('equals its twin when the rows of sums are folded over two dimensions, one workgroup too many', async () => {
    const { partials, partialCount, expected, sizes } = await runGradient(kernel, tuning, 257, 4, RUNNING, [2, 3, 3]);
    expectPartials(partials, partialCount, expected, sizes);
  });

  it('gives the same bits every time', async () => {
    const first = await runGradient(kernel, tuning, 100_003, 3);
    for (let run = 0; run < 3; run++)
      expect((await runGradient(kernel, tuning, 100_003, 3)).partials).toEqual(first.partials);
  });

  it('writes nothing after the descent has stopped', async () => {
    const { partials } = await runGradient(kernel, tuning, 65, 2, progressBytes(3, 2, 0, 0.5));
    expect(partials.every(Number.isNaN)).toBe(true);
  });
});
