import { describe, expect, it } from 'vitest';
import { type Kernel, residualKernel, residualWideKernel } from '../../src/gpu/kernels/epoch-kernels.js';
import { residual } from '../../src/reference/residual.js';
import { expectClose } from '../support/close.js';
import { columns, numbers, sumOfSizes } from '../support/data.js';
import { HUBER_DELTA, OTHER_TERMS, targetsFor, termsFor, withWeights } from '../support/terms.js';
import { SOFTWARE } from '../../src/gpu/device/tuning.js';
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

const gpu = withContext();

async function runResidual(kernel: Kernel, rows: number, features: number, progress: ArrayBuffer, workgroups: number) {
  const X = columns(1, rows, features);
  const y = numbers(2, rows, 3);
  const parameters = numbers(3, features + 1);
  const quads = Math.ceil(rows / 4);
  const [output] = await runKernel(gpu.context, kernel, {
    config: configFor(rows, features),
    reads: [inQuads(X), inQuads([y]), parameters, progress],
    writes: [16 * quads],
    workgroups: [workgroups],
  });
  const expected = new Float64Array(rows);
  residual(X, y, parameters, expected);
  return { actual: new Float32Array(output as ArrayBuffer), expected, parameters };
}

const CASES = [residualKernel, residualWideKernel].flatMap((made) =>
  TUNINGS.map((tuned) => ({ kernel: made(tuned.tuning), ...tuned })),
);

describe.each(CASES)('$kernel.name, tuned for $name,', ({ kernel, tuning }) => {
  it.each(raggedAndLong(tuning))('equals its twin at $rows × $features', async ({ rows, features }) => {
    const { actual, expected, parameters } = await runResidual(kernel, rows, features, RUNNING, Math.ceil(rows / 1024));
    const terms = sumOfSizes(parameters) + 4; // no feature exceeds 1.5 by much, no target 4
    expectClose(actual.subarray(0, rows), expected, {
      absolute: (features + 3) * 2 ** -24 * 1.5 * terms,
      because: 'each of the d + 2 additions rounds by at most half a unit of the sum so far',
    });
    expect([...actual.subarray(rows)], 'what pads the last quad').toEqual(new Array(actual.length - rows).fill(0));
  });

  it('equals its twin when one workgroup reads all examples', async () => {
    const { actual, expected } = await runResidual(kernel, 5003, 3, RUNNING, 1);
    expectClose(actual.subarray(0, 5003), expected, { absolute: 1e-5, because: 'four roundings of terms under 4' });
  });

  it('writes nothing after the descent has stopped', async () => {
    const { actual } = await runResidual(kernel, 65, 2, progressBytes(3, 1, 0, 0.5), 1);
    expect(actual.every(Number.isNaN)).toBe(true);
  });
});

const FORMS = [residualKernel, residualWideKernel].flatMap((made) =>
  OTHER_TERMS.flatMap((terms) =>
    TUNINGS.map((tuned) => ({ kernel: made(tuned.tuning, 'f32', terms), ...terms, ...tuned })),
  ),
);

describe.each(FORMS)('$kernel.name of the $loss loss, counted $counted, tuned for $name,', (form) => {
  const shapes = [1, 3, 65, 257].flatMap((rows) => [1, 3, 17].map((features) => ({ rows, features })));
  it.each(shapes)(
    'equals its twin at $rows × $features, with the losses after the residuals',
    async ({ rows, features }) => {
      const X = columns(1, rows, features);
      const y = targetsFor(form, numbers(2, rows, 3));
      const parameters = numbers(3, features + 1);
      const terms = termsFor(form, rows);
      const padded = 4 * Math.ceil(rows / 4);
      const [output] = await runKernel(gpu.context, form.kernel, {
        config: configFor(rows, features, 1, { huberDelta: HUBER_DELTA }),
        reads: [inQuads(X), inQuads(withWeights([y], terms)), parameters, RUNNING],
        writes: [2 * 4 * padded],
        workgroups: [1],
      });
      const actual = new Float32Array(output as ArrayBuffer);
      const [expected, losses] = [new Float64Array(rows), new Float64Array(rows)];
      residual(X, y, parameters, expected, terms, losses);
      const reach = 1.5 * (sumOfSizes(parameters) + 4); // no feature exceeds 1.5 by much, no target 4
      const absolute = 2 * (features + 6) * 2 ** -24 * reach; // weights are under 2
      expectClose(actual.subarray(0, rows), expected, {
        absolute,
        because: 'each of the additions rounds by at most half a unit of the sum so far, and a weight doubles that',
      });
      expectClose(actual.subarray(padded, padded + rows), losses, {
        absolute: 2 * reach * absolute,
        because: 'the slope of twice the loss is twice the residual',
      });
      const padding = [...actual.subarray(rows, padded), ...actual.subarray(padded + rows)];
      expect(padding, 'what pads the last quad').toEqual(padding.map(() => 0));
    },
  );
});

describe('the logistic loss', () => {
  it('keeps its relative digits from log-odds of −60 to 60, on the right side and on the wrong one', async () => {
    const odds = Float64Array.from({ length: 121 }, (_, i) => i - 60);
    for (const label of [0, 1]) {
      const y = new Float64Array(odds.length).fill(label);
      const kernel = residualKernel(SOFTWARE, 'f32', { loss: 'logistic', weighted: false });
      const [output] = await runKernel(gpu.context, kernel, {
        config: configFor(odds.length, 1),
        reads: [inQuads([odds]), inQuads([y]), Float64Array.of(1, 0), RUNNING],
        writes: [2 * 16 * 31],
        workgroups: [1],
      });
      const actual = new Float32Array(output as ArrayBuffer);
      // Both in f64 by the side that the prediction is on: no difference of near numbers.
      const sides = odds.map((z) => (label === 1 ? -z : z));
      const exp = sides.map((a) => Math.exp(-Math.abs(a)));
      const because = 'WGSL lets exp be off by 3 + 2|x| units in the last place, and so e^−60 by 123 of 2^-23';
      const relative = 130 * 2 ** -23;
      const slopes = sides.map(
        (a, i) => ((2 * label - 1) * -(a >= 0 ? 1 : (exp[i] as number))) / (1 + (exp[i] as number)),
      );
      expectClose(actual.subarray(0, odds.length), slopes, { relative, because });
      const losses = sides.map((a, i) => 2 * (Math.max(a, 0) + Math.log1p(exp[i] as number)));
      expectClose(actual.subarray(124, 124 + odds.length), losses, { relative, because });
    }
  });
});
