// Times of section 6: what a clock of a tenth of a millisecond cannot tell is repeated until it can.

import { describe, expect, it } from 'vitest';
import { fit, LinearModel, SEED_PROGRAM } from '../../src/index.js';
import { countPoints } from '../../demo/page/count-points.js';
import { hasLeft } from '../../demo/lesson/scale-data.js';
import { timed } from '../../demo/lesson/scale-measure.js';

/** A fit that says of itself that an epoch takes so long, on a clock that ticks ten times in a millisecond. */
async function clocked(epochMs: number): Promise<{ train: (epochs: number) => Promise<LinearModel>; asked: number[] }> {
  const data = { features: [[0], [1], [2]], targets: [1, 3, 5] };
  const model = await fit(data, { ...SEED_PROGRAM, learningRate: 0.1, backend: 'cpu' });
  const asked: number[] = [];
  const train = async (epochs: number) => {
    asked.push(epochs);
    const { report } = model;
    const timings = { ...report.timings, trainMs: Math.floor(10 * epochs * epochMs) / 10 };
    const { weights, bias, featureNames, targetName } = model;
    const timed = { ...report, epochsRun: epochs, timings };
    return new LinearModel({ weights, bias, featureNames, targetName, report: timed });
  };
  return { train, asked };
}

describe('a way that is timed', () => {
  it('is repeated until the clock counts', async () => {
    const { train, asked } = await clocked(0.0007); // a hundred of them are no tick
    const { epochMs, epochs } = await timed('moments', train);
    expect(asked[0]).toBe(100); // whose losses are shown
    expect(Math.abs(epochMs / 0.0007 - 1)).toBeLessThan(0.01); // a tick is half a percent of 20 ms
    expect(epochs * epochMs).toBeGreaterThanOrEqual(20);
  });

  it('is not repeated where it takes long, and cut short where it takes too long', async () => {
    const slow = await clocked(3);
    expect((await timed('streaming', slow.train)).epochMs).toBe(3);
    expect(slow.asked).toEqual([100]);
    const slower = await clocked(500);
    const { epochs, lastLoss } = await timed('cpu', slower.train, 4000);
    expect(epochs).toBe(8);
    expect(slower.asked).toEqual([2, 8]);
    expect(lastLoss).not.toBeNaN(); // the double above has all losses of its one fit
  });
});

describe('points on the CPU', () => {
  const columns = [Float32Array.of(-1, 0, 0.5, 7)];
  const targets = Float32Array.of(0, 0, 1, 0);
  const projection = { origin: [2, 2], byFeature: [[2, 0]], byTarget: [0, -2] } as const;

  it('are counted on the pixel that they lie on, and left out beyond the picture', () => {
    const counts = countPoints(
      { columns, targets },
      { first: 0, end: 4, projection: { ...projection, byFeature: [[2, 0]] }, width: 5, height: 4, radius: 0 },
    );
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect([counts[2 * 5], counts[2 * 5 + 2], counts[3]]).toEqual([1, 1, 1]);
  });

  it('cover the pixels whose middle is in their circle', () => {
    const one = { columns: [Float32Array.of(0)], targets: Float32Array.of(0) };
    const slice = { first: 0, end: 1, projection: { ...projection, byFeature: [[2, 0]] as [[number, number]] } };
    const counts = countPoints(one, { ...slice, width: 5, height: 5, radius: 1 });
    // About (2, 2), the corner of four pixels, whose middles are 0.71 away.
    const covered = Array.from(counts).flatMap((count, i) => (count > 0 ? [i] : []));
    expect(covered).toEqual([1 * 5 + 1, 1 * 5 + 2, 2 * 5 + 1, 2 * 5 + 2]);
  });
});

describe('h(x) in the picture', () => {
  it('has left it above, below or upright, and not while a part of it is there', () => {
    expect(hasLeft({ weights: [1], bias: 0 }, 'line')).toBe(false);
    expect(hasLeft({ weights: [1], bias: 3.4 }, 'line')).toBe(false); // from 2.4 to 4.4, and the picture ends at 2.5
    expect(hasLeft({ weights: [1], bias: 3.6 }, 'line')).toBe(true);
    expect(hasLeft({ weights: [0, 0], bias: -3.1 }, 'plane')).toBe(true);
    expect(hasLeft({ weights: [500], bias: 0 }, 'line')).toBe(true);
    expect(hasLeft({ weights: [Number.NaN], bias: 0 }, 'line')).toBe(true);
  });
});
