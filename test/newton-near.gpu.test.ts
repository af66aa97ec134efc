// Nearly dependent features on WebGPU: sums in f32 cannot tell them apart, so the host goes on where they would creep.

import { describe, expect, it } from 'vitest';
import { Dataset } from '../src/data/dataset.js';
import { fit } from '../src/fit.js';
import { expectClose } from './support/close.js';
import { normals } from './support/examples.js';
import { withContext } from './support/kernel.js';

const gpu = withContext();
const ROWS = 5000;
const [x, z, noise] = [normals(1, ROWS), normals(2, ROWS), normals(3, ROWS)];
const targets = x.map((value, i) => value + 2 * (z[i] as number) + (noise[i] as number));
const labels = targets.map((y) => Number(y > 0.3 * Math.sin(9 * y)));

describe.each([
  { loss: 'logistic' },
  { loss: 'huber', huberDelta: 1.5 },
  { loss: 'huber', huberDelta: 1e-3 },
  { loss: 'squared', optimizer: 'newton' },
] as const)('with %o', (options) => {
  const y = options.loss === 'logistic' ? labels : targets;

  it.each([1e-2, 1e-4, 1e-6, 1e-8])(
    'copies that are %d apart have the optimum that they have in f64',
    async (apart) => {
      const near = new Dataset([x, x.map((value, i) => value + apart * (z[i] as number))], y, ['a', 'b'], 'y');
      const plain = new Dataset([x, z], y, ['a', 'z'], 'y');
      const [found, expected] = [
        await fit(near, { ...options, backend: 'webgpu', context: gpu.context }),
        await fit(plain, { ...options, backend: 'cpu' }),
      ];
      expect(found.report).toMatchObject({ backend: 'webgpu', converged: true });
      expect(found.report.epochsRun).toBeLessThan(60);
      const last = [found, expected].map(({ report }) => report.lossHistory.at(-1) as number);
      expectClose([last[0] as number], [last[1] as number], { relative: 1e-6, because: 'z is rounded to 1e-8 of it' });
    },
  );
});
