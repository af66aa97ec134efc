// GPU processes that really die, at random moments of every function: what the caller hears, when, and what is left.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { recordFigures } from '../../support/figures.js';
import { START_TIMEOUT_MS } from '../../support/pages.js';
import { CrashBrowser, isRight, moments } from './crash-browser.js';
import { JOBS, type Outcome } from './crash-page.js';

/** Number of crashes: `CRASHES=1000 npm run test:trust`. */
const CRASHES = Number(process.env['CRASHES'] ?? 100);

/** The time within which everything is to be settled. */
const MOST_MS = 2000;

/** Moments of a crash, in milliseconds after the call: from the opening of a device to the middle of training. */
const LATEST_MS = 400;

interface Trial extends Outcome {
  job: string;
  way: 'crash' | 'kill';
  delayMs: number;
  /** True if the next fit, on a device of its own, did its work. */
  recovered: boolean;
}

let browser: CrashBrowser;

beforeAll(async () => {
  browser = await CrashBrowser.open({ rows: 100_000, epochs: 400, generated: 1_000_000 });
}, START_TIMEOUT_MS);
afterAll(() => browser.close());

/** Ends the GPU process of this test's own browser. */
async function end(way: Trial['way']): Promise<void> {
  if (way === 'crash') {
    await browser.session.send('Browser.crashGpuProcess').catch(() => undefined); // the answer may die with it
    return;
  }
  const id = await browser.gpuProcess();
  if (id !== undefined) process.kill(id, 'SIGKILL');
}

async function trial(job: string, way: Trial['way'], delayMs: number): Promise<Trial> {
  const outcome = await browser.run(job, delayMs, () => end(way));
  return { job, way, delayMs, ...outcome, recovered: await browser.recovers() };
}

describe('a GPU process that dies', { timeout: 60_000 + 10_000 * CRASHES }, () => {
  it(`is DEVICE_LOST within ${MOST_MS} ms, ${CRASHES} times of ${CRASHES}`, async () => {
    const trials: Trial[] = [];
    for (const [k, delayMs] of moments(CRASHES, LATEST_MS).entries()) {
      const job = JOBS[k % JOBS.length] as string;
      trials.push(await trial(job, k % 3 === 2 ? 'kill' : 'crash', delayMs));
    }
    const wrong = trials.filter((outcome) => !isRight(outcome) || !outcome.recovered);
    expect(wrong.map((outcome) => JSON.stringify(outcome))).toEqual([]);
    // What was done has heard of no loss: it took as long as its work.
    const ended = trials.filter(({ code }) => code !== 'done');
    expect(ended.filter(({ settledMs }) => settledMs > MOST_MS)).toEqual([]);
    expect(trials.filter(({ live }) => live > 0)).toEqual([]);
    expect(trials.filter(({ wrongBits }) => wrongBits)).toEqual([]);
    const lost = trials.filter(({ code }) => code === 'DEVICE_LOST').length;
    // Some are done before the process dies; most are not.
    expect(lost).toBeGreaterThan(CRASHES / 2);
    const slowestMs = Math.max(...ended.map(({ settledMs }) => settledMs));
    await recordFigures('crashes', {
      crashes: CRASHES,
      lost,
      doneBefore: trials.filter(({ code }) => code === 'done').length,
      beforeDevice: trials.filter(({ code }) => code === 'WEBGPU_UNAVAILABLE').length,
      otherCodes: wrong.length,
      buffersLeft: trials.reduce((sum, { live }) => sum + live, 0),
      slowestMs: Math.round(slowestMs),
    });
  });
});
