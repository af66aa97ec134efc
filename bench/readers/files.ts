import { makeVector, Table, tableToIPC } from 'apache-arrow';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { signedUniforms } from '../../src/base/random.js';

/** Columns of numbers, the target included. */
export const COLUMNS = 6;

/** Rows of a row group and of a record batch: as writers mostly have them, some megabytes. */
const GROUP_ROWS = 100_000;

/** The numbers of a file by column, of six decimals at most, so that text holds them exactly. */
export type FileColumns = ReadonlyMap<string, Float64Array>;

/** Seeded columns x1 … and y. */
export function drawColumns(rows: number): FileColumns {
  return new Map(
    Array.from({ length: COLUMNS }, (_, j) => {
      const values = signedUniforms(3, j, rows).map((value) => Math.round(value * 1e8) / 1e6);
      return [j < COLUMNS - 1 ? `x${j + 1}` : 'y', values] as const;
    }),
  );
}

export function csvBytes(columns: FileColumns): Uint8Array<ArrayBuffer> {
  const values = [...columns.values()];
  const rows = values[0]?.length ?? 0;
  const lines = Array.from({ length: rows }, (_, i) => values.map((column) => column[i]).join(','));
  return new TextEncoder().encode(`${[...columns.keys()].join(',')}\n${lines.join('\n')}\n`);
}

export function parquetBytes(columns: FileColumns): ArrayBuffer {
  const columnData = Array.from(columns, ([name, data]) => ({ name, data, type: 'DOUBLE' as const }));
  return parquetWriteBuffer({ columnData, rowGroupSize: GROUP_ROWS });
}

export function arrowBytes(columns: FileColumns): Uint8Array {
  const vectors = Array.from(columns, ([name, data]) => [name, makeVector(data)] as const);
  return tableToIPC(new Table(Object.fromEntries(vectors)), 'file');
}
