import { describe, expect, test } from 'vitest';
import { csvColumns, csvNumericColumns } from '../../src/data/csv.js';

describe('columns of numbers', () => {
  test('are named in file order, words left out', async () => {
    const text = 'name, area ,city,price\nmill,120,Ulm,3e5\nbarn,80,Bonn,-1\n';
    expect(await csvNumericColumns(text)).toEqual(['area', 'price']);
    expect(await csvColumns(text)).toEqual(['name', 'area', 'city', 'price']);
  });

  test('may have some cells that are wrong, up to half of them', async () => {
    expect(await csvNumericColumns('a,b\nx,x\n2,y\n3,3\n4,z\n')).toEqual(['a']);
    expect(await csvNumericColumns('a\nx\n2\n')).toEqual(['a']);
  });

  test('need no header, and blank lines are none of their rows', async () => {
    expect(await csvNumericColumns('\n1;2\n\n\n\n3;x\n4;y\n')).toEqual(['c1']);
  });

  test('are all columns of a file without rows', async () => {
    expect(await csvNumericColumns('a,b\n')).toEqual(['a', 'b']);
  });

  test('are known by the first 1,000 rows, and no more of the file is read', async () => {
    let pulled = 0;
    const open = () =>
      new ReadableStream<Uint8Array>(
        {
          pull: (controller) => {
            pulled += 1;
            // Numbers first, then words in both columns.
            const row = pulled === 1 ? '1,word\n' : 'word,1\n';
            controller.enqueue(new TextEncoder().encode((pulled === 1 ? 'a,b\n' : '') + row.repeat(100_000)));
          },
        },
        { highWaterMark: 0 },
      );
    expect(await csvNumericColumns(open)).toEqual(['a']);
    expect(pulled).toBe(1);
  });

  test('are refused for a wrong file as in reading it', async () => {
    await expect(csvNumericColumns('', 'e.csv')).rejects.toMatchObject({ code: 'EMPTY_DATA' });
    await expect(csvNumericColumns('a,a\n1,2\n', 'e.csv')).rejects.toThrow(/e\.csv: column name "a" twice/);
    await expect(csvNumericColumns('a,b\n"1,2\n', 'e.csv')).rejects.toThrow(/e\.csv, row 2: a quoted cell/);
  });
});
