// Several threads against one in Node, and how many there are, and when they end.

import { afterEach, describe, expect, it, vi } from 'vitest';
import { openCpuBackend } from '../../src/cpu/backend.js';
import { OneThread } from '../../src/cpu/threads/one-thread.js';
import { openThreads } from '../../src/cpu/threads/open-threads.js';
import { threadsFor } from '../../src/cpu/threads/thread-count.js';
import type { Threads } from '../../src/cpu/threads/threads.js';
import { describeThreads } from '../support/describe-threads.js';
import { eventually } from '../support/eventually.js';
import { examples, uniforms } from '../support/examples.js';
import { RUN, UPLOAD } from '../support/run-settings.js';

describeThreads();

describe('workers', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });
  const shape = { featureCount: 2, targetCount: 1, isWeighted: false, storedBytes: 4 } as const;
  const openOn = (threads: number): Promise<Threads> =>
    openThreads(shape, 1000, { kernels: 'wasm', epochs: 1, threads });

  it('are left out where the host has none, or throws, or ends them at once', async () => {
    const threads = await import('node:worker_threads');
    const Refused = vi.fn(() => {
      throw new Error('forbidden');
    });
    class Ended extends threads.Worker {
      constructor() {
        super('process.exit(1)', { eval: true });
      }
    }
    for (const module of [undefined, { ...threads, Worker: Refused }, { ...threads, Worker: Ended }]) {
      vi.spyOn(process, 'getBuiltinModule').mockReturnValue(module);
      expect(await openOn(3)).toBeInstanceOf(OneThread);
    }
  });

  /** Counts the threads of Node that have ended, and tells of each that begins. */
  async function watchEnds(onStart = () => {}): Promise<number[]> {
    const threads = await import('node:worker_threads');
    const ends: number[] = [];
    class Watched extends threads.Worker {
      constructor(...parameters: ConstructorParameters<typeof threads.Worker>) {
        super(...parameters);
        onStart();
      }

      override async terminate(): Promise<number> {
        const code = await super.terminate();
        ends.push(code);
        return code;
      }
    }
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...threads, Worker: Watched });
    return ends;
  }

  it('end with the trainer', async () => {
    const ends = await watchEnds();
    const trainer = await openCpuBackend({ threads: 3 }).upload(examples(1, 500, 2), UPLOAD);
    await trainer.run(uniforms(1, 3), RUN); // they wait for the next job in shared memory
    trainer.dispose();
    await eventually(() => expect(ends).toEqual([1, 1]));
  });

  it('end when the examples cannot be stored', async () => {
    const caller = new AbortController();
    const ends = await watchEnds(() => caller.abort(new Error('enough')));
    const { signal } = caller;
    const upload = openCpuBackend({ threads: 3 }).upload(examples(1, 500, 2), { ...UPLOAD, signal });
    await expect(upload).rejects.toThrow('enough');
    await eventually(() => expect(ends).toEqual([1, 1]));
  });

  it('are as many as pay', () => {
    const choice = { kernels: 'wasm', epochs: 1000 } as const;
    expect(threadsFor(shape, 10_000, choice)).toBe(1);
    expect(threadsFor(shape, 1_000_000, { ...choice, epochs: 10 })).toBe(1);
    expect(threadsFor(shape, 1_000_000, { ...choice, kernels: 'loops' })).toBe(1);
    vi.stubGlobal('navigator', { hardwareConcurrency: 8 });
    expect(threadsFor(shape, 1_000_000, choice)).toBe(8);
    expect(threadsFor(shape, 200_000, choice)).toBe(2);
    vi.stubGlobal('navigator', { hardwareConcurrency: 64 });
    expect(threadsFor(shape, 10_000_000, choice)).toBe(16);
    vi.stubGlobal('SharedArrayBuffer', undefined);
    expect(threadsFor(shape, 1_000_000, choice)).toBe(2);
  });
});
