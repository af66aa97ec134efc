import { describe, expect, test, vi } from 'vitest';
import {
  count,
  difference,
  duration,
  lineWidth,
  lossCurve,
  number,
  plural,
  printable,
  ProgressBar,
  table,
  wrap,
} from '../../src/node/report/terminal.js';

describe('numbers', () => {
  test.each([
    [0, '0'],
    [-0, '0'],
    [1, '1'],
    [-0.642137012, '-0.642137'],
    [0.0001, '0.0001'],
    [0.00009999, '9.999e-5'],
    [5774020.4, '5774020'],
    [9_999_999.9, '10000000'],
    [1e7, '1.000e+7'],
    [-3.642e59, '-3.642e+59'],
    [NaN, 'NaN'],
    [-Infinity, '-Infinity'],
  ])('are written: %d as %s', (value, expected) => expect(number(value)).toBe(expected));

  test.each([
    [0, '0'],
    [0.354, '0.35'],
    [-2, '-2'],
    [0.0099, '9.9e-3'],
    [1.23e-7, '1.2e-7'],
    [250, '2.5e+2'],
    [Infinity, 'Infinity'],
  ])('are written as differences: %d as %s', (value, expected) => expect(difference(value)).toBe(expected));

  test.each([
    [0.5774, '0.577 ms'],
    [999.4, '999 ms'],
    [1000, '1.00 s'],
    [9999, '10.00 s'],
    [75_130, '75.1 s'],
  ])('are written as times: %d milliseconds as %s', (value, expected) => expect(duration(value)).toBe(expected));

  test('have their thousands apart as counts, and nouns their plural', () => {
    expect(count(1_000_000)).toBe('1,000,000');
    expect([0, 1, 2].map((n) => plural(n, 'example'))).toEqual(['0 examples', '1 example', '2 examples']);
  });
});

describe('lines', () => {
  test('break between words, further lines below the text', () => {
    expect(wrap('data  ', 'one two three four', 16)).toEqual(['data  one two', '      three four']);
  });

  test('keep words that are too long for any line, and text that fits', () => {
    expect(wrap('at ', '/a/path/that/is/long is', 10)).toEqual(['at /a/path/that/is/long', '   is']);
    expect(wrap('', 'short')).toEqual(['short']);
    expect(wrap('label ', '')).toEqual(['label ']);
  });

  test('are as wide as the terminal, within bounds', () => {
    expect([undefined, 0, 20, 72, 250].map((columns) => lineWidth({ columns }))).toEqual([100, 100, 40, 72, 100]);
  });

  test('show no control character of a file', () => {
    expect(printable('a\u001b[31mb\nc\u202e')).toBe('a�[31mb�c�');
    expect(printable('größe µ 高さ')).toBe('größe µ 高さ');
  });
});

describe('the loss curve', () => {
  const heights = (lines: string[], column: number) => lines.slice(1, -1).map((line) => line[12 + column] ?? ' ');

  test('is empty for no losses', () => expect(lossCurve([])).toEqual([]));

  test('is one line for one level', () => {
    expect(lossCurve([0.5])).toEqual(['loss 0.5 in the only epoch']);
    expect(lossCurve([0.5, 0.5, 0.5])).toEqual(['loss 0.5 in each of 3 epochs']);
    expect(lossCurve([0.5], 'step')).toEqual(['loss 0.5 in the only step']);
  });

  test('falls from the whole height to one eighth of a line', () => {
    const lines = lossCurve([8, 6, 4, 2]);
    expect(lines[0]).toBe('loss by epoch, 1 to 4');
    expect(lossCurve([8, 6, 4, 2], 'step')).toEqual(['loss by step, 1 to 4', ...lines.slice(1)]);
    expect(lines).toHaveLength(10);
    expect(lines[1]).toBe('         8 ┤█');
    expect(lines[8]).toBe('         2 ┤███▁');
    expect(lines[9]).toBe('           └────');
    expect(heights(lines, 0).every((cell) => cell === '█')).toBe(true);
  });

  test('is logarithmic over more than a factor of ten, unless it reaches zero', () => {
    expect(lossCurve([100, 10, 1])[0]).toContain('logarithmic');
    // The middle of a logarithmic axis: half the height, 1 + round(63 / 2) eighths.
    expect(heights(lossCurve([100, 10, 1]), 1).filter((cell) => cell === '█')).toHaveLength(4);
    expect(lossCurve([100, 10, 0])[0]).not.toContain('logarithmic');
    expect(lossCurve([10, 2])[0]).not.toContain('logarithmic');
  });

  test('shows first and last loss of many epochs, and fits a narrow line', () => {
    const history = Array.from({ length: 12_345 }, (_, epoch) => 12_345 - epoch);
    const lines = lossCurve(history, 'epoch', 40);
    expect(lines[0]).toBe('loss by epoch, 1 to 12,345, logarithmic');
    expect(lines[1]).toContain('12345 ┤█');
    expect(lines[8]?.trim()).toMatch(/^1 ┤/);
    expect(Math.max(...lines.slice(1).map((line) => line.length))).toBe(40);
  });
});

test('a table has its first column to the left and the others to the right', () => {
  const rows = [
    ['x', '1.5', '2'],
    ['longer', '-10', ''],
  ];
  expect(table(['name', 'a', 'b'], rows)).toEqual(['name       a   b', 'x        1.5   2', 'longer   -10']);
});

describe('the bar', () => {
  const drawn = (isTTY: boolean, isWanted = true, columns = 80) => {
    vi.stubEnv('TERM', 'xterm');
    let written = '';
    const stream = { isTTY, columns, write: (text: string) => (written += text) } as unknown as NodeJS.WriteStream;
    const bar = new ProgressBar(stream, isWanted);
    bar.draw(1, 2, 'half of it');
    bar.clear();
    vi.unstubAllEnvs();
    return written;
  };

  test('is drawn over itself, and cleared', () => {
    expect(drawn(true)).toBe(`\r\x1b[2K${'█'.repeat(12)}${'░'.repeat(12)} half of it\r\x1b[2K`);
  });

  test('never fills a line, which would wrap', () => expect(drawn(true, true, 30)).toContain(' half\r'));

  test('stays away from files and from --json', () => expect([drawn(false), drawn(true, false)]).toEqual(['', '']));
});
