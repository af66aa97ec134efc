import { describe, expect, it } from 'vitest';
import { gigabytesPerSecond, LEAST_ROWS, MOST_ROWS, mostRowsOn, ROW_STEPS } from '../../demo/lesson/scale-data.js';
import { Speed } from '../../demo/lesson/scale-speed.js';

describe('sizes', () => {
  it('go from a hundred to ten million by ones, twos and fives', () => {
    expect(ROW_STEPS).toHaveLength(16);
    expect([ROW_STEPS[0], ROW_STEPS[1], ROW_STEPS[2], ROW_STEPS.at(-1)]).toEqual([LEAST_ROWS, 200, 500, MOST_ROWS]);
  });

  it('end where a buffer or a binding does: four bytes to a feature', () => {
    const large = 2 ** 31;
    expect(mostRowsOn({ maxBufferSize: large, maxStorageBufferBindingSize: large }, 'line')).toBe(MOST_ROWS);
    expect(mostRowsOn({ maxBufferSize: 4002, maxStorageBufferBindingSize: large }, 'line')).toBe(1000);
    expect(mostRowsOn({ maxBufferSize: 4002, maxStorageBufferBindingSize: large }, 'plane')).toBe(500);
    expect(mostRowsOn({ maxBufferSize: large, maxStorageBufferBindingSize: 400 }, 'line')).toBe(100);
  });

  it('make GB/s of features and target, four bytes each', () => {
    expect(gigabytesPerSecond({ shape: 'line', rows: 1e6 }, 250)).toBe(2);
    expect(gigabytesPerSecond({ shape: 'plane', rows: 1e6 }, 250)).toBe(3);
  });
});

describe('the speed of a play', () => {
  it('is that of the last second', () => {
    const speed = new Speed();
    expect(speed.epochsPerSecond).toBeNull();
    for (let step = 1; step <= 100; step++) speed.add(1, 10, 100 * step); // ten a second
    expect(speed.epochsPerSecond).toBeCloseTo(10);
    for (let step = 1; step <= 40; step++) speed.add(1, 10, 10_000 + 25 * step); // forty
    expect(speed.epochsPerSecond).toBeCloseTo(40);
  });

  it('forgets what was before a pause', () => {
    const speed = new Speed();
    speed.add(4, 2, 1000);
    speed.restart();
    expect(speed.epochsPerSecond).toBeNull();
    speed.add(4, 100, 60_000);
    expect(speed.epochsPerSecond).toBeCloseTo(40);
  });

  it('gives a step as many epochs as a part of a frame has time for', () => {
    const speed = new Speed();
    const play = (msPerEpoch: number) => {
      for (let step = 0; step < 20; step++) {
        const epochs = speed.epochsPerStep;
        speed.add(epochs, 1 + msPerEpoch * epochs, 0);
      }
      return speed.epochsPerStep;
    };
    expect(play(0.1)).toBe(64); // 7.4 ms
    expect(play(20)).toBe(1);
    expect(play(1)).toBe(4); // 5 ms
  });

  it('learns nothing of a shorter step than it asked for', () => {
    const speed = new Speed();
    for (let step = 0; step < 4; step++) speed.add(speed.epochsPerStep, 1, 0);
    const asked = speed.epochsPerStep;
    speed.add(1, 1, 0);
    expect(speed.epochsPerStep).toBe(asked);
  });
});
