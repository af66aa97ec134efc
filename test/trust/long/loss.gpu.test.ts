// A device that is lost at any moment: while data are laid out, while kernels compile, while results are on their way.

import { describe, expect, it } from 'vitest';
import { DescentError } from '../../../src/base/errors.js';
import {
  computeMoments,
  createContext,
  fit,
  fitMany,
  type GpuContext,
  syntheticRegression,
} from '../../../src/index.js';
import { countBuffers } from '../../support/buffers.js';

const wide = syntheticRegression({ rows: 8000, features: 200, seed: 1 }).dataset;
const LONG = { strategy: 'streaming', epochs: 100_000, learningRate: 0.01, tolerance: 0 } as const;

const WORK: [string, (context: GpuContext) => Promise<unknown>][] = [
  ['a fit', (context) => fit(wide, { ...LONG, context })],
  ['a fit with validation', (context) => fit(wide, { ...LONG, validationFraction: 0.2, context })],
  ['a fit by mini-batches', (context) => fit(wide, { ...LONG, batchSize: 1000, context })],
  ['several models', (context) => fitMany(wide, [{}, { l2: 1 }], { ...LONG, context })],
  [
    'moments',
    async (context) => {
      for (;;) await computeMoments(wide, { backend: 'webgpu', context });
    },
  ],
];

describe('a device that is lost', () => {
  it.each(WORK)('after some milliseconds is DEVICE_LOST, and leaves nothing: %s', async (_, work) => {
    for (const afterMs of [0, 2, 5, 10, 15, 25, 40, 80, 150]) {
      const context = await createContext();
      const buffers = countBuffers(context.device);
      const working = work(context).then(
        () => 'no error',
        (error: unknown) => (error instanceof DescentError ? error.code : String(error)),
      );
      await new Promise((resolve) => setTimeout(resolve, afterMs));
      context.device.destroy();
      expect(await working, `after ${afterMs} ms`).toBe('DEVICE_LOST');
      expect(buffers.live(), `after ${afterMs} ms`).toBe(0);
    }
  });
});
