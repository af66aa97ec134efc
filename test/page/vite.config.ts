// `npm run test:pages`: the lesson and the benchmark page, played in headless Chrome by mouse, keys and touch.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../scripts/short-shaders.js';
import { plainReporter } from '../support/plain-reporter.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [shortShaders()],
  test: {
    reporters: ['default', plainReporter()],
    isolate: false, // a process for each file would load all modules again
    name: 'pages',
    include: ['test/page/*.test.ts'],
    testTimeout: 60_000, // pages keep the cores busy meanwhile
    maxWorkers: 2, // much of a test is waiting for a page
  },
});
