/** The last line of a test run, from real runs that break in one way each: it never looks green when the exit code is not 0. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { summaryLine } from '../support/plain-reporter.js';

const projectRoot = join(import.meta.dirname, '../..');

/** Starting Vitest takes a second or two, and more beside the other tests on few cores. */
const RUN_TIMEOUT_MS = 60_000;

const IMPORTS = `import { beforeAll, describe, test } from 'vitest';\n`;

let folder: string;
beforeAll(async () => {
  const parent = join(projectRoot, 'node_modules/.vitest'); // below the project, where its packages are found
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'plain-reporter-'));
  const reporter = JSON.stringify(join(projectRoot, 'test/support/plain-reporter.ts'));
  const config = `import { plainReporter } from ${reporter};\nexport default { test: { reporters: ['default', plainReporter()] } };\n`;
  await writeFile(join(folder, 'vitest.config.ts'), config);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs one test file with that body, or none, and gives the exit code and the last line. */
async function run(name: string, body?: string): Promise<{ exitCode: number; lastLine: string | undefined }> {
  if (body !== undefined) await writeFile(join(folder, `${name}.test.ts`), IMPORTS + body);
  const vitest = join(projectRoot, 'node_modules/vitest/vitest.mjs');
  const args = [vitest, 'run', name, '--root', folder];
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: folder }, (_error, stdout) => {
      resolve({ exitCode: child.exitCode ?? NaN, lastLine: stdout.trimEnd().split('\n').at(-1) });
    });
  });
}

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
])('%s', { timeout: RUN_TIMEOUT_MS }, async (name, body, exitCode, lastLine) => {
  expect(await run(name, body)).toEqual({ exitCode, lastLine });
});

test('an exit code of failure shows, whatever was counted', () => {
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 }, 130)).toBe('3 passed, 1 failed');
  expect(summaryLine({ passed: 0, failed: 0, skipped: 0 }, 0)).toBe('0 passed, 1 failed');
});
