import * as hyparquet from 'hyparquet';
import Papa from 'papaparse';
import { arrowSource } from '../../src/data/arrow.js';
import { csvSource } from '../../src/data/csv.js';
import { collectDataset, type Dataset } from '../../src/data/dataset.js';
import { parquetSource } from '../../src/data/parquet.js';
import type { ExampleSource } from '../../src/data/source.js';
import { spreadOf } from '../harness.js';
import { arrowBytes, COLUMNS, csvBytes, drawColumns, type FileColumns, parquetBytes } from './files.js';
import type { ReaderArm, ReaderName, ReaderResult } from './reader.js';

/** A format: its file, our source of it, and the parser alone. */
interface Format {
  reader: ReaderName;
  bytes: number;
  source: () => ExampleSource;
  aloneName: string;
  alone: () => unknown;
}

const ROLES = { target: 'y' };

/** Times each reader in turn with the parser that it stands on, `repeats` times after a first one that counts for nothing. */
export async function measureReaders(
  rows: number,
  repeats: number,
  { signal, onResult }: { signal?: AbortSignal; onResult: (result: ReaderResult) => void },
): Promise<ReaderResult[]> {
  const columns = drawColumns(rows);
  const results: ReaderResult[] = [];
  for (const open of [csvFormat, parquetFormat, arrowFormat]) {
    const result = await measureFormat(open(columns), columns, repeats, signal);
    results.push(result);
    onResult(result);
  }
  return results;
}

async function measureFormat(
  format: Format,
  columns: FileColumns,
  repeats: number,
  signal: AbortSignal | undefined,
): Promise<ReaderResult> {
  const { reader, bytes, source, aloneName, alone } = format;
  const rows = columns.get('y')?.length ?? 0;
  const samples = { ours: [] as number[], alone: [] as number[] };
  let isRight = true;
  for (let repeat = 0; repeat <= repeats; repeat++) {
    signal?.throwIfAborted();
    const aloneMs = await timed(alone);
    let dataset: Dataset | undefined;
    const oursMs = await timed(async () => (dataset = await collectDataset(source())));
    isRight &&= dataset !== undefined && holds(dataset, columns);
    if (repeat === 0) continue;
    samples.alone.push(aloneMs);
    samples.ours.push(oursMs);
  }
  const arm = (name: string, ms: readonly number[]): ReaderArm => {
    const spread = spreadOf(ms);
    const seconds = spread.median / 1000;
    return { name, ms: spread, rowsPerSecond: rows / seconds, megabytesPerSecond: bytes / 1e6 / seconds };
  };
  const ours = arm('webgpu-descent', samples.ours);
  const parser = arm(aloneName, samples.alone);
  const shareOfAlone = parser.ms.median / ours.ms.median;
  return { reader, rows, columns: COLUMNS, bytes, ours, alone: parser, shareOfAlone, correct: isRight };
}

/** True if a dataset has every number of the columns. */
function holds({ columns, featureNames, targets }: Dataset, expected: FileColumns): boolean {
  const found = new Map(featureNames.map((name, j) => [name, columns[j] as ArrayLike<number>]));
  found.set('y', targets);
  return [...expected].every(([name, values]) => {
    const own = found.get(name);
    return own?.length === values.length && values.every((value, i) => own[i] === value);
  });
}

/** papaparse alone cuts decoded text into cells, which are text. */
function csvFormat(columns: FileColumns): Format {
  const bytes = csvBytes(columns);
  const file = new Blob([bytes]);
  const alone = () => {
    let rows = 0;
    const chunk = ({ data }: Papa.ParseResult<string[]>) => void (rows += data.length);
    const complete = () => undefined;
    Papa.parse<string[]>(new TextDecoder().decode(bytes), { delimiter: ',', newline: '\n', chunk, complete });
    return rows;
  };
  const source = () => csvSource(file, ROLES);
  return { reader: 'CSV', bytes: bytes.length, source, aloneName: 'papaparse', alone };
}

/** hyparquet alone decodes the columns of each row group. */
function parquetFormat(columns: FileColumns): Format {
  const buffer = parquetBytes(columns);
  const file = { byteLength: buffer.byteLength, slice: (start: number, end?: number) => buffer.slice(start, end) };
  const names = [...columns.keys()];
  const alone = async () => {
    const metadata = await hyparquet.parquetMetadataAsync(file);
    const scan = await hyparquet.parquetScan({ file, metadata, columns: names });
    for (const { rowStart, rowEnd } of scan.ranges) {
      await Promise.all(names.map((column) => scan.readColumn({ column, rowStart, rowEnd })));
    }
  };
  const source = () => parquetSource(file, ROLES);
  return { reader: 'Parquet', bytes: buffer.byteLength, source, aloneName: 'hyparquet', alone };
}

/** The numbers of an Arrow file are there: what is left is to copy them. */
function arrowFormat(columns: FileColumns): Format {
  const bytes = arrowBytes(columns);
  const alone = () => Array.from(columns.values(), (values) => values.slice());
  const source = () => arrowSource(bytes, ROLES);
  return { reader: 'Arrow', bytes: bytes.length, source, aloneName: 'copy of the columns', alone };
}

async function timed(work: () => unknown): Promise<number> {
  const startMs = performance.now();
  await work();
  return performance.now() - startMs;
}
