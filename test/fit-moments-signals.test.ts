// Fits on moments that are aborted.

import { describe, expect, it } from 'vitest';
import { computeMoments } from '../src/compute-moments.js';
import { fit } from '../src/fit.js';
import { type FitData } from '../src/fitting/prepare-data.js';
import { type FitOptions } from '../src/fitting/fit-options.js';
import { examples } from './support/examples.js';
import { sourceOf } from './support/source.js';

const DATASET = examples(5, 300, 3);

async function run(data: FitData, options: FitOptions = {}) {
  const model = await fit(data, { backend: 'cpu', ...options });
  return { parameters: [...model.weights, model.bias], report: model.report, model };
}

describe('signals', () => {
  const reason = new Error('enough');

  it('end it with their reason, before any work, when they are aborted already', async () => {
    const source = sourceOf(DATASET, []);
    const signal = AbortSignal.abort(reason);
    await expect(run(source, { strategy: 'moments', signal })).rejects.toBe(reason);
    await expect(computeMoments(source, { signal })).rejects.toBe(reason);
    expect(source.passes).toBe(0);
  });

  it('end the pass over a source between two batches', async () => {
    const controller = new AbortController();
    const inner = sourceOf(DATASET, [50, 50, 50]);
    let read = 0;
    const batches = async function* () {
      for await (const batch of inner.batches()) {
        if (++read === 2) controller.abort(reason);
        yield batch;
      }
    };
    const options = { strategy: 'moments', signal: controller.signal } as const;
    await expect(run({ ...inner, batches }, options)).rejects.toBe(reason);
    expect(read).toBe(2);
  });

  it('end a long descent as aborted, with a model', async () => {
    const controller = new AbortController();
    const { report, parameters } = await run(DATASET, {
      strategy: 'moments',
      epochs: 10_000_000,
      tolerance: 0,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    expect(report.stopReason).toBe('aborted');
    expect(report.lossHistory).toHaveLength(report.epochsRun);
    expect(parameters.every(Number.isFinite)).toBe(true);
  });
});
