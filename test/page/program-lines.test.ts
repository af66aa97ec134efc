import { describe, expect, it } from 'vitest';
import { entryOf, executedAfter, positionAt } from '../../demo/lesson/program-lines.js';

/** Lines: five before the loop (w1 third, w2 fourth, b fifth), five in it (for, y_predict, w1, w2, b). */
describe('where the program stands', () => {
  it('counts the lines before the loop, then those of each epoch', () => {
    expect(positionAt(0)).toEqual({ executed: 0, line: -1, epochs: 0, inEpoch: 0 });
    expect(positionAt(5)).toEqual({ executed: 5, line: 4, epochs: 0, inEpoch: 0 });
    expect(positionAt(7)).toEqual({ executed: 7, line: 6, epochs: 0, inEpoch: 2 });
    expect(positionAt(10)).toEqual({ executed: 10, line: 9, epochs: 1, inEpoch: 0 });
    expect(positionAt(11)).toEqual({ executed: 11, line: 5, epochs: 1, inEpoch: 1 });
    expect(executedAfter(1)).toBe(10);
  });

  it('knows no variable before its line', () => {
    expect(entryOf('w1', positionAt(2))).toBeUndefined();
    expect(entryOf('w1', positionAt(3))).toBe(0);
    expect(entryOf('w2', positionAt(3))).toBeUndefined();
    expect(entryOf('b', positionAt(5))).toBe(0);
    expect(entryOf('y_predict', positionAt(6))).toBeUndefined();
  });

  it('gives each its new value at its own line, from the same predictions', () => {
    const entries = (executed: number) => {
      const position = positionAt(executed);
      return (['y_predict', 'w1', 'w2', 'b'] as const).map((variable) => entryOf(variable, position));
    };
    expect(entries(7)).toEqual([0, 0, 0, 0]);
    expect(entries(8)).toEqual([0, 1, 0, 0]);
    expect(entries(9)).toEqual([0, 1, 1, 0]);
    expect(entries(10)).toEqual([0, 1, 1, 1]);
    expect(entries(11)).toEqual([0, 1, 1, 1]);
    expect(entries(12)).toEqual([1, 1, 1, 1]);
    expect(entries(15)).toEqual([1, 2, 2, 2]);
  });
});
