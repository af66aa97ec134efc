// A source that is larger than the memory budget, on WebGPU: two batches on the device, one of them being uploaded.

import { describe, expect, it, vi } from 'vitest';
import type { ExampleSource } from '../../src/data/source.js';
import { fit, type FitOptions } from '../../src/index.js';
import { countBuffers } from '../support/buffers.js';
import { withContext } from '../support/kernel.js';
import { refusalOf } from '../support/refusal.js';
import { arraysOf, SPREADS, streamOf } from '../support/streams.js';

const ROWS = 3000;
const BATCH = 500;
const BUDGET = 2 * BATCH * 6 * 8;

const gpu = withContext();

function differenceOf(a: { weights: Float64Array }, b: { weights: Float64Array }): number {
  return Math.max(
    ...a.weights.map((weight, j) => Math.abs(weight - (b.weights[j] as number)) * (SPREADS[j] as number)),
  );
}

async function bothFits(options: FitOptions) {
  const source = streamOf({ rows: ROWS, batch: BATCH, loss: options.loss ?? 'squared', isWeighted: true });
  const asked = { context: gpu.context, ...options };
  const inMemory = await fit(arraysOf(source), asked);
  const buffers = countBuffers(gpu.context.device);
  const streamed = await fit(source, { ...asked, memoryBudget: BUDGET });
  expect(buffers.live()).toBe(0);
  vi.restoreAllMocks();
  expect(streamed.report.backend).toBe('webgpu');
  expect(streamed.report.source).toEqual({ read: 'streamed', passes: source.begun });
  return { inMemory, streamed };
}

describe('a solver on WebGPU', () => {
  // Passes in f64 on the host correct both: they are right to the sums of 3,000 examples, 1e-13.
  it.each<[FitOptions]>([
    [{}],
    [{ l1: 0.1 }],
    [{ loss: 'logistic' }],
    [{ loss: 'huber', l2: 0.01 }],
    [{ loss: 'huber', huberDelta: 2, standardize: false }],
  ])('reaches the optimum of examples in memory with %j', async (options) => {
    const { inMemory, streamed } = await bothFits(options);
    expect(differenceOf(streamed, inMemory)).toBeLessThan(1e-9);
    expect(streamed.report.converged).toBe(true);
  });
});

describe('descent on WebGPU', () => {
  // In memory, parameters are f32 and rounded in each of 30 epochs: 30·2^-24 of effects of about 1, and of 10 for the bias.
  it.each<[FitOptions]>([
    [{}],
    [{ loss: 'logistic', optimizer: 'momentum' }],
    [{ loss: 'huber', huberDelta: 2, l1: 0.01 }],
    [{ storage: 'f16' }],
  ])('takes the way of examples in memory with %j', async (options) => {
    const asked = { optimizer: 'gradientDescent', strategy: 'streaming', epochs: 30, ...options } as const;
    const { inMemory, streamed } = await bothFits(asked);
    expect(differenceOf(streamed, inMemory)).toBeLessThan(2e-5);
    expect(streamed.report.epochsRun).toBe(inMemory.report.epochsRun);
  });
});

describe('batches on a device', () => {
  const options = { loss: 'logistic', optimizer: 'gradientDescent', epochs: 3, memoryBudget: BUDGET } as const;

  it('are uploaded while the device computes, and two lie there at most', async () => {
    const source = streamOf({ rows: ROWS, batch: BATCH, loss: 'logistic' });
    const { device } = gpu.context;
    const events: string[] = [];
    let [live, most] = [0, 0];
    const create = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      if (descriptor.label?.includes('features')) {
        events.push('upload');
        most = Math.max(most, ++live);
        const destroy = buffer.destroy.bind(buffer);
        buffer.destroy = () => {
          events.push('freed');
          live -= 1;
          destroy();
        };
      }
      return buffer;
    };
    try {
      await fit(source, { ...options, context: gpu.context });
    } finally {
      device.createBuffer = create;
    }
    expect(most).toBe(2);
    expect(live).toBe(0);
    // The second batch is uploaded before the first is freed, that is before its sums are read.
    expect(events.slice(0, 3)).toEqual(['upload', 'upload', 'freed']);
  });

  it('are freed when the source throws in the middle, or a signal ends the fit', async () => {
    const failure = new Error('gone');
    const abort = new AbortController();
    for (const end of ['throws', 'aborts'] as const) {
      const source = streamOf({ rows: ROWS, batch: BATCH, loss: 'logistic' });
      const ending: ExampleSource = {
        name: 'ending',
        columns: () => source.columns(),
        async *batches() {
          const isLast = source.begun === 3; // gathered, surveyed and measured before
          let k = 0;
          for await (const batch of source.batches()) {
            if (isLast && k++ === 3) {
              if (end === 'throws') throw failure;
              abort.abort();
            }
            yield batch;
          }
        },
      };
      const buffers = countBuffers(gpu.context.device);
      const fitting = fit(ending, { ...options, context: gpu.context, signal: abort.signal });
      if (end === 'throws') expect(await refusalOf(() => fitting)).toMatchObject({ cause: failure });
      else expect((await fitting).report.stopReason).toBe('aborted');
      expect(buffers.made()).toBeGreaterThan(0);
      expect(buffers.live()).toBe(0);
      vi.restoreAllMocks();
    }
  });
});
