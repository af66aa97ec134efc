// The reader's own CSV file, read piece by piece: the page has a turn between two of them, whatever the file's size.

import { collectDataset, type Dataset } from '../../src/index.js';
import { csvColumns, csvNumericColumns, csvSource } from '../../src/data/csv.js';
import type { Encoding, Gaps } from './own-names.js';

/** Bytes read at a time: some milliseconds of work. */
const PIECE_BYTES = 2 ** 18;

/** Bytes looked at to find the encoding: a file in another one than UTF-8 shows it in its first words, most often. */
const LOOKED_AT = 2 ** 22;

/** Bytes from which on both halves of a character of KS X 1001 are, the Korean standard; and the first halves of Hangul. */
const KOREAN = 0xa1;
const HANGUL = [0xb0, 0xc8] as const;

/** The names of the columns of a file. */
export interface FileColumns {
  /** Those of numbers. */
  numeric: readonly string[];
  /** Those of words: categories, and as a target labels. */
  others: readonly string[];
}

/** A request to a file: its columns, and the way to read them. */
export interface Asked {
  features: readonly string[];
  target: string;
  /** Features of words. */
  categories: readonly string[];
  /** The target holds the labels of two classes. */
  isLabelled: boolean;
  encoding: Encoding;
  gaps: Gaps;
}

/** The signals between a reader of a file and its caller. */
export interface Reading {
  signal: AbortSignal;
  /** The share of the file that is read. */
  onProgress: (share: number) => void;
}

/** The data that a file was read as. */
export interface OwnDataset {
  data: Dataset;
  /** Rows left out because of gaps. */
  rowsDropped: number;
}

/**
 * 'auto' for a file that is valid UTF-8 or begins as UTF-16. Of others 'euc-kr', in which Korean spreadsheets save, where all
 * bytes beyond ASCII come in the pairs that it has, and most of them are Hangul; else the one of Western European programs. The
 * reader may say otherwise.
 */
export async function encodingOf(file: Blob): Promise<Encoding> {
  const bytes = new Uint8Array(await file.slice(0, LOOKED_AT).arrayBuffer());
  const isUtf16 = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (isUtf16 || isGzip || bytes.includes(0)) return 'auto';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true }); // the last character may be cut
    return 'auto';
  } catch {
    return isKorean(bytes) ? 'euc-kr' : 'windows-1252';
  }
}

function isKorean(bytes: Uint8Array): boolean {
  let at = 0;
  let [pairs, syllables] = [0, 0];
  while (at < bytes.length) {
    const [first = 0, second = KOREAN] = [bytes[at], bytes[at + 1]];
    const isPair = first >= KOREAN && second >= KOREAN;
    if (first >= 0x80 && !isPair) return false;
    if (isPair) pairs++;
    if (isPair && first >= HANGUL[0] && first <= HANGUL[1]) syllables++;
    at += isPair ? 2 : 1;
  }
  return 2 * syllables > pairs;
}

export async function columnsOf(file: File, encoding: Encoding): Promise<FileColumns> {
  const all = await csvColumns(file, file.name, { encoding });
  const numeric = await csvNumericColumns(file, file.name, { encoding });
  return { numeric, others: all.filter((name) => !numeric.includes(name)) };
}

/** Reads some columns of a file. Rejects with the signal's reason. */
export async function readColumns(file: File, asked: Asked, reading: Reading): Promise<OwnDataset> {
  const { features, target, categories, isLabelled, encoding, gaps: missing } = asked;
  const chosen = features.length > 0 ? { features } : {};
  const options = { target, ...chosen, categories, encoding, missing, name: file.name };
  const source = csvSource(() => piecesOf(file, reading), options);
  try {
    const data = await collectDataset((isLabelled ? source.labelled?.() : null) ?? source);
    return { data, rowsDropped: data.origin?.reading?.rowsDropped ?? 0 };
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
