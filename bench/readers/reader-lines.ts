import { count, table } from '../../src/node/report/terminal.js';
import { milliseconds } from '../report.js';
import type { ReaderResult } from './reader.js';

/** One format as a table for the terminal: our reader, and the parser alone. */
export function readerTable({
  reader,
  rows,
  columns,
  bytes,
  ours,
  alone,
  shareOfAlone,
  correct,
}: ReaderResult): string[] {
  const cells = [ours, alone].map(({ name, ms, rowsPerSecond, megabytesPerSecond }) => [
    name,
    `${milliseconds(ms.median)} ms`,
    `${milliseconds(ms.q1)}–${milliseconds(ms.q3)}`,
    count(Math.round(rowsPerSecond)),
    megabytesPerSecond.toPrecision(3),
  ]);
  return [
    `${reader}, ${count(rows)} × ${columns} numbers, ${(bytes / 1e6).toPrecision(3)} MB`,
    ...table(['', 'whole file', 'quartiles', 'rows/s', 'MB/s'], cells),
    `${(100 * shareOfAlone).toFixed(0)} % of the speed of ${alone.name}${correct ? '' : '; WRONG: it does not have the numbers of the file'}`,
  ];
}
