import { defineConfig } from 'vitest/config';
import { plainReporter } from './test/support/plain-reporter.js';
import { puppeteer } from './test/support/puppeteer-provider.js';

export default defineConfig({
  test: {
    reporters: ['default', plainReporter()],
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.gpu.test.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.gpu.test.ts'],
          fileParallelism: false,
          testTimeout: 60_000, // a software adapter runs shaders on the processor, and there may be few cores
          browser: {
            enabled: true,
            headless: true,
            provider: puppeteer(),
            instances: [{ browser: 'chrome' }],
            screenshotFailures: false,
          },
        },
      },
    ],
  },
});
