// Reading files and sources larger than memory, as the benchmark times them: right first, and in a form that results keep.

import { describe, expect, it } from 'vitest';
import { type BenchCommand, parseBenchCommand } from '../../bench/arguments.js';
import { measureStream } from '../../bench/larger-than-memory/measure.js';
import { drawPool, poolSource } from '../../bench/larger-than-memory/pool-source.js';
import { measureReaders } from '../../bench/readers/measure.js';
import { QUICK_READER_ROWS, READER_NAMES, READER_ROWS, type ReaderResult } from '../../bench/readers/reader.js';
import { readerTable } from '../../bench/readers/reader-lines.js';
import { parseBenchResult } from '../../bench/validate.js';
import { benchResult } from './sample.js';

const measured = await measureReaders(700, 2, { onResult: () => undefined });

describe('readers', () => {
  it('have the numbers of each file, and the rates that follow from their times', () => {
    expect(measured.map(({ reader, correct }) => [reader, correct])).toEqual(READER_NAMES.map((name) => [name, true]));
    for (const { rows, bytes, ours, alone, shareOfAlone } of measured) {
      expect(ours.rowsPerSecond).toBeCloseTo((1000 * rows) / ours.ms.median, 3);
      expect(ours.megabytesPerSecond).toBeCloseTo(bytes / ours.ms.median / 1000, 6);
      expect(shareOfAlone).toBeCloseTo(alone.ms.median / ours.ms.median, 9);
    }
  });

  it('are shown with the share of the parser, and what is wrong', () => {
    const [csv] = measured as [ReaderResult];
    const spread = { median: 10, q1: 9, q3: 11 };
    const arm = (name: string) => ({ name, ms: spread, rowsPerSecond: 70_000, megabytesPerSecond: 4.5 });
    const result = { ...csv, bytes: 45_000, ours: arm('webgpu-descent'), alone: arm('papaparse'), shareOfAlone: 0.8 };
    const lines = readerTable(result);
    expect(lines[0]).toBe('CSV, 700 × 6 numbers, 0.0450 MB');
    expect(lines.at(-1)).toBe('80 % of the speed of papaparse');
    expect(readerTable({ ...result, correct: false }).at(-1)).toContain('WRONG');
  });

  it('are kept in results', () => {
    const text = JSON.stringify({ ...benchResult(), readers: measured });
    expect(parseBenchResult(text).readers).toEqual(measured);
    expect(() => parseBenchResult(text.replace('"reader":"Arrow"', '"reader":"Excel"'))).toThrow('readers[2].reader');
    expect(() => parseBenchResult(text.replace('"correct":true', '"correct":1'))).toThrow('readers[0].correct');
  });

  it('are timed by themselves or in a run of everything', () => {
    const rowsOf = (...words: string[]) => (parseBenchCommand(words, ['webgpu-descent']) as BenchCommand).readerRows;
    expect(rowsOf()).toBe(READER_ROWS);
    expect(rowsOf('--readers')).toBe(READER_ROWS);
    expect(rowsOf('--readers', '--quick')).toBe(QUICK_READER_ROWS);
    for (const words of ['--quick', '--jobs', '--check-only', '--rows=10']) expect(rowsOf(words), words).toBe(0);
    expect(parseBenchCommand(['--readers'], ['webgpu-descent'])).toMatchObject({ cases: [], jobs: [] });
  });
});

describe('a source larger than memory', () => {
  const size = { rows: 4000, features: 3, batchRows: 250, batches: 4, memoryBudget: 250 * 8 * 5 };

  it('repeats its batches, each a fresh copy', async () => {
    const pool = drawPool(size);
    const seen: Float64Array[] = [];
    for await (const { targets } of poolSource(pool, size).batches()) seen.push(targets);
    expect(seen).toHaveLength(16);
    expect(seen[5]).toEqual(pool[1]?.targets);
    expect(seen[5]).not.toBe(seen[1]);
  });

  it('is streamed by every fit, to the optimum of its batches', async () => {
    const shown: string[] = [];
    const times = await measureStream(size, ({ name }) => shown.push(name));
    expect(shown).toEqual(times.map(({ name }) => name));
    expect(times.map(({ correct }) => correct)).toEqual([true, true, true, true, true]);
    const passes = times.map((time) => time.passes as number);
    expect(passes.slice(0, 3)).toEqual([1, 1, 3]);
    expect(passes[3]).toBeGreaterThan(6);
    expect(passes[4]).toBeGreaterThan(7); // 5 epochs, and those that measure
    expect(times.slice(2).every(({ difference }) => difference !== null)).toBe(true);
  });
});
