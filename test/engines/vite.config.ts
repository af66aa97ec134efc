// `npm run test:engines`: the statements of webgpu-descent/sql on the engines that they are for.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import engines from './package.json' with { type: 'json' };
import { plainReporter } from '../support/plain-reporter.js';
import { findPostgres } from './support/postgres-server.js';

/**
 * Engines weigh 900 MB: they come with the first run, never by npm ci at the root. Not by npm ci here either, which misses packages
 * of other platforms in the lock file where a registry does not have them.
 */
const missing = Object.keys(engines.dependencies).filter(
  (name) => !existsSync(join(import.meta.dirname, 'node_modules', name)),
);
if (missing.length > 0) {
  console.error(`Installing the engines (${missing.join(', ')}), once: npm install in test/engines`);
  execFileSync('npm', ['install', '--no-save', '--no-audit', '--no-fund'], {
    cwd: import.meta.dirname,
    stdio: 'inherit',
  });
}

try {
  findPostgres();
} catch (error) {
  console.error(error instanceof Error ? error.message : error); // without the stack that a throw here would print
  process.exit(1);
}

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    name: 'engines',
    include: ['test/engines/*.test.ts'],
    reporters: ['default', plainReporter()],
    globalSetup: ['test/engines/support/postgres-server.ts'],
    pool: 'forks', // engines in process are no guests for worker threads
    isolate: false,
    maxWorkers: 1,
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
