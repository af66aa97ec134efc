// The time in which a device opens is not that in which a source is read.

import { afterEach, expect, it, vi } from 'vitest';
import { type ExampleSource, fit, fitMany, solveExact } from '../src/index.js';

/** Milliseconds that reading seems to take: no machine opens a CPU engine as slowly. */
const READING_MS = 1e9;

afterEach(() => vi.restoreAllMocks());

/** A source during whose pass the clock goes on. */
function slowSource(): ExampleSource {
  const now = performance.now.bind(performance);
  let readingMs = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now() + readingMs);
  return {
    name: 'slow',
    columns: async () => ({ features: ['x'], target: 'y' }),
    async *batches() {
      yield { features: [Float64Array.of(1, 2, 3, 4)], targets: Float64Array.of(3, 5, 7, 8) };
      readingMs += READING_MS;
    },
  };
}

const OPTIONS = { backend: 'cpu' } as const;

it.each([
  ['fit by a solver', async () => [await fit(slowSource(), OPTIONS)]],
  ['fit by descent', async () => [await fit(slowSource(), { ...OPTIONS, epochs: 5 })]],
  ['fitMany', () => fitMany(slowSource(), [{ epochs: 5 }, { epochs: 5, l2: 1 }], OPTIONS)],
  ['solveExact', async () => [await solveExact(slowSource(), OPTIONS)]],
])('of %s', async (_, fitted) => {
  const models = await fitted();
  expect(models.length).toBeGreaterThan(0);
  for (const { report } of models) {
    expect(report.timings.totalMs).toBeGreaterThanOrEqual(READING_MS);
    expect(report.timings.deviceMs).toBeLessThan(READING_MS);
  }
});
