import { createReadStream } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { DescentError } from '../../base/errors.js';
import type { CsvInput } from '../../data/csv/decode.js';
import { JoinedTable } from '../../data/table/joined-table.js';
import type { TableReader } from '../../data/table/table-reader.js';
import type { ReadingSettings } from '../../options/reading.js';
import { findObstacle } from './find-obstacle.js';
import { packaged } from '../packages.js';

/** The name of standard input among files. */
const STANDARD_INPUT = '-';

/** Bytes that tell a format. */
const MAGIC_LENGTH = 6;

/** One file as a table of cells, or several with the same columns: CSV, also in gzip, Parquet and Arrow. */
export async function openTables(files: readonly string[], reading: ReadingSettings): Promise<TableReader> {
  const tables: TableReader[] = [];
  for (const file of files) tables.push(await openTable(file, reading));
  const [first, ...others] = tables;
  if (!first) throw new TypeError('no file');
  return others.length === 0 ? first : new JoinedTable([first, ...others]);
}

async function openTable(file: string, reading: ReadingSettings): Promise<TableReader> {
  if (file === STANDARD_INPUT) {
    const blob = await standardInput();
    return tableOf('standard input', blob, await blob.slice(0, MAGIC_LENGTH).text(), reading);
  }
  await requireReadable(file);
  const open = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  return tableOf(basename(file), { path: file, open }, await magicOf(file), reading);
}

/** A file on a disk, or bytes in memory. */
type Source = Blob | { path: string; open: () => ReadableStream<Uint8Array> };

/** The table of a format, which is known by its first bytes or by the ending of the file. */
async function tableOf(name: string, source: Source, magic: string, reading: ReadingSettings): Promise<TableReader> {
  const bytes: CsvInput = source instanceof Blob ? source : source.open;
  if (magic.startsWith('PAR1') || /\.parquet$/i.test(name)) {
    const { ParquetTable } = await packaged(forFiles('hyparquet'), () => import('../../data/parquet/parquet-table.js'));
    return new ParquetTable(source instanceof Blob ? source : source.path, name);
  }
  if (magic.startsWith('ARROW1') || /\.(?:arrow|arrows|feather)$/i.test(name)) {
    const { arrowBatches } = await packaged(forFiles('apache-arrow'), () => import('../../data/arrow.js'));
    return arrowBatches(bytes, name);
  }
  const { CsvTable } = await import('../../data/csv/csv-table.js');
  return new CsvTable(name, bytes, reading);
}

/** A package that reads files of a kind. */
const forFiles = (...names: string[]) => ({ names, code: 'FILE_UNREADABLE', by: 'reads such files' }) as const;

/** All of standard input, which cannot be read a second time. */
async function standardInput(): Promise<Blob> {
  const parts: Buffer<ArrayBuffer>[] = [];
  for await (const part of process.stdin) parts.push(part as Buffer<ArrayBuffer>);
  return new Blob(parts);
}

async function magicOf(file: string): Promise<string> {
  const handle = await openFile(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_LENGTH), 0, MAGIC_LENGTH, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function requireReadable(file: string): Promise<void> {
  const obstacle = await findObstacle(file);
  if (obstacle === undefined) return;
  throw new DescentError('FILE_UNREADABLE', {
    got: obstacle,
    expected: 'a file of CSV, Parquet or Arrow, or - for standard input',
    fix: 'Check the path given with --data.',
    where: { file },
  });
}
