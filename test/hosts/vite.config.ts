// `npm run test:hosts`: the same inputs with right answers in headless Chrome, Firefox, Deno and Node with Dawn.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { plainReporter } from '../support/plain-reporter.js';
import { shortShaders } from '../../scripts/short-shaders.js';

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [shortShaders()],
  test: {
    name: 'hosts',
    reporters: ['default', plainReporter()],
    include: ['test/hosts/*.test.ts'],
    testTimeout: 30_000,
  },
});
