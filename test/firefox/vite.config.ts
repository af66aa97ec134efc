// `npm run test:firefox`: whole fits in the installed Firefox, and their speed there and in Deno, on one adapter.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../scripts/short-shaders.js';
import { deno } from '../support/deno-pool.js';
import { plainReporter } from '../support/plain-reporter.js';
import { puppeteer } from '../support/puppeteer-provider.js';
import { findFirefox, launchFirefox } from './launch-firefox.js';

/** Where Debian's mesa-vulkan-drivers says that lavapipe is, the adapter of Firefox on a machine without a GPU. */
const LAVAPIPE = '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json';

/** Deno takes the adapter that Firefox finds. */
const adapter = existsSync(LAVAPIPE) ? { VK_DRIVER_FILES: LAVAPIPE, DENO_WEBGPU_BACKEND: 'vulkan' } : {};

/** Tests of whole fits, with what they wait for: kernels by themselves are tested in Deno, whose compiler is the same. */
const FITS = [
  'test/{fit,fit-steps,fit-many,buffer-fit,fit-moments,checkpoint,buffer-model,generate}.gpu.test.ts',
  'test/{slices,lifetime,evaluate}.gpu.test.ts',
];

const SPEED = 'test/firefox/speed.test.ts';

try {
  findFirefox();
} catch (error) {
  console.error(error instanceof Error ? error.message : error); // without the stack that a throw here would print
  process.exit(1);
}

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  optimizeDeps: { include: ['papaparse', 'simple-statistics'] },
  test: {
    reporters: ['default', plainReporter()],
    isolate: false,
    maxWorkers: 1, // one after the other: what is timed has the machine for itself
    projects: [
      {
        extends: true,
        test: {
          name: 'firefox',
          include: ['test/firefox/*.test.ts', ...FITS],
          testTimeout: 120_000,
          deps: { optimizer: { client: { include: ['papaparse'] } } },
          browser: {
            enabled: true,
            headless: true,
            provider: puppeteer(launchFirefox),
            instances: [{ browser: 'firefox' }],
            screenshotFailures: false,
          },
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        plugins: [shortShaders()],
        test: {
          name: 'firefox-page',
          include: ['test/firefox/page/*.test.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'deno',
          include: [SPEED],
          testTimeout: 120_000,
          pool: deno({ adapter }),
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
