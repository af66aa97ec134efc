import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { NudgedQueue } from '../src/gpu/device/nudge.js';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A queue like Firefox's, which looks for finished work when something is submitted. */
function pollingQueue() {
  const waiting: { doneMs: number; resolve: () => void }[] = [];
  const submit = vi.fn((commands: Iterable<unknown>) => {
    expect([...commands]).toEqual([]);
    for (const { doneMs, resolve } of waiting) if (performance.now() >= doneMs) resolve();
  });
  const workFor = (ms: number) =>
    new Promise<void>((resolve) => waiting.push({ doneMs: performance.now() + ms, resolve }));
  return { queue: { submit } as unknown as GPUQueue, submit, workFor };
}

describe('a wait for a queue', () => {
  it.each([0.5, 3, 30])('of %d ms is over within 5 ms of that', async (ms) => {
    const { queue, workFor } = pollingQueue();
    let isOver = false;
    void new NudgedQueue(queue).wait(workFor(ms)).then(() => (isOver = true));
    await vi.advanceTimersByTimeAsync(ms + 5);
    expect(isOver).toBe(true);
  });

  it('submits nothing once it is over, nor after a failure', async () => {
    const { queue, submit } = pollingQueue();
    const nudged = new NudgedQueue(queue);
    await nudged.wait(Promise.resolve());
    await expect(nudged.wait(Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    await vi.advanceTimersByTimeAsync(100);
    expect(submit).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('shares its submits with other waits, and goes on for the longest', async () => {
    const { queue, submit, workFor } = pollingQueue();
    const nudged = new NudgedQueue(queue);
    const waits = [10, 20, 40].map((ms) => nudged.wait(workFor(ms)));
    await vi.advanceTimersByTimeAsync(41);
    await Promise.all(waits);
    expect(submit).toHaveBeenCalledTimes(11); // at 1, 5, … 41 ms
    await vi.advanceTimersByTimeAsync(100);
    expect(submit).toHaveBeenCalledTimes(11);
  });
});
