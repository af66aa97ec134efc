// Faults of the engine on the CPU: memory that runs out and workers that die.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCpuBackend } from '../../src/cpu/backend.js';
import { openRows } from '../../src/cpu/rows.js';
import { MessageExchange, SharedExchange } from '../../src/cpu/threads/exchange.js';
import { startWorker } from '../../src/cpu/threads/start-worker.js';
import { Dataset } from '../../src/data/dataset.js';
import { SyntheticData } from '../../src/data/synthetic.js';
import { fit, type FitOptions } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { examples, uniforms } from '../support/examples.js';
import { expectRefusal } from '../support/refusal.js';

describe('memory that runs out', () => {
  it.each(['wasm', 'loops'] as const)('names the bytes that there are none of: %s', async (kernels) => {
    const shape = { featureCount: 3, targetCount: 1, isWeighted: false, storedBytes: 8 } as const;
    const count = 2 ** 50;
    const open = () => Promise.resolve(openRows(shape, count, kernels));
    await expectRefusal(async () => open(), 'OUT_OF_MEMORY', `no memory for ${8 * 4 * count} bytes`);
  });

  it.each([MessageExchange, SharedExchange])('in a worker does so too: %o', async (Exchange) => {
    const worker = await startWorker();
    if (!worker) throw new Error('no worker');
    const exchange = new Exchange([worker]);
    const pages = 70_000; // more than 4 GiB, which no memory has
    worker.post({ action: 'open', pages });
    const module = await WebAssembly.compile(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0));
    const add = () => exchange.addKernel({ action: 'kernel', module, modelLength: 1, modelFormat: 8, sumCount: 1, scratchBytes: 1 }); // prettier-ignore
    await expectRefusal(add, 'OUT_OF_MEMORY', `no memory for ${65_536 * pages} bytes`);
    worker.end();
  });
});

describe('workers', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  /** As many examples as pay for three threads. */
  const DATA = new Dataset([uniforms(1, 300_000), uniforms(2, 300_000)].map((column) => Float32Array.from(column)), Float32Array.from(uniforms(3, 300_000)), ['a', 'b'], 'y'); // prettier-ignore
  const STREAMING: FitOptions = {
    backend: 'cpu',
    strategy: 'streaming',
    epochs: 1000,
    learningRate: 0.5,
    tolerance: 0,
  };

  /** Counts workers that were started and that have ended; the first one ends at once when it is told to do this. */
  async function watchWorkers(fatalAction?: string): Promise<{ started: number; ended: number }> {
    const threads = await import('node:worker_threads');
    const counts = { started: 0, ended: 0 };
    class Watched extends threads.Worker {
      readonly #isMortal = counts.started++ === 0;
      constructor(...given: ConstructorParameters<typeof threads.Worker>) {
        super(...given);
        this.on('exit', () => counts.ended++);
      }
      override postMessage(message: { action: string }, transfer: ArrayBuffer[]) {
        if (this.#isMortal && message.action === fatalAction) void this.terminate();
        else super.postMessage(message, transfer);
      }
    }
    vi.stubGlobal('navigator', { hardwareConcurrency: 4 });
    const getModule = process.getBuiltinModule.bind(process);
    vi.spyOn(process, 'getBuiltinModule').mockImplementation((name: string) =>
      name === 'node:worker_threads' ? { ...threads, Worker: Watched } : getModule(name),
    );
    return counts;
  }

  it.each(['store', 'kernel', 'serve'])("end with the fit when one of them dies at its '%s'", async (action) => {
    const counts = await watchWorkers(action);
    await expectRefusal(() => fit(DATA, STREAMING), 'WORKER_LOST', 'it ended');
    expect(counts.started).toBe(2);
    await eventually(() => expect(counts.ended).toBe(2));
  });

  it('end with the fit when one of them dies at a job by messages', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    const counts = await watchWorkers('add');
    const large = new Dataset([...DATA.columns, ...DATA.columns, ...DATA.columns, ...DATA.columns], DATA.targets, Array.from('abcdefgh'), 'y'); // prettier-ignore
    await expectRefusal(() => fit(large, STREAMING), 'WORKER_LOST', 'it ended');
    await eventually(() => expect(counts).toEqual({ started: 1, ended: 1 }));
  });

  it.each([false, true])('end with the fit; aborted: %s', async (isAborted) => {
    const counts = await watchWorkers();
    const controller = new AbortController();
    const onProgress = () => isAborted && controller.abort();
    const { report } = await fit(DATA, {
      ...STREAMING,
      epochs: isAborted ? 4000 : 400,
      signal: controller.signal,
      onProgress,
    });
    expect(report.stopReason).toBe(isAborted ? 'aborted' : 'epochs');
    expect([report.threads, counts.started]).toEqual([3, 2]);
    await eventually(() => expect(counts.ended).toBe(2));
  });

  it('end with an upload that is aborted between its examples and those for validation', async () => {
    const counts = await watchWorkers();
    const controller = new AbortController();
    const { signal } = controller;
    const aborting = Object.create(SyntheticData.prototype, {
      dataset: {
        get() {
          controller.abort();
          return DATA;
        },
      },
    }) as SyntheticData;
    const options = { standardize: true, kernels: 'auto', storage: 'f32', validation: aborting, signal } as const;
    await expect(openCpuBackend({ threads: 3 }).upload(DATA, options)).rejects.toThrow(/aborted/);
    expect(counts.started).toBe(2);
    await eventually(() => expect(counts.ended).toBe(2));
  });

  it('lead to the same bits when there are as many again', async () => {
    await watchWorkers();
    const options = { ...STREAMING, epochs: 300 };
    const [first, second] = [await fit(DATA, options), await fit(DATA, options)];
    expect(first.report.threads).toBe(3);
    expect([second.weights, second.report.lossHistory]).toEqual([first.weights, first.report.lossHistory]);
  });
});

describe('kernels', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('are compiled by the first fit of their shape, and again after that failed', async () => {
    const data = examples(1, 50, 13);
    const options = { backend: 'cpu', strategy: 'streaming', epochs: 3 } as const;
    await fit(examples(1, 50, 3), options); // the host has WebAssembly
    const compile = vi.spyOn(WebAssembly, 'compile').mockRejectedValueOnce(new RangeError('no memory'));
    await expect(fit(data, options)).rejects.toThrow('no memory');
    const model = await fit(data, options);
    expect(compile.mock.calls.length).toBeGreaterThan(1);
    compile.mockClear();
    expect((await fit(data, options)).weights).toEqual(model.weights);
    expect(compile).not.toHaveBeenCalled();
  });
});
