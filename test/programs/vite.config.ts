// `npm run test:programs`: what starts programs and looks at them from outside. The command line, `npm start`, doctor, a
// release, pages under the policies of others, compilers that read the published types, runs of tests that break.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../scripts/short-shaders.js';
import { plainReporter } from '../support/plain-reporter.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [shortShaders()],
  test: {
    reporters: ['default', plainReporter()],
    setupFiles: ['test/support/typed-arrays.ts'],
    isolate: false, // a process for each file would load all modules again
    name: 'programs',
    include: ['test/programs/*.test.ts'],
    testTimeout: 60_000, // browsers and compilers keep the cores busy meanwhile
    maxWorkers: 3, // much of a test is waiting for a program
  },
});
