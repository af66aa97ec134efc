import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../src/data/dataset.js';
import type { RunSettings, Trainer } from '../../src/descent/backend.js';
import { expectClose } from './close.js';
import { examples, uniforms } from './examples.js';

/** A way of descent on the CPU. */
interface CpuDescent {
  /** Opens it on a dataset. */
  open: (dataset: Dataset) => Trainer | Promise<Trainer>;
  /** Opens it on the features as they are, not standardized. */
  openPlain: (dataset: Dataset) => Trainer | Promise<Trainer>;
  settings: RunSettings;
  /** A long descent on 100 examples, and the number of slices that it takes at least. */
  long: { features: number; epochs: number; slices: number };
}

/** The tests that every descent on the CPU passes: how it begins, ends, is stopped and tells of itself. */
export function describeTrainer({ open, openPlain, settings, long }: CpuDescent): void {
  describe('any descent on the CPU', () => {
    const large = createDataset({
      columns: { x: uniforms(6, 30).map((value) => 10 * value) },
      targets: uniforms(7, 30),
    });
    const initial = uniforms(8, 2);
    const halfMeanSquare = () => {
      const [w, b] = initial as unknown as [number, number];
      const residuals = Array.from(large.targets, (y, i) => b + w * (large.columns[0]?.[i] as number) - y);
      return residuals.reduce((sum, residual) => sum + residual ** 2 / (2 * residuals.length), 0);
    };

    it('gives back the parameters it was given after no epochs', async () => {
      const descent = await (await open(examples(4, 20, 2))).run(uniforms(3, 3), { ...settings, epochs: 0 });
      expect([[...descent.parameters], descent.losses.length]).toEqual([[...uniforms(3, 3)], 0]);
    });

    it('never ends by a tolerance of 0', async () => {
      const asked = { ...settings, epochs: 3000, learningRate: 0.3, patience: 1 };
      const descent = await (await open(examples(5, 60, 2))).run(uniforms(4, 3), asked);
      expect([descent.stopReason, descent.losses.length]).toEqual(['epochs', 3000]);
    });

    it('gives back no infinite parameters when it diverges in its last step', async () => {
      const heard: [number, number][] = [];
      const onProgress = (epoch: number, loss: number) => heard.push([epoch, loss]);
      const asked = { ...settings, epochs: 1, learningRate: 1e308, onProgress };
      const descent = await (await openPlain(large)).run(initial, asked);
      expect([[...descent.parameters], descent.stopReason]).toEqual([[...initial], 'diverged']);
      expectClose(descent.losses, [halfMeanSquare()], { relative: 1e-12, because: 'the same sum' });
      expect(heard).toEqual([[1, descent.losses[0]]]);
    });

    it('has no history when it diverges at once, from parameters without a finite loss', async () => {
      const asked = { ...settings, epochs: 10_000 };
      const descent = await (await openPlain(large)).run(Float64Array.of(1e200, 0), asked);
      expect([descent.stopReason, descent.losses.length]).toEqual(['diverged', 0]);
      expect([...descent.parameters]).toEqual([1e200, 0]);
    });

    it('ends after the slice in which its signal came, with the parameters of that epoch', async () => {
      const dataset = examples(9, 30, 2);
      const controller = new AbortController();
      const heard: number[] = [];
      const onProgress = (epoch: number) => {
        heard.push(epoch);
        controller.abort();
      };
      const asked = { ...settings, epochs: 10_000_000, learningRate: 0.3, signal: controller.signal, onProgress };
      const descent = await (await open(dataset)).run(uniforms(9, 3), asked);
      expect([descent.stopReason, heard]).toEqual([null, [descent.losses.length]]);
      const again = { ...settings, epochs: descent.losses.length, learningRate: 0.3 };
      expect((await (await open(dataset)).run(uniforms(9, 3), again)).parameters).toEqual(descent.parameters);
    });

    it('tells of the last epoch once and of its loss, and epochs only grow', async () => {
      const { features, epochs, slices } = long;
      const heard: [number, number][] = [];
      const onProgress = (epoch: number, loss: number) => heard.push([epoch, loss]);
      const asked = { ...settings, epochs, learningRate: 0.3, onProgress };
      const trainer = await open(examples(9, 100, features));
      const { losses: lossHistory } = await trainer.run(uniforms(9, features + 1), asked);
      expect(heard.length).toBeGreaterThanOrEqual(slices);
      expect(heard.at(-1)).toEqual([epochs, lossHistory.at(-1)]);
      for (const [epoch, loss] of heard) expect(loss).toBe(lossHistory[epoch - 1]);
      const told = heard.map(([epoch]) => epoch);
      expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    });
  });
}
