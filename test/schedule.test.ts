import { describe, expect, it } from 'vitest';
import { DispatchOrder, type ScheduleShape } from '../src/gpu/training/dispatch-order.js';
import { EpochStart } from '../src/gpu/training/epoch-start.js';

/** All dispatches of so many epochs, one after the other: [first or last update, step, whether it is at the end]. */
function dispatchesOf({ roundSteps, updatesPerRound, updatesPerEpoch, endSteps }: ScheduleShape, epochs: number) {
  const all: { update: number; isAtEnd: boolean; step: number }[] = [];
  const total = epochs * updatesPerEpoch;
  for (let update = 0; update < total;) {
    for (let step = 0; step < roundSteps; step++) all.push({ update, isAtEnd: false, step });
    const ends = (Math.floor(update / updatesPerEpoch) + 1) * updatesPerEpoch;
    update = endSteps === 0 ? update + updatesPerRound : Math.min(update + updatesPerRound, ends);
    if (update === ends)
      for (let step = 0; step < endSteps; step++) all.push({ update: ends - 1, isAtEnd: true, step });
  }
  return all;
}

const SHAPES: ScheduleShape[] = [
  { roundSteps: 3, updatesPerRound: 1, updatesPerEpoch: 1, endSteps: 0 },
  { roundSteps: 1, updatesPerRound: 64, updatesPerEpoch: 1, endSteps: 0 },
  { roundSteps: 1, updatesPerRound: 16, updatesPerEpoch: 7, endSteps: 0 },
  { roundSteps: 2, updatesPerRound: 1, updatesPerEpoch: 5, endSteps: 0 },
  { roundSteps: 2, updatesPerRound: 1, updatesPerEpoch: 1, endSteps: 2 },
  { roundSteps: 2, updatesPerRound: 1, updatesPerEpoch: 5, endSteps: 3 },
  { roundSteps: 1, updatesPerRound: 16, updatesPerEpoch: 7, endSteps: 2 },
  { roundSteps: 1, updatesPerRound: 4, updatesPerEpoch: 8, endSteps: 2 },
  { roundSteps: 1, updatesPerRound: 4, updatesPerEpoch: 10, endSteps: 4 },
];

describe.each(SHAPES)('the dispatches of %o', (shape) => {
  const { updatesPerEpoch } = shape;
  const all = dispatchesOf(shape, 6);

  it('come in order, wherever a round begins', () => {
    const begins = all.flatMap((its, k) => (its.step === 0 && !its.isAtEnd ? [k] : []));
    for (const begin of begins) {
      const schedule = new DispatchOrder(shape, all[begin]?.update ?? 0);
      expect(schedule.stepsTo(6 * updatesPerEpoch)).toBe(all.length - begin);
      expect(all.slice(begin).map((_, k) => schedule.at(k))).toEqual(all.slice(begin));
    }
  });

  it('have made the updates of the rounds before, and leave an epoch unjudged until its last', () => {
    const schedule = new DispatchOrder(shape, 0);
    all.forEach(({ update, isAtEnd }, k) => {
      expect(schedule.updatesAfter(k)).toBe(isAtEnd ? update + 1 : update);
      expect(schedule.isUnvalidated(k)).toBe(isAtEnd);
      const before = all.slice(0, k + 1).findLastIndex((its) => !its.isAtEnd);
      expect(schedule.cutAt(k)).toBe(before);
    });
    expect(schedule.cutAt(all.length)).toBe(all.length);
    expect(schedule.isUnvalidated(all.length)).toBe(false);
    const epochs = all.length / schedule.stepsPerEpoch;
    expect(epochs).toBeGreaterThanOrEqual(6);
    expect(epochs).toBeLessThan(6 + shape.updatesPerRound / updatesPerEpoch);
  });
});

describe('the state at the beginning of an epoch is kept', () => {
  it.each([
    { updatesPerEpoch: 1, updatesPerRound: 1, endsWithEpoch: false, isNeeded: false },
    { updatesPerEpoch: 1, updatesPerRound: 1, endsWithEpoch: true, isNeeded: false },
    { updatesPerEpoch: 2, updatesPerRound: 1, endsWithEpoch: false, isNeeded: true },
    { updatesPerEpoch: 7, updatesPerRound: 2, endsWithEpoch: false, isNeeded: false },
    { updatesPerEpoch: 7, updatesPerRound: 2, endsWithEpoch: true, isNeeded: true },
  ])('where an abort may come within one: %o', ({ isNeeded, ...shape }) => {
    expect(EpochStart.isNeeded({ roundSteps: 1, endSteps: 0, ...shape })).toBe(isNeeded);
  });
});
