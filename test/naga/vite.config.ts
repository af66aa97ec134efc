// `npm run test:naga`: every kernel once more with Naga, the WGSL compiler of Firefox and Deno.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { deno } from '../support/deno-pool.js';
import { plainReporter } from '../support/plain-reporter.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    reporters: ['default', plainReporter()],
    isolate: false, // a process for each file would compile all kernels again
    name: 'naga',
    include: [
      'test/kernels/*.gpu.test.ts',
      'test/{buffer-model,error-scopes,published}.gpu.test.ts',
      'test/naga/*.test.ts',
    ],
    exclude: ['test/kernels/fused-wide.gpu.test.ts'], // it needs subgroups, which Naga does not have
    pool: deno(),
    testTimeout: 60_000,
    maxWorkers: 2, // much of a test is waiting for a device
  },
});
