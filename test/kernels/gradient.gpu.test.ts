import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { partialCountFor } from '../../src/gpu/epoch.js';
import type { GpuContext } from '../../src/gpu/device.js';
import { GRADIENT } from '../../src/gpu/kernels.js';
import { gradient } from '../../src/reference/gradient.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, RAGGED_SHAPES } from '../support/data.js';
import { configFor, inQuads, openContext, progressBytes, RUNNING, runKernel } from '../support/kernel.js';

let context: GpuContext;
beforeAll(async () => {
  context = await openContext();
});
afterAll(() => context.dispose());

/** The kernel's partials, added up in f64: d + 1 sums of r·x, and Σ r² as each row has it. */
async function runGradient(rows: number, features: number, progress = RUNNING, grid?: [number, number, number]) {
  const X = columns(4, rows, features);
  const r = numbers(5, rows, 2);
  const partialCount = grid?.[0] ?? partialCountFor(Math.ceil(rows / 4), GRADIENT.workgroupSize);
  const [output] = await runKernel(context, GRADIENT, {
    config: configFor(rows, features, partialCount),
    reads: [inQuads(X), inQuads([r]), progress],
    writes: [8 * (features + 1) * partialCount],
    workgroups: grid ?? [partialCount, features + 1],
  });
  const partials = new Float32Array(output as ArrayBuffer);
  const sum = (row: number, part: 0 | 1) => {
    let total = 0;
    for (let c = 0; c < partialCount; c++) total += partials[2 * (row * partialCount + c) + part] as number;
    return total;
  };
  const gradientSums = Array.from({ length: features + 1 }, (_, row) => sum(row, 0));
  const squares = Array.from({ length: features + 1 }, (_, row) => sum(row, 1));

  const expected = new Float64Array(features + 2);
  gradient(X, r, expected);
  const sizes = new Float64Array(features + 2);
  gradient(
    X.map((column) => column.map(Math.abs)),
    r.map(Math.abs),
    sizes,
  );
  return { partials, gradientSums, squares, expected, sizes };
}

/** What of each sum's terms, taken positive, an f32 tree may lose. */
const ROUNDING = 5e-6;
const because = 'up to 64 quads of 4 in a row and a tree of 16: under 90 roundings of 2^-24 each';

describe('gradient.wgsl equals its twin', () => {
  it.each(RAGGED_SHAPES)('at $rows × $features', async ({ rows, features }) => {
    const { gradientSums, squares, expected, sizes } = await runGradient(rows, features);
    gradientSums.forEach((sum, j) => {
      expectClose([sum], [expected[j] as number], { absolute: ROUNDING * (sizes[j] as number), because });
    });
    const lossSum = expected[features + 1] as number;
    expectClose(
      squares,
      squares.map(() => lossSum),
      { relative: ROUNDING, because },
    );
    expect(new Set(squares).size, 'every row has the same bits for the loss').toBe(1);
  });

  it('when the rows of sums are folded over two dimensions, one workgroup too many', async () => {
    const { gradientSums, expected, sizes } = await runGradient(257, 4, RUNNING, [2, 3, 2]);
    gradientSums.forEach((sum, j) => {
      expectClose([sum], [expected[j] as number], { absolute: ROUNDING * (sizes[j] as number), because });
    });
  });

  it('gives the same bits every time', async () => {
    const first = await runGradient(100_003, 3);
    for (let run = 0; run < 3; run++) expect((await runGradient(100_003, 3)).partials).toEqual(first.partials);
  });

  it('writes nothing after the descent has stopped', async () => {
    const { partials } = await runGradient(65, 2, progressBytes(3, 2, 0, 0.5));
    expect(partials.every(Number.isNaN)).toBe(true);
  });
});
