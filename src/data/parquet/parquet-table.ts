import * as hyparquet from 'hyparquet';
import { DescentError } from '../../base/errors.js';
import { nextTurn } from '../../base/turns.js';
import type { CellBlock, FormatReport, TableHead, TablePass, TableReader } from '../table/table-reader.js';

/** A file whose bytes can be read from anywhere. */
export interface ByteRanges {
  byteLength: number;
  slice(start: number, end?: number): ArrayBuffer | Promise<ArrayBuffer>;
}

/** A Parquet file: a Blob or File, an address, in Node a path, or ranges of bytes. */
export type ParquetInput = Blob | URL | string | ByteRanges;

/** A Parquet file as a table of cells. */
export class ParquetTable implements TableReader {
  readonly code = 'INVALID_VALUE';
  readonly name: string;
  #file: Promise<ByteRanges> | undefined;
  #metadata: hyparquet.FileMetaData | undefined;

  constructor(
    private readonly input: ParquetInput,
    name?: string,
    private readonly signal?: AbortSignal,
  ) {
    this.name = name ?? nameOf(input);
  }

  open(): TablePass {
    return {
      head: () => this.#head(),
      blocks: (positions) => this.#blocks(positions),
      report: () => REPORT,
      close: () => Promise.resolve(),
    };
  }

  async #head(): Promise<TableHead> {
    const metadata = await this.#read();
    const names = hyparquet.parquetSchema(metadata).children.map(({ element }) => element.name);
    return { names, leftOut: [], hasPlaces: false, namesFrom: '' };
  }

  async *#blocks(positions: readonly number[]): AsyncGenerator<CellBlock, void, undefined> {
    const { names } = await this.#head();
    const columns = positions.map((position) => names[position] as string);
    const file = oneInATurn(await this.#open());
    const options = { file, metadata: await this.#read(), columns: [...new Set(columns)] };
    const scan = await this.#guarded(async () => {
      const compressors = await otherCompressors(options.metadata);
      return hyparquet.parquetScan({ ...options, ...(compressors && { compressors }) });
    });
    for (const { rowStart, rowEnd } of scan.ranges) {
      const cells = await this.#guarded(() =>
        Promise.all(columns.map((column) => scan.readColumn({ column, rowStart, rowEnd }))),
      );
      yield { rowCount: rowEnd - rowStart, columns: cells, rowOf: (index) => rowStart + index };
    }
  }

  #open(): Promise<ByteRanges> {
    return (this.#file ??= rangesOf(this.input, this.name, this.signal));
  }

  async #read(): Promise<hyparquet.FileMetaData> {
    const file = await this.#open();
    return (this.#metadata ??= await this.#guarded(() => hyparquet.parquetMetadataAsync(file)));
  }

  /** Errors of the parser with a code and the name of the file. */
  async #guarded<Result>(read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (cause) {
      if (cause instanceof DescentError || this.signal?.aborted) throw cause;
      throw new DescentError('INVALID_FILE', {
        got: `${this.name}: ${cause instanceof Error ? cause.message : String(cause)}`,
        expected: 'a complete Parquet file',
        fix: 'Check that this is the right file, and that it has been copied to its end.',
        where: { file: this.name },
        cause,
      });
    }
  }
}

const REPORT: FormatReport = {
  encoding: null,
  delimiter: null,
  header: null,
  comment: null,
  passedOver: { blank: 0, comments: 0, skipped: 0, empty: 0, emptyColumns: 0 },
  guesses: [],
};

/** The compressions that the parser has by itself. */
const OWN_CODECS = ['UNCOMPRESSED', 'SNAPPY'];

/** Decompressors of a package of its own, where a column needs one. */
async function otherCompressors(metadata: hyparquet.FileMetaData): Promise<hyparquet.Compressors | undefined> {
  const codecs = metadata.row_groups.flatMap(({ columns }) => columns.map((column) => column.meta_data?.codec ?? ''));
  const other = codecs.find((codec) => !OWN_CODECS.includes(codec));
  if (other === undefined) return undefined;
  try {
    return (await import('hyparquet-compressors')).compressors;
  } catch (cause) {
    throw new DescentError('INVALID_FILE', {
      got: `a Parquet file compressed by ${other}, without the package hyparquet-compressors`,
      expected: 'that package beside hyparquet',
      fix: 'npm install hyparquet-compressors',
      cause,
    });
  }
}

function nameOf(input: ParquetInput): string {
  if (typeof input === 'string' || input instanceof URL) return String(input).split(/[\\/]/).at(-1) ?? 'the file';
  return input instanceof Blob && 'name' in input ? String(input.name) : 'the file';
}

async function rangesOf(input: ParquetInput, name: string, signal: AbortSignal | undefined): Promise<ByteRanges> {
  const read = <Result>(part: () => Promise<Result>) => readable(part, name, signal);
  if (input instanceof Blob) {
    return { byteLength: input.size, slice: (start, end) => read(() => input.slice(start, end).arrayBuffer()) };
  }
  if (typeof input !== 'string' && !(input instanceof URL)) return input;
  const address = String(input);
  const opened = await read<ByteRanges>(() =>
    /^https?:/.test(address)
      ? hyparquet.asyncBufferFromUrl({ url: address, ...(signal && { requestInit: { signal } }) })
      : hyparquet.asyncBufferFromFile(address),
  );
  const { byteLength } = opened;
  return { byteLength, slice: (start, end) => read(async () => opened.slice(start, end)) };
}

/** The ranges of a file, handed out one in a turn: each is decoded at once, and those of all columns would come together. */
function oneInATurn(file: ByteRanges): ByteRanges {
  let before: Promise<unknown> = Promise.resolve();
  return {
    byteLength: file.byteLength,
    slice(start, end) {
      const reading = Promise.all([file.slice(start, end), before]);
      const range = reading.then(async ([bytes]) => {
        await nextTurn();
        return bytes;
      });
      before = range.catch(() => undefined);
      return range;
    },
  };
}

/** Some bytes of a file, or the error that it could not be read, unless a signal has ended reading. */
async function readable<Result>(
  read: () => Promise<Result>,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Result> {
  try {
    return await read();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new DescentError('FILE_UNREADABLE', {
      got: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'a file, or an address that serves ranges of bytes',
      fix: 'Check the path or the address; paths are for Node.',
      where: { file: name },
      cause,
    });
  }
}
