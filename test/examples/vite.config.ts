// `npm run test:examples`: the folders of examples/ on the built package, in headless Chrome, Node and Deno.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { plainReporter } from '../support/plain-reporter.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    name: 'examples',
    include: ['test/examples/*.test.ts'],
    reporters: ['default', plainReporter()],
    maxWorkers: 1,
    testTimeout: 120_000, // bundling and a page, on a machine with other work
    hookTimeout: 120_000,
  },
});
