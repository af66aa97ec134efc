// How a run of tests in Deno ends when something is amiss: never green, and with the reason.

import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { decode, encode } from '../support/deno-messages.js';
import { INNER_RUN_TIMEOUT_MS, type InnerRuns, openInnerRuns } from '../support/inner-runs.js';

const support = (file: string) => JSON.stringify(join(import.meta.dirname, '../support', file));

const POOL = `import { deno } from ${support('deno-pool.ts')};`;

const BODY = `
  import { expect, test } from 'vitest';
  import { requireAdapter, withErrorScopes } from ${support('gpu.ts')};
  test('adapter', async () => { await requireAdapter(); });
`;

describe.concurrent.each([
  {
    name: 'a test that fails',
    settings: 'deno()',
    body: `test('sum', () => expect(1 + 1).toBe(3));`,
    counts: '1 passed, 1 failed',
    reason: 'expected 2 to be 3',
  },
  {
    name: 'a shader that Naga refuses',
    settings: 'deno()',
    body: `test('shader', async () => {
      const device = await (await requireAdapter()).requestDevice();
      await withErrorScopes(device, () => device.createShaderModule({ code: 'fn main() -> u32 { return 1.5; }' }));
    });`,
    counts: '1 passed, 1 failed',
    reason: 'GPU errors: validation: GPUValidationError:',
  },
  {
    name: 'no adapter',
    settings: `deno({ adapter: { VK_DRIVER_FILES: '/none', DENO_WEBGPU_BACKEND: 'vulkan' } })`,
    body: '',
    counts: '0 passed, 1 failed',
    reason: 'navigator.gpu.requestAdapter() gave null',
  },
  {
    name: 'no Deno',
    settings: `deno({ executable: '/none/deno' })`,
    body: '',
    counts: '0 passed, 1 failed',
    reason: 'spawn /none/deno ENOENT',
  },
  {
    name: 'a Deno that does not start the worker',
    settings: 'deno({ executable: process.execPath })', // Node knows nothing of `run`
    body: '',
    counts: '0 passed, 1 failed',
    reason: 'Deno ended before it was ready, with exit code 1',
  },
  {
    name: 'a Deno that dies',
    settings: 'deno()',
    body: `test('death', () => { process.kill(process.pid, 'SIGKILL'); });`,
    counts: /^[01] passed, [23] failed$/, // what was under way, and what had not been told yet,
    reason: 'Worker exited unexpectedly',
  },
])('$name', ({ name, settings, body, counts, reason }) => {
  let inner: InnerRuns;
  beforeAll(async () => {
    inner = await openInnerRuns('deno-pool', POOL, `pool: ${settings}`);
  });
  afterAll(() => inner.close());

  it(`is a failure: ${reason}`, { timeout: INNER_RUN_TIMEOUT_MS }, async () => {
    const run = await inner.run(name.replaceAll(' ', '-'), BODY + body);
    expect(run.output).toContain(reason);
    expect(run).toMatchObject({ exitCode: 1, lastLine: expect.stringMatching(counts) as unknown });
  });
});

test('Deno ends when Vitest is killed', { timeout: INNER_RUN_TIMEOUT_MS }, async () => {
  const inner = await openInnerRuns('deno-pool', POOL, 'pool: deno()');
  const body = `
    import { test } from 'vitest';
    test('outlive', { timeout: 90_000 }, async () => {
      process.kill(process.ppid, 'SIGKILL');
      await new Promise((done) => setTimeout(done, 90_000));
    });
  `;
  // Deno writes to the same pipe, so that the run is not over before both have ended.
  expect(await inner.run('outlive', body)).toMatchObject({ exitCode: NaN });
  await inner.close();
});

test('a message arrives as it was sent', () => {
  const suite: Record<string, unknown> = {
    name: 'suite',
    result: undefined,
    pattern: /at \d+/i,
    files: new Map([['a', 1]]),
  };
  suite.suite = suite;
  expect(decode(encode(suite))).toEqual(suite);
  const error = Object.assign(new TypeError('not found'), { id: './missing.js' });
  const arrived = decode(encode([error])) as [Error];
  expect(arrived[0]).toBeInstanceOf(Error);
  expect(arrived[0]).toMatchObject({ name: 'TypeError', message: 'not found', id: './missing.js', stack: error.stack });
});
