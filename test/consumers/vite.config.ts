// `npm run test:consumers`: the package file in the projects of others, each of which fits and compares the answer.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../scripts/short-shaders.js';
import { plainReporter } from '../support/plain-reporter.js';
import tools from './package.json' with { type: 'json' };

/** The bundlers, compilers and frameworks weigh 680 MB: they come with the first run, never by npm ci at the root. */
const missing = Object.keys(tools.dependencies).filter(
  (name) => !existsSync(join(import.meta.dirname, 'node_modules', name)),
);
if (missing.length > 0) {
  console.error(`Installing the tools of other projects (${missing.join(', ')}), once: npm install in test/consumers`);
  // Not by npm ci, which misses packages of other platforms in the lock file where a registry does not have them.
  const args = ['install', '--no-save', '--no-audit', '--no-fund', '--ignore-scripts'];
  execFileSync('npm', args, { cwd: import.meta.dirname, stdio: 'inherit' });
}

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [shortShaders()],
  test: {
    name: 'consumers',
    include: ['test/consumers/*.test.ts'],
    reporters: ['default', plainReporter()],
    globalSetup: ['test/consumers/support/install.ts'],
    pool: 'forks',
    isolate: false, // one browser for all files
    maxWorkers: 1, // most of them keep all cores busy themselves
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
