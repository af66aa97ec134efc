// `npm run test:trust`: what takes too long for `npm test`. GPU processes and devices that die at any moment, in Chrome and Deno, and an
// allocation after the other that fails; aborts, Ctrl-C, adapters with the least limits; more examples, and more draws of numbers of all sizes.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../scripts/short-shaders.js';
import { plainReporter } from '../support/plain-reporter.js';
import { type Figures, recordFigures } from '../support/figures.js';
import { CHROME } from '../support/chrome.js';
import { deno } from '../support/deno-pool.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [shortShaders()],
  test: {
    reporters: ['default', plainReporter()],
    isolate: false,
    maxWorkers: 2,
    testTimeout: 300_000,
    env: {
      LOSSES: process.env['LOSSES'] ?? '2', // losses of each kind of call; 10000 for every moment
      FINITE: process.env['FINITE'] ?? '150', // draws, of which `npm test` takes 40
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/trust/long/*.test.ts', 'test/trust/finite.test.ts'],
          exclude: ['**/*.{gpu,deno}.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'deno',
          include: [
            'test/trust/long/*.deno.test.ts',
            'test/trust/long/loss.gpu.test.ts',
            'test/trust/long/recover.gpu.test.ts',
          ],
          pool: deno(),
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/trust/long/*.gpu.test.ts'],
          browser: {
            ...CHROME,
            commands: { recordFigures: (_, promise: string, figures: Figures) => recordFigures(promise, figures) },
          },
        },
      },
    ],
  },
});
