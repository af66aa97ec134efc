// Work in parts: the same result at once and in turns, with others in between.

import { describe, expect, it, vi } from 'vitest';
import { atOnce, inTurns, type WorkInParts } from '../src/base/turns.js';
import { syntheticRegression } from '../src/data/synthetic.js';
import { fit, type FitOptions } from '../src/index.js';
import { workedMs } from './support/worked-ms.js';

function* countTo(end: number, partMs: number): WorkInParts<number> {
  let sum = 0;
  for (let i = 1; i <= end; i++) {
    const startMs = performance.now();
    while (performance.now() - startMs < partMs);
    sum += i;
    yield;
  }
  return sum;
}

describe('work in parts', () => {
  it('has the same result at once and in turns', async () => {
    expect(atOnce(countTo(5, 0))).toBe(15);
    expect(await inTurns(countTo(5, 0))).toBe(15);
  });

  it('gives way to others, and ends with the signal', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    await inTurns(countTo(20, 5));
    clearInterval(timer);
    expect(turns).toBeGreaterThan(3);
    await expect(inTurns(countTo(1000, 5), AbortSignal.timeout(20))).rejects.toThrow('timeout');
  });

  it('shares a turn with the work before it, and gives way where both take long', async () => {
    let turns = 0;
    const count = () => void setImmediate(() => (turns += 1));
    for (let k = 0; k < 12; k++) {
      count();
      await inTurns(countTo(1, 5)); // too short to give way for itself
    }
    expect(turns).toBeGreaterThan(3);
  });

  it('goes on beside other work, each in turns of its own', async () => {
    const done = [0, 0];
    const work = function* (own: 0 | 1): WorkInParts<void> {
      while (done[own]! < 60) {
        yield* countTo(1, 1);
        done[own]! += 1;
      }
    };
    const first = inTurns(work(0));
    const second = inTurns(work(1));
    await Promise.race([first, second]);
    expect(Math.min(...done)).toBeGreaterThan(20);
    await Promise.all([first, second]);
  });

  it('gives no turn where it is short', async () => {
    await new Promise(setImmediate); // a turn in which nothing has looked at the clock
    const clock = vi.spyOn(performance, 'now').mockReturnValue(1);
    let turns = 0;
    setImmediate(() => (turns += 1));
    for (let k = 0; k < 12; k++) await inTurns(countTo(3, 0));
    clock.mockRestore();
    expect(turns).toBe(0);
  });
});

/**
 * The longest time between two turns of the event loop while the job runs, of several tries the shortest. What other processes
 * take of the processor does not count.
 */
async function longestGap(job: () => Promise<unknown>): Promise<number> {
  const gaps: number[] = [];
  for (let k = 0; k < 3; k++) {
    let [lastMs, lastWorkedMs, longestMs, isRunning] = [performance.now(), workedMs(), 0, true];
    const look = () => {
      longestMs = Math.max(longestMs, Math.min(performance.now() - lastMs, workedMs() - lastWorkedMs));
      [lastMs, lastWorkedMs] = [performance.now(), workedMs()];
      if (isRunning) setImmediate(look);
    };
    setImmediate(look);
    await job();
    isRunning = false;
    look();
    gaps.push(longestMs);
  }
  return Math.min(...gaps);
}

describe('a fit of 600,000 × 8 on the CPU never holds the thread for long', () => {
  const { dataset } = syntheticRegression({ rows: 600_000, features: 8, seed: 1 });

  it.each<[string, FitOptions]>([
    ['streaming', { strategy: 'streaming', epochs: 40 }],
    ['least squares', {}],
    ['moments', { epochs: 40 }],
    ['mini-batches', { batchSize: 1000, epochs: 2 }],
  ])('%s', async (_, options) => {
    expect(await longestGap(() => fit(dataset, { ...options, backend: 'cpu' }))).toBeLessThan(100); // 50 on a free machine
  });
});
