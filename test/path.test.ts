// The path of the parameters; test/path.gpu.test.ts repeats it for every family of kernels.

import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { fitMany } from '../src/fit-many.js';
import { fitSteps } from '../src/fit-steps.js';
import { examples } from './support/examples.js';
import { describePaths, pathOf } from './support/paths.js';
import { expectRefusal } from './support/refusal.js';

const data = examples(3, 60, 3);
const RATES = { stable: 0.3, wild: 40 };

describe('a path on the CPU', () => {
  describePaths(data, () => ({ backend: 'cpu', strategy: 'streaming' }), RATES);
});

describe('a path on moments', () => {
  describePaths(data, () => ({ backend: 'cpu', strategy: 'moments' }), RATES);
});

describe('a path', () => {
  const cpu = { backend: 'cpu', strategy: 'streaming', tolerance: 0 } as const;

  it('is the same for each of several models as for it alone', async () => {
    const options = [{ pathEvery: 2, epochs: 5 }, { pathEvery: 3, seed: 4 }, {}];
    const shared = { ...cpu, epochs: 8, learningRate: 0.2 };
    const models = await fitMany(data, options, shared);
    for (const [k, model] of models.entries()) {
      expect(model.report.path).toEqual((await fit(data, { ...shared, ...options[k] })).report.path);
    }
    expect(models.map((model) => pathOf(model).length)).toEqual([4, 4, 0]);
  });

  it('begins and goes on at weight 0 for a feature of one value', async () => {
    const flat = createDataset({ columns: { a: [1, 2, 4], flat: [7, 7, 7] }, targets: [1, 2, 5] });
    const path = pathOf(await fit(flat, { ...cpu, epochs: 4, pathEvery: 2 }));
    expect(path.map(({ weights }) => weights[1])).toEqual([0, 0, 0]);
  });

  it('is refused before training if it has too many numbers, with how many it may have', async () => {
    const options = { ...cpu, epochs: 10_000_000 };
    await expectRefusal(() => fit(data, { ...options, pathEvery: 1 }), 'TOO_LARGE', '10000001 points', 'pathEvery 10');
    await expectRefusal(() => fit(data, { ...options, pathEvery: 9 }), 'TOO_LARGE', 'pathEvery 10');
    await expectRefusal(() => fitMany(data, [{ pathEvery: 1 }], options), 'TOO_LARGE', 'pathEvery 10');
    const steps = fitSteps(data, { ...options, pathEvery: 10 });
    expect((await steps.next()).done).toBe(false);
    await steps.return();
  });
});
