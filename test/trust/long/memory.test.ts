// GPU processes that can have no more memory, at random moments of every function: what the caller hears, and what is left.

import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFigures } from '../../support/figures.js';
import { START_TIMEOUT_MS } from '../../support/pages.js';
import { CrashBrowser, isRight, moments } from './crash-browser.js';
import { JOBS, type Outcome } from './crash-page.js';

/** Number of limits: `MEMORY=1000 npm run test:trust`. */
const LIMITS = Number(process.env['MEMORY'] ?? 24);

/** The latest moment of a limit, in milliseconds after the call: from the upload to the first epochs. */
const LATEST_MS = 60;

/** The kinds of limits of Linux, with the size in /proc that each is about. */
const KINDS = [
  { limit: 'as', size: 'VmSize' },
  { limit: 'data', size: 'VmData' },
] as const;

/** Bytes that a process may have beside those that it has: none, and less than examples made on the device take. */
const BYTES_MORE = [0, 2 ** 24, 2 ** 26];

interface Trial extends Outcome {
  job: string;
  limit: string;
  bytesMore: number;
  delayMs: number;
  /** True if the next fit, without a limit, did its work. */
  recovered: boolean;
}

let browser: CrashBrowser;

beforeAll(async () => {
  browser = await CrashBrowser.open({ rows: 1_600_000, epochs: 20, generated: 12_000_000 });
}, START_TIMEOUT_MS);
afterAll(() => browser.close());

/** Sets the soft limit of a process. One that has ended needs none. */
async function limitTo(id: number, limit: string, bytes: number | 'unlimited'): Promise<void> {
  await promisify(execFile)('prlimit', ['--pid', String(id), `--${limit}=${bytes}:`]).catch((error: unknown) => {
    if (!/No such process/.test(String(error))) throw error;
  });
}

async function trial(job: string, kind: (typeof KINDS)[number], bytesMore: number, delayMs: number): Promise<Trial> {
  const { limit, size } = kind;
  let limited: number | undefined;
  const outcome = await browser.run(job, delayMs, async () => {
    const id = await browser.gpuProcess();
    const status = id === undefined ? '' : await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
    const kilobytes = new RegExp(`^${size}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    if (id === undefined || kilobytes === undefined) return;
    limited = id;
    await limitTo(id, limit, 1024 * Number(kilobytes) + bytesMore);
  });
  if (limited !== undefined) await limitTo(limited, limit, 'unlimited');
  return { job, limit, bytesMore, delayMs, ...outcome, recovered: await browser.recovers() };
}

/** The process itself may survive, and say what it has no memory for; or it dies of it. */
function isTold(outcome: Trial): boolean {
  const { code, message } = outcome;
  if (code !== 'OUT_OF_MEMORY') return isRight(outcome);
  return /: [1-9]\d* bytes asked for beside \d+ in use .* Use fewer rows or features, or free memory/.test(message);
}

describe.runIf(process.platform === 'linux')(
  'a GPU process without memory',
  { timeout: 60_000 + 20_000 * LIMITS },
  () => {
    it(`is OUT_OF_MEMORY or DEVICE_LOST, ${LIMITS} times of ${LIMITS}, and the page lives on`, async () => {
      const trials: Trial[] = [];
      for (const [k, delayMs] of moments(LIMITS, LATEST_MS).entries()) {
        const job = JOBS[k % JOBS.length] as string;
        const kind = KINDS[Math.floor(k / JOBS.length) % KINDS.length] as (typeof KINDS)[number];
        trials.push(await trial(job, kind, BYTES_MORE[k % BYTES_MORE.length] as number, delayMs));
      }
      const wrong = trials.filter((outcome) => !isTold(outcome));
      expect(wrong).toEqual([]);
      expect(trials.filter(({ recovered }) => !recovered)).toEqual([]);
      expect(trials.filter(({ live }) => live > 0)).toEqual([]);
      expect(trials.filter(({ wrongBits }) => wrongBits)).toEqual([]);
      const count = (code: string) => trials.filter((outcome) => outcome.code === code).length;
      // Jobs whose buffers are there already, or fit in what is left, get through: a third of the limits leaves nothing.
      expect(count('OUT_OF_MEMORY') + count('DEVICE_LOST')).toBeGreaterThan(LIMITS / 8);
      await recordFigures('memory', {
        limits: LIMITS,
        outOfMemory: count('OUT_OF_MEMORY'),
        lost: count('DEVICE_LOST'),
        doneAllTheSame: count('done'),
        beforeDevice: count('WEBGPU_UNAVAILABLE'),
        otherCodes: wrong.length,
        buffersLeft: trials.reduce((sum, { live }) => sum + live, 0),
      });
    });
  },
);
