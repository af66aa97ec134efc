/** The last line of a test run, from real runs that break in one way each: it never looks green when the exit code is not 0. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { INNER_RUN_TIMEOUT_MS, type InnerRuns, openInnerRuns } from '../support/inner-runs.js';
import { summaryLine } from '../support/plain-reporter.js';

const IMPORTS = `import { beforeAll, describe, test } from 'vitest';\n`;

let inner: InnerRuns;
beforeAll(async () => {
  inner = await openInnerRuns('plain-reporter');
});
afterAll(() => inner.close());

test.concurrent.each([
  ['green', `test('a', () => {}); test('b', () => {});`, 0, '2 passed, 0 failed'],
  ['skips', `test('a', () => {}); test.skip('b', () => {}); test.todo('c');`, 0, '1 passed, 0 failed, 2 skipped'],
  ['assertion', `test('a', () => {}); test('b', () => { throw new Error('on purpose'); });`, 1, '1 passed, 1 failed'],
  ['import-error', `import './missing.js'; test('a', () => {});`, 1, '0 passed, 1 failed'],
  [
    'hook',
    `describe('s', () => { beforeAll(() => { throw new Error('on purpose'); }); test('a', () => {}); });`,
    1,
    '0 passed, 1 failed, 1 skipped',
  ],
  [
    'rejection',
    `test('a', async () => { void Promise.reject(new Error('on purpose')); await new Promise((done) => setTimeout(done, 50)); });`,
    1,
    '1 passed, 1 failed',
  ],
  ['no-tests', `export {};`, 1, '0 passed, 1 failed'],
  ['no-files', undefined, 1, '0 passed, 1 failed'],
])('%s', { timeout: INNER_RUN_TIMEOUT_MS }, async (name, body, exitCode, lastLine) => {
  const run = await inner.run(name, body === undefined ? undefined : IMPORTS + body);
  expect(run).toMatchObject({ exitCode, lastLine });
});

test('an exit code of failure shows, whatever was counted', () => {
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 }, 130)).toBe('3 passed, 1 failed');
  expect(summaryLine({ passed: 0, failed: 0, skipped: 0 }, 0)).toBe('0 passed, 1 failed');
});
