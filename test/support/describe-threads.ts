import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openCpuBackend } from '../../src/cpu/backend.js';
import type { KernelKind } from '../../src/cpu/kernels/module.js';
import { OneThread } from '../../src/cpu/threads/one-thread.js';
import { startWorker } from '../../src/cpu/threads/start-worker.js';
import { Team } from '../../src/cpu/threads/team.js';
import { expectClose } from './close.js';
import { examples, uniforms } from './examples.js';
import { RUN, UPLOAD } from './run-settings.js';

const because = 'the same terms in sums of other lengths, each of f64 or of few terms in f32';
const KIND: KernelKind = { loss: 'huber', hasTargets: true, isPrecise: false, withHessian: false };

/** Several threads against one, wherever there are workers: the same sums, whichever way they come. */
export function describeThreads(): void {
  describe.each([{ exchange: 'shared memory' }, { exchange: 'messages' }])('by $exchange', ({ exchange }) => {
    beforeEach(() => {
      if (exchange === 'messages') vi.stubGlobal('SharedArrayBuffer', undefined);
    });
    afterEach(() => void vi.unstubAllGlobals());

    const SIZES = [4, 8].flatMap((storedBytes) =>
      [1, 2, 3].flatMap((others) => [1, 17, 100, 5000].map((m) => ({ m, others, storedBytes: storedBytes as 4 | 8 }))),
    );
    it.each(SIZES)('$m rows of $storedBytes bytes on $others more threads', async ({ m, others, storedBytes }) => {
      const d = 3;
      const shape = { featureCount: d, targetCount: 2, isWeighted: true, storedBytes };
      const workers = await Promise.all(Array.from({ length: others }, () => startWorker()));
      const team = new Team(
        shape,
        m,
        workers.filter((worker) => worker !== null),
      );
      const one = new OneThread(shape, m, 'wasm');
      expect(team.parts).toHaveLength(others + 1);
      const columns = Array.from({ length: d + 3 }, (_, j) => ({
        values: uniforms(j, m).map(Math.abs),
        center: 0.1,
        scale: 2,
      }));
      const order = Uint32Array.from({ length: m }, (_, i) => m - 1 - i);
      try {
        for (const threads of [team, one]) await threads.fill(columns, order, undefined);
        for (const kind of [KIND, { ...KIND, isPrecise: true, withHessian: true }]) {
          const [several, single] = [await team.sums(kind), await one.sums(kind)];
          const model = Float64Array.of(...uniforms(9, d + 1), 0.5);
          const ranges = [
            { first: 0, end: Math.ceil(m / 5) },
            { first: Math.ceil(m / 3), end: m },
          ];
          for (const target of [1, 0]) {
            const found = (await several(model, ranges, target)).slice();
            const expected = (await single(model, ranges, target)).slice();
            const largest = Math.max(...expected.map(Math.abs));
            const absolute = largest * (storedBytes === 4 && !kind.isPrecise ? 1e-6 : 1e-14);
            expectClose(found, expected, { absolute, because });
            expect((await several(model, ranges, target)).slice()).toEqual(found);
          }
        }
      } finally {
        team.dispose();
      }
    });

    it('trains, goes on and evaluates as on one thread, with the same bits again', async () => {
      const dataset = examples(3, 9000, 4);
      const open = (threads: number) => openCpuBackend({ threads }).upload(dataset, UPLOAD);
      const initial = uniforms(2, 5);
      const ends: Float64Array[] = [];
      for (const threads of [1, 3, 3]) {
        const trainer = await open(threads);
        try {
          ends.push((await trainer.run(initial, RUN)).parameters);
          const half = await trainer.begin(
            { epoch: 0, parameters: initial, previous: initial, quietEpochs: 0, loss: Number.NaN },
            RUN,
          );
          await half.runEpochs(15, { signal: undefined, onProgress: undefined });
          const rest = await trainer.begin(await half.read(), RUN);
          await rest.runEpochs(25, { signal: undefined, onProgress: undefined });
          expect((await rest.read()).parameters).toEqual(ends.at(-1));
        } finally {
          trainer.dispose();
        }
      }
      expectClose(ends[1] as Float64Array, ends[0] as Float64Array, { absolute: 1e-6, because });
      expect(ends[2]).toEqual(ends[1]);
    });

    it('several models on folds', async () => {
      const dataset = examples(4, 3000, 2);
      const folds = [0, 1, 2].map((fold) => Uint32Array.from({ length: 1000 }, (_, i) => 3 * i + fold));
      const targets = [{ name: 'y', values: dataset.targets }];
      const roles = [0, 1, 2].map((validationFold) => ({ target: 0, validationFold }));
      const starts = roles.map((role) => ({ role, initial: uniforms(2, 3), settings: RUN }));
      const watch = { signal: undefined, onProgress: undefined };
      const results = [];
      for (const threads of [1, 2]) {
        const trainer = await openCpuBackend({ threads }).uploadMany({ dataset, targets, folds, roles }, UPLOAD);
        results.push(await trainer.runAll(starts, watch));
        trainer.dispose();
      }
      const [single, several] = results;
      single?.forEach(({ parameters }, k) => {
        expectClose(several?.[k]?.parameters ?? [], parameters, { absolute: 1e-12, because });
      });
    });
  });
}
