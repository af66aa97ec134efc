import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { numbers } from '../../support/data.js';

/** The columns of a CSV file of numbers in test/data. */
export function csvColumns(name: string): Record<string, number[]> {
  const text = readFileSync(join(import.meta.dirname, '../../data', name), 'utf8').trim();
  const [head = '', ...lines] = text.split('\n');
  const rows = lines.map((line) => line.split(',').map(Number));
  return Object.fromEntries(head.split(',').map((column, j) => [column, rows.map((row) => row[j] as number)]));
}

/** Columns about offsets of thousands of their spread, as years are, and a target of them. */
export function offsetColumns(rowCount: number): Record<'x1' | 'x2' | 'x3' | 'y' | 'w' | 'id', number[]> {
  const x1 = Array.from(numbers(1, rowCount, 1, 2000));
  const x2 = Array.from(numbers(2, rowCount, 0.01, 273));
  const x3 = Array.from(numbers(3, rowCount, 5, -1e5));
  const noise = numbers(4, rowCount, 0.1, 0);
  const y = x1.map((value, i) => 2 * value - 30 * (x2[i] as number) + 0.5 * (x3[i] as number) + (noise[i] as number));
  const w = Array.from(numbers(5, rowCount, 1, 1.5), Math.abs);
  return { x1, x2, x3, y, w, id: Array.from({ length: rowCount }, (_, i) => i) };
}
