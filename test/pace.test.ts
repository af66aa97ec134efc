import { describe, expect, it } from 'vitest';
import { Pace } from '../src/gpu/device/pace.js';

const STEP_BYTES = 1e5;

/**
 * Submits, two under way, to a device that takes so many milliseconds a step and whose answers arrive when `arrives` says.
 * Returns the steps of each submit.
 */
function paced(
  submits: number,
  stepMs: number,
  arrives: (doneMs: number) => number,
  pace = new Pace(),
  mayAbort = false,
): number[] {
  const flights: { steps: number; submittedMs: number; answeredMs: number }[] = [];
  const sizes: number[] = [];
  let nowMs = 1000;
  let doneMs = nowMs;
  let size = pace.begin(STEP_BYTES, { mayAbort });
  while (sizes.length < submits) {
    if (flights.length < (pace.needsWait ? 1 : 2)) {
      if (pace.needsWait) pace.waited(arrives(nowMs) - nowMs);
      doneMs = Math.max(nowMs, doneMs) + size * stepMs;
      flights.push({ steps: size, submittedMs: nowMs, answeredMs: arrives(doneMs) });
      sizes.push(size);
      continue;
    }
    const flight = flights.shift() as (typeof flights)[0];
    nowMs = Math.max(nowMs, flight.answeredMs);
    size = pace.next(flight, STEP_BYTES);
  }
  return sizes;
}

describe('the steps of a submit', () => {
  it.each([0.1, 1, 7])('fill 50 ms, at %d ms a step', (stepMs) => {
    const last = paced(20, stepMs, (doneMs) => doneMs).at(-1);
    expect(last).toBeGreaterThanOrEqual(Math.floor(50 / stepMs) - 1);
    expect(last).toBeLessThanOrEqual(Math.ceil(50 / stepMs));
  });

  it.each([0.1, 1, 7])('fill 20 ms where somebody may abort, at %d ms a step', (stepMs) => {
    const sizes = paced(20, stepMs, (doneMs) => doneMs, new Pace(), true);
    expect(sizes.at(-1)).toBeGreaterThanOrEqual(Math.floor(20 / stepMs) - 1);
    expect(Math.max(...sizes.slice(3)), 'after the first answer').toBeLessThanOrEqual(Math.ceil(20 / stepMs));
  });

  it.each([
    [30, 30],
    [100, 50],
  ])('fill the time that an answer is late even then, so that the device is busy: %d ms', (lateMs, fillMs) => {
    const last = paced(20, 1, (doneMs) => doneMs + lateMs, new Pace(), true).at(-1);
    expect(last).toBeGreaterThanOrEqual(fillMs - 1);
    expect(last).toBeLessThanOrEqual(fillMs);
  });

  it('fill 50 ms again after a run that somebody might have aborted', () => {
    const pace = new Pace();
    paced(20, 1, (doneMs) => doneMs, pace, true);
    expect(paced(20, 1, (doneMs) => doneMs, pace).at(-1)).toBe(50);
  });

  it.each([0.1, 1, 7])('fill 50 ms where every answer comes 100 ms late, at %d ms a step', (stepMs) => {
    const last = paced(20, stepMs, (doneMs) => doneMs + 100).at(-1);
    expect(last).toBeGreaterThanOrEqual(Math.floor(50 / stepMs) - 1);
    expect(last).toBeLessThanOrEqual(Math.ceil(50 / stepMs));
  });

  it.each([0.1, 1, 7])(
    'keep a device busy for 20 to 250 ms where it is polled every 100 ms, at %d ms a step',
    (stepMs) => {
      const settled = paced(60, stepMs, (doneMs) => 100 * Math.ceil(doneMs / 100 + 1e-9)).slice(20);
      expect(Math.min(...settled) * stepMs).toBeGreaterThanOrEqual(20);
      expect(Math.max(...settled) * stepMs).toBeLessThanOrEqual(250);
    },
  );

  it('are as many again after answers have begun to come late', () => {
    const pace = new Pace();
    expect(paced(20, 1, (doneMs) => doneMs, pace).at(-1)).toBe(50);
    expect(paced(20, 1, (doneMs) => doneMs + 100, pace).at(-1)).toBe(50);
    expect(paced(20, 1, (doneMs) => doneMs, pace).at(-1)).toBe(50);
  });

  it('are not misled by a page that hears of two submits at once', () => {
    const pace = new Pace();
    pace.waited(0);
    pace.begin(STEP_BYTES);
    pace.next({ steps: 50, submittedMs: 0, answeredMs: 50 }, STEP_BYTES);
    pace.next({ steps: 50, submittedMs: 0, answeredMs: 150 }, STEP_BYTES);
    expect(pace.next({ steps: 50, submittedMs: 50, answeredMs: 150 }, STEP_BYTES)).toBeGreaterThanOrEqual(49);
  });

  it('of a first submit are few where a step of the run before took long', () => {
    const pace = new Pace();
    pace.waited(0);
    pace.begin(STEP_BYTES);
    pace.next({ steps: 2, submittedMs: 0, answeredMs: 40 }, STEP_BYTES);
    expect(pace.begin(STEP_BYTES)).toBe(2);
    expect(pace.begin(2 * STEP_BYTES)).toBe(1);
  });

  it('of a first submit in one workgroup are no more for what all workgroups did in little time', () => {
    const pace = new Pace();
    const first = pace.begin(STEP_BYTES, { inOneWorkgroup: true });
    pace.begin(STEP_BYTES);
    pace.next({ steps: 1, submittedMs: 0, answeredMs: 0.1 }, STEP_BYTES);
    expect(pace.begin(STEP_BYTES)).toBeGreaterThan(first);
    expect(pace.begin(STEP_BYTES, { inOneWorkgroup: true })).toBe(first);
  });

  it('of a first submit are no fewer than a slow adapter takes in time, if the run before was mostly waiting', () => {
    const pace = new Pace();
    const first = pace.begin(STEP_BYTES);
    pace.waited(99);
    pace.next({ steps: 1, submittedMs: 0, answeredMs: 100 }, STEP_BYTES);
    expect(pace.begin(STEP_BYTES)).toBe(first);
  });
});
