import { describe, expect, it } from 'vitest';
import { logMarks, logRange, namedLogMarks } from '../../demo/page/log-marks.js';

const numbersAt = (marks: readonly (number | null)[]) =>
  marks.flatMap((mark) => (mark === null ? [] : [Number((10 ** mark).toPrecision(6))]));

describe('marks of a logarithmic axis', () => {
  it('are numbers of one digit, of which as many are named as have room', () => {
    const [low, high] = logRange(Math.log10(0.052), Math.log10(0.93));
    expect(numbersAt([low, high])).toEqual([0.05, 1]);
    const marks = logMarks(low, high);
    const overDecades = [0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];
    expect(numbersAt(marks)).toEqual(overDecades);
    expect(numbersAt(namedLogMarks(marks, low, high))).toEqual([0.05, 0.1, 0.2, 0.5, 1]);
    expect(numbersAt(namedLogMarks(logMarks(-3, 2), -3, 2))).toEqual([0.001, 0.01, 0.1, 1, 10, 100]);
  });

  it('are at both ends of losses that hardly fall, or not at all', () => {
    const range = logRange(Math.log10(0.2612), Math.log10(0.2656));
    expect(numbersAt(namedLogMarks(logMarks(...range), ...range))).toEqual([0.2, 0.3]);
    expect(numbersAt(logRange(0, 0))).toEqual([1, 10]);
  });

  it('are powers of ten, some of them, of losses that diverge out of all sight', () => {
    const range = logRange(Math.log10(0.2), 33.2);
    const marks = logMarks(...range);
    expect(marks).toEqual([0, 5, 10, 15, 20, 25, 30]);
    expect(namedLogMarks(marks, ...range)).toEqual(marks);
  });
});
