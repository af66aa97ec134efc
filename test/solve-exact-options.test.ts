// What the public solver refuses, and how it is aborted.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { type ExactOptions, solveExact } from '../src/solve-exact.js';
import { examples } from './support/examples.js';
import { expectRefusal } from './support/refusal.js';
import { sourceOf } from './support/source.js';

type Data = Parameters<typeof solveExact>[0];

async function solve(data: Data, options: ExactOptions = {}) {
  const model = await solveExact(data, { backend: 'cpu', ...options });
  return { parameters: [...model.weights, model.bias], report: model.report, model };
}

describe('options', () => {
  const data = examples(1, 9, 2);

  it.each([
    [{ l1: 0.1 }, 'UNKNOWN_OPTION', 'Use fit'],
    [{ epochs: 10 }, 'UNKNOWN_OPTION', 'epochs'],
    [{ methode: 'qr' }, 'UNKNOWN_OPTION', "'method'"],
    [{ method: 'svd' }, 'INVALID_OPTION', "method 'svd'"],
    [{ l2: -1 }, 'INVALID_OPTION', 'l2 -1'],
    [{ method: 'qr', backend: 'webgpu' }, 'INVALID_OPTION', 'QR is on the CPU'],
  ] as const)('are refused: %o', (options, code, text) =>
    expectRefusal(() => solveExact(data, options as ExactOptions), code, text),
  );

  it('are refused when moments cannot follow them', async () => {
    const moments = await computeMoments(data, { backend: 'cpu' });
    await expectRefusal(() => solveExact(moments, { method: 'qr' }), 'INVALID_OPTION', 'examples');
    await expectRefusal(() => solveExact(moments, { backend: 'webgpu' }), 'INVALID_OPTION', 'webgpu');
  });

  it('a signal that is aborted rejects with its reason', async () => {
    const reason = new Error('changed my mind');
    await expect(solveExact(data, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const source = sourceOf(data, [3]);
    const batches = source.batches.bind(source);
    source.batches = () => {
      if (source.passes === 1) controller.abort(reason); // between the moments and the first correction
      return batches();
    };
    const run = solveExact(source, { method: 'moments', backend: 'cpu', signal: controller.signal });
    await expect(run).rejects.toBe(reason);
  });

  it('targets whose squares leave f64 are refused', () =>
    expectRefusal(() => solve({ features: [[1], [2], [4]], targets: [1e300, -1e308, 1.7e308] }), 'NON_FINITE_VALUE'));
});
