// Every example of README.md and docs/ that works with a device runs in the browser, on one of its own.

import { afterEach, describe, expect, it, vi } from 'vitest';
import * as csv from '../src/data/csv.js';
import * as library from '../src/index.js';
import * as sql from '../src/sql.js';
import { DESCENT_ERROR_CODES, type DescentErrorCode } from '../src/index.js';
import { failMemoryScope } from './support/buffers.js';
import { docBlocks, type Modules, runBlock } from './support/doc-blocks.js';
import { requireAdapter } from './support/gpu.js';

const { contextFromDevice, fit, generateExamples, syntheticRegression } = library;
const MODULES: Partial<Modules> = { 'webgpu-descent': library, 'webgpu-descent/csv': csv, 'webgpu-descent/sql': sql };

const devices: GPUDevice[] = [];

async function openDevice(): Promise<GPUDevice> {
  const device = await (await requireAdapter()).requestDevice();
  devices.push(device);
  return device;
}

afterEach(() => {
  vi.restoreAllMocks();
  for (const device of devices.splice(0)) device.destroy();
});

/** What stands for the reader's own data, in buffers of a device. */
async function deviceNames() {
  const device = await openDevice();
  const context = contextFromDevice(device);
  const synthetic = syntheticRegression({ rows: 100_000, features: 8, seed: 1 });
  const { features, targets } = await generateExamples(synthetic, { context });
  const { dataset } = syntheticRegression({ rows: 50, features: 20 });
  const model = await fit(syntheticRegression({ rows: 50, features: 8 }).dataset, { backend: 'cpu' });
  const draw = vi.fn();
  return { device, context, features, targets, model, draw, data: dataset, tenGigabytes: dataset, synthetic };
}

/** Codes that come from a fault of the adapter or of other code, and the fault. */
const FAULTS: Partial<Record<DescentErrorCode, (device: GPUDevice) => void>> = {
  OUT_OF_MEMORY: (device) => failMemoryScope(device, 0),
  SHADER_COMPILATION: (device) => {
    vi.spyOn(device, 'createComputePipelineAsync').mockRejectedValue(new Error('not on this adapter'));
  },
  READBACK_FAILED: () => {
    vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockRejectedValue(new Error('not today'));
  },
  GPU_VALIDATION: (device) => {
    const submit = device.queue.submit.bind(device.queue);
    vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
      device.createQuerySet({ type: 'occlusion', count: 5000 }); // 4096 at most
      submit(commands);
    });
  },
};

type Names = Awaited<ReturnType<typeof deviceNames>>;

/** What blocks print or do, by their page and a word that only they have. */
const DONE: Record<string, (calls: unknown[][], names: Names) => void> = {
  'docs/gpu-buffers.md exampleCount': (calls, { synthetic }) => {
    const [[weights, size, r2]] = calls as [[Float64Array, number, number]];
    for (const [j, weight] of synthetic.weights.entries()) expect(weights[j]).toBeCloseTo(weight, 2);
    expect(size).toBe(400_000);
    expect(r2).toBeGreaterThan(0.9);
  },
  'docs/synthetic.md generateExamples': (_, { draw }) => {
    expect(draw).toHaveBeenCalled(); // up to ten times: it may converge before
    expect(draw.mock.calls[0]?.[0]).toBeInstanceOf(GPUBuffer);
  },
};

const BLOCKS = docBlocks().filter(({ needsDevice }) => needsDevice);

describe('the examples of docs on a device', () => {
  for (const { page, line, heading, code } of BLOCKS) {
    const errorCode = DESCENT_ERROR_CODES.find((name) => name === heading);
    it(`${page}:${line} ${errorCode ? `ends with ${errorCode}` : 'runs'}`, async () => {
      const names = await deviceNames();
      if (errorCode) {
        FAULTS[errorCode]?.(names.device);
        // The pieces of this page show one call each, without its import.
        await expect(runBlock(code, MODULES, { ...library, ...csv, ...names })).rejects.toMatchObject({
          code: errorCode,
        });
        return;
      }
      const calls = await runBlock(code, MODULES, names);
      const [, check] = Object.entries(DONE).find(([key]) => isOf(key, page, code)) ?? [];
      check?.(calls, names);
    });
  }

  it('are there, one for each expectation', () => {
    const count = (key: string) => BLOCKS.filter(({ page, code }) => isOf(key, page, code)).length;
    expect(Object.keys(DONE).filter((key) => count(key) !== 1)).toEqual([]);
  });
});

function isOf(key: string, page: string, code: string): boolean {
  const [place, word = ''] = key.split(' ');
  return place === page && code.includes(word);
}
