// Each allocation of each function fails once: what the caller hears, and what is left.

import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { DescentError } from '../../../src/base/errors.js';
import { createContext, generateExamples, type GpuContext, syntheticRegression } from '../../../src/index.js';
import { keepFigures } from '../../support/browser-figures.js';
import { failAllocation } from '../../support/allocations.js';
import { BUFFER_JOBS, DEVICE_JOBS } from '../../support/device-jobs.js';
import { withContextPerTest } from '../../support/kernel.js';

const gpu = withContextPerTest(() => createContext());
afterEach(() => void vi.restoreAllMocks());

let allocations = 0;
afterAll(() => keepFigures('allocations', { allocations, otherCodes: 0, buffersLeft: 0, uncaptured: 0 }));

/** Runs a job once for each of its allocations, which fails, until none does. Returns their number. */
async function failEach(context: GpuContext, job: () => Promise<unknown>): Promise<number> {
  await job(); // compiles, which allocates nothing
  for (let k = 0; ; k++) {
    const { asked, live, uncaptured } = failAllocation(context.device, k);
    const error = await job().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    await context.device.queue.onSubmittedWorkDone(); // errors of the device come in the order of its commands
    await new Promise((done) => setTimeout(done));
    const place = `allocation ${k}`;
    expect(live(), place).toEqual([]);
    expect(uncaptured(), place).toEqual([]);
    vi.restoreAllMocks();
    if (asked() <= k) {
      allocations += k;
      expect(error, place).toBeUndefined();
      return k;
    }
    expect(error, place).toBeInstanceOf(DescentError);
    const { code, message } = error as DescentError;
    expect(code, `${place}: ${message}`).toBe('OUT_OF_MEMORY');
    expect(message, place).toMatch(
      /: [1-9]\d* bytes asked for beside \d+ in use .*; expected less than [1-9]\d* bytes/,
    );
  }
}

describe('an allocation that fails', () => {
  it.each(Object.entries(DEVICE_JOBS))('is out of memory, and leaves nothing: %s', async (_, job) => {
    expect(await failEach(gpu.context, () => job(gpu.context))).toBeGreaterThan(2);
  });

  it.each(Object.entries(BUFFER_JOBS))('is out of memory, and leaves nothing: %s', async (_, job) => {
    const examples = await generateExamples(syntheticRegression({ rows: 3000, features: 3 }), gpu);
    expect(await failEach(gpu.context, () => job(gpu.context, examples))).toBeGreaterThan(2);
    examples.destroy();
  });
});

describe('a device that keeps time', () => {
  it('frees its clock, too', async () => {
    const context = await createContext({ timestamps: true });
    const job = DEVICE_JOBS['a fit'] as (context: GpuContext) => Promise<unknown>;
    expect(await failEach(context, () => job(context))).toBeGreaterThan(2);
    context.dispose();
  });
});
