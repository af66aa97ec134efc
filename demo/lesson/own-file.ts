// The reader's own CSV file, read piece by piece: the page has a turn between two of them, whatever the file's size.

import { collectDataset, type Dataset } from '../../src/index.js';
import { csvColumns, csvNumericColumns, csvSource } from '../../src/data/csv.js';

/** Bytes read at a time: some milliseconds of work. */
const PIECE_BYTES = 2 ** 18;

/** The names of the columns of a file. */
export interface FileColumns {
  /** Those of numbers, which are offered. */
  numeric: readonly string[];
  others: readonly string[];
}

/** What a reader of a file may be told and may say. */
export interface Reading {
  signal: AbortSignal;
  /** The share of the file that is read. */
  onProgress: (share: number) => void;
}

export async function columnsOf(file: File): Promise<FileColumns> {
  const all = await csvColumns(file, file.name);
  const numeric = await csvNumericColumns(file, file.name);
  return { numeric, others: all.filter((name) => !numeric.includes(name)) };
}

/** Reads some columns of a file; all others where no features are named. Rejects with the signal's reason. */
export async function readColumns(
  file: File,
  { features, target }: { features?: readonly string[]; target: string },
  reading: Reading,
): Promise<Dataset> {
  const source = csvSource(() => piecesOf(file, reading), { target, ...(features && { features }), name: file.name });
  try {
    return await collectDataset(source);
  } catch (error) {
    reading.signal.throwIfAborted();
    throw error;
  }
}

/** A piece is fetched when the one before it is dealt with, and the browser does other things until it is there. */
function piecesOf(file: File, { signal, onProgress }: Reading): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream(
    {
      pull: async (controller) => {
        signal.throwIfAborted();
        onProgress(file.size === 0 ? 1 : at / file.size);
        const piece = await file.slice(at, at + PIECE_BYTES).arrayBuffer();
        at += piece.byteLength;
        if (piece.byteLength === 0) controller.close();
        else controller.enqueue(new Uint8Array(piece));
      },
    },
    { highWaterMark: 0 },
  );
}
