// Milliseconds per epoch where the browser polls for answers. They are printed; the bounds only tell that no epoch waits for a
// poll of its own, which takes 100 ms in Firefox, from a machine that is busy with something else.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type FitOptions,
  createContext,
  fit,
  fitSteps,
  type GpuContext,
  syntheticRegression,
} from '../../src/index.js';

/** The longest mean time of an epoch or a step: less than a poll, and more than either takes on a busy machine. */
const MOST_MS = 50;

const HOST = 'Deno' in globalThis ? 'Deno' : (/Firefox\/\d+/.exec(navigator.userAgent)?.[0] ?? navigator.userAgent);

const OPTIONS = { strategy: 'streaming', optimizer: 'gradientDescent', tolerance: 0 } satisfies FitOptions;

let context: GpuContext;
beforeAll(async () => {
  context = await createContext().catch((error: unknown) => {
    throw new Error('no adapter; on Debian without a GPU: apt-get install -y mesa-vulkan-drivers', { cause: error });
  });
});
afterAll(() => context.dispose());

function median(values: readonly number[]): number {
  return quantile(values, 1 / 2);
}

function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(share * values.length)] as number;
}

/** The lower quartile: other work on the machine can only add to a time, and a poll adds to each. */
async function quartileOf(repeats: number, measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) times.push(await measure());
  return quantile(times, 1 / 4);
}

function report(what: string, ms: number): void {
  console.log(`${HOST}: ${what} ${ms.toFixed(2)} ms`);
}

describe(`in ${HOST}`, () => {
  it.each([
    { rows: 10_000, features: 8, epochs: 100 },
    { rows: 100_000, features: 2, epochs: 300 },
    { rows: 1_000_000, features: 2, epochs: 100 },
  ])('an epoch of $rows × $features waits for no poll, over $epochs epochs', async ({ rows, features, epochs }) => {
    const data = syntheticRegression({ rows, features, seed: 7 });
    const totals: number[] = [];
    const epochMs = await quartileOf(5, async () => {
      const startMs = performance.now();
      const { report } = await fit(data.dataset, { ...OPTIONS, context, epochs });
      totals.push(performance.now() - startMs);
      expect(report.epochsRun).toBe(epochs);
      return report.timings.trainMs / epochs;
    });
    report(`${rows} × ${features}, ${epochs} epochs: a fit ${median(totals).toFixed(0)} ms, an epoch`, epochMs);
    expect(epochMs).toBeLessThan(MOST_MS);
  });

  it('a step of 10,000 × 2 waits for no poll', async () => {
    const data = syntheticRegression({ rows: 10_000, features: 2, seed: 7 });
    const steps = fitSteps(data.dataset, { ...OPTIONS, context, epochs: 1000 });
    await steps.next();
    const stepMs = await quartileOf(20, async () => {
      const startMs = performance.now();
      await steps.next();
      return performance.now() - startMs;
    });
    await steps.return();
    report('10000 × 2: a step of one epoch', stepMs);
    expect(stepMs).toBeLessThan(MOST_MS);
  });
});
