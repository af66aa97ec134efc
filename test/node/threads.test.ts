// Threads of the built package in Node, however the process was started.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { BUILT } from '../support/built.js';

const PROGRAM = `
  import { fit, syntheticRegression } from '${pathToFileURL(join(BUILT, 'index.js')).href}';
  Object.defineProperty(globalThis, 'navigator', { value: { hardwareConcurrency: 2 } });
  const { dataset } = syntheticRegression({ rows: 300_000, features: 2, seed: 1 });
  const { report } = await fit(dataset, { backend: 'cpu', strategy: 'streaming', epochs: 600, tolerance: 0 });
  console.log(report.threads, report.kernels);`;

it('start in a process whose options are for modules, which ends by itself', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', PROGRAM], {
    timeout: 20_000,
  });
  expect(stdout.trim()).toBe('2 wasm');
});
