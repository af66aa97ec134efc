// Files larger than --memory-budget: read in passes, with the answer of all rows at once, and said so.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, test } from 'vitest';
import { withCommandLine } from '../support/command-line.js';
import { normals } from '../support/examples.js';

const { folder, start, fitToJson } = withCommandLine();

const ROWS = 8000;
/** A fifth of what the numbers take. */
const BUDGET = String((ROWS * 4 * 8) / 5);
const noise = normals(5, 3 * ROWS);
const x1 = noise.slice(0, ROWS);
const x2 = noise.slice(ROWS, 2 * ROWS).map((value) => value + 100);
const y = x1.map((value, i) => 3 * value - (x2[i] as number) + (noise[2 * ROWS + i] as number));
const answer = Array.from(y, (value) => (value > -100 ? 'yes' : 'no'));

beforeAll(async () => {
  const rows = Array.from(x1, (value, i) => [value, x2[i], y[i], answer[i]].join(','));
  await writeFile(join(folder, 'rows.csv'), `x1,x2,y,answer\n${rows.join('\n')}\n`);
  const columnData = [
    { name: 'x1', data: x1, type: 'DOUBLE' as const },
    { name: 'x2', data: x2, type: 'DOUBLE' as const },
    { name: 'y', data: y, type: 'DOUBLE' as const },
    { name: 'answer', data: answer, type: 'STRING' as const },
  ];
  await writeFile(join(folder, 'rows.parquet'), Buffer.from(parquetWriteBuffer({ columnData, rowGroupSize: 5000 })));
});

describe('a file larger than --memory-budget', () => {
  const wordsOf = (file: string, target: string, ...more: string[]) => [
    ...['--data', file, '--target', target, '--features', 'x1,x2', '--backend', 'cpu', ...more],
  ];

  test.each(['rows.csv', 'rows.parquet'])('%s has the answer of all rows at once', async (file) => {
    for (const [target, loss, passes] of [
      ['y', 'squared', 2],
      ['answer', 'logistic', 5],
    ] as const) {
      const words = wordsOf(file, target, '--loss', loss, '--tolerance', '1e-10');
      const held = await fitToJson(...words);
      const streamed = await fitToJson(...words, '--memory-budget', BUDGET);
      expect(held).toMatchObject({ code: 0, dataset: { rows: ROWS } });
      expect(held.dataset).not.toHaveProperty('read');
      expect(streamed).toMatchObject({
        ...{ code: 0, converged: true, backend: 'cpu', check: null, optimum: null },
        dataset: { rows: ROWS, read: 'streamed', features: ['x1', 'x2'], target, reading: { rowsRead: ROWS } },
      });
      expect((streamed.dataset as unknown as { passes: number }).passes).toBeGreaterThanOrEqual(passes);
      held.weights.forEach((weight, j) => expect(streamed.weights[j]).toBeCloseTo(weight, 6));
      const score = loss === 'squared' ? 'r2' : 'accuracy';
      const scoreOf = (printed: object) => (printed as Record<typeof score, number>)[score];
      expect(scoreOf(streamed)).toBeCloseTo(scoreOf(held), 6);
      if (loss === 'logistic') expect(streamed).toMatchObject({ classes: ['no', 'yes'] });
    }
  });

  test('is said to be streamed, keeps its model, and can start from it', async () => {
    const words = wordsOf('rows.csv', 'y', '--memory-budget', BUDGET);
    const first = await start([...words, '--output', 'streamed.json']).ended;
    expect(first.code).toBe(0);
    expect(first.stdout.replace(/\s+/g, ' ')).toContain('whose numbers take more than --memory-budget');
    expect(first.stdout).toContain('none: the examples of a file that is streamed are not held');
    const again = await fitToJson(...words, '--loss', 'huber', '--huber-delta', '3', '--warm-start', 'streamed.json');
    expect(again).toMatchObject({ code: 0, converged: true, dataset: { read: 'streamed' } });
    const predicted = await start(['--model', 'streamed.json', '--data', 'rows.csv'], {}, 'predict').ended;
    expect(predicted.stdout.trimEnd().split('\n')).toHaveLength(ROWS + 1);
  });

  test('of standard input, too', async () => {
    const rows = Array.from(x1.slice(0, 1000), (value, i) => [value, x2[i], y[i]].join(','));
    const words = ['--data', '-', '--target', 'y', '--memory-budget', '5000', '--json'];
    const { code, stdout } = await start(words, {}, 'fit', `x1,x2,y\n${rows.join('\n')}\n`).ended;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ dataset: { rows: 1000, read: 'streamed' }, converged: true });
  });
});
