import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GpuContext } from '../../src/gpu/device.js';
import { type Kernel, residual as residualKernel, residualWide } from '../../src/gpu/kernels.js';
import { residual } from '../../src/reference/residual.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, RAGGED_SHAPES, sumOfSizes } from '../support/data.js';
import { configFor, inQuads, openContext, progressBytes, RUNNING, runKernel, TUNINGS } from '../support/kernel.js';

let context: GpuContext;
beforeAll(async () => {
  context = await openContext();
});
afterAll(() => context.dispose());

async function runResidual(kernel: Kernel, rows: number, features: number, progress: ArrayBuffer, workgroups: number) {
  const X = columns(1, rows, features);
  const y = numbers(2, rows, 3);
  const parameters = numbers(3, features + 1);
  const quads = Math.ceil(rows / 4);
  const [output] = await runKernel(context, kernel, {
    config: configFor(rows, features),
    reads: [inQuads(X), inQuads([y]), parameters, progress],
    writes: [16 * quads],
    workgroups: [workgroups],
  });
  const expected = new Float64Array(rows);
  residual(X, y, parameters, expected);
  return { actual: new Float32Array(output as ArrayBuffer), expected, parameters };
}

const CASES = [residualKernel, residualWide].flatMap((made) =>
  TUNINGS.map((tuned) => ({ kernel: made(tuned.tuning), ...tuned })),
);

describe.each(CASES)('$kernel.name, tuned for $name, equals its twin', ({ kernel }) => {
  it.each(RAGGED_SHAPES)('at $rows × $features', async ({ rows, features }) => {
    const { actual, expected, parameters } = await runResidual(kernel, rows, features, RUNNING, Math.ceil(rows / 1024));
    const terms = sumOfSizes(parameters) + 4; // no feature exceeds 1.5 by much, no target 4
    expectClose(actual.subarray(0, rows), expected, {
      absolute: (features + 3) * 2 ** -24 * 1.5 * terms,
      because: 'each of the d + 2 additions rounds by at most half a unit of the sum so far',
    });
    expect([...actual.subarray(rows)], 'what pads the last quad').toEqual(new Array(actual.length - rows).fill(0));
  });

  it('when one workgroup walks over all examples', async () => {
    const { actual, expected } = await runResidual(kernel, 5003, 3, RUNNING, 1);
    expectClose(actual.subarray(0, 5003), expected, { absolute: 1e-5, because: 'four roundings of terms under 4' });
  });

  it('writes nothing after the descent has stopped', async () => {
    const { actual } = await runResidual(kernel, 65, 2, progressBytes(3, 1, 0, 0.5), 1);
    expect(actual.every(Number.isNaN)).toBe(true);
  });
});
