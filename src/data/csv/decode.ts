// Bytes to text: the encoding is found by its mark and by what is valid, and files that are no text are named.

import { DescentError } from '../../base/errors.js';
import { looksLikePath, otherFormat, startOf } from './other-formats.js';

/**
 * The source of CSV text: a function that opens a new stream of bytes each time it is called, a Blob or File, or the
 * text itself.
 */
export type CsvInput = (() => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>) | Blob | string;

/** A piece of text. A fault stands at its end, and nothing follows. */
export interface TextPiece {
  text: string;
  fault?: { got: string; expected: string; fix: string };
}

/** Characters or bytes worked on at a time. */
export const PIECE_LENGTH = 2 ** 17;

/** Bytes looked at to tell what a file is. */
const HEAD_LENGTH = 1024;

const REPLACEMENT = '\uFFFD';

/** Reads text in pieces of bounded length. `onEncoding` is told the encoding before the first piece of bytes. */
export async function* decodeText(
  input: CsvInput,
  name: string,
  encoding: string,
  onEncoding: (encoding: string, guess?: string) => void,
): AsyncGenerator<TextPiece, void, undefined> {
  if (typeof input === 'string') {
    if (looksLikePath(input)) throw pathAsText(input);
    refuseOtherFormats(input.slice(0, 64), name);
    for (let at = 0; at < input.length; at += PIECE_LENGTH)
      yield withoutNul({ text: input.slice(at, at + PIECE_LENGTH) });
    return;
  }
  const pieces = unzipped(() => (input instanceof Blob ? input.stream() : input()), name);
  let decoder: PieceDecoder | undefined;
  for await (const piece of withHead(pieces)) {
    if (!decoder) {
      refuseOtherFormats(startOf(piece), name);
      decoder = new PieceDecoder(piece, encoding, onEncoding);
    }
    for (let at = 0; at < piece.length; at += PIECE_LENGTH) {
      const decoded = decoder.decode(piece.subarray(at, at + PIECE_LENGTH));
      yield decoded;
      if (decoded.fault) return;
    }
  }
  if (decoder) yield decoder.end();
}

/** Decodes bytes piece by piece, and finds those that the encoding does not have. */
class PieceDecoder {
  readonly #decoder: TextDecoder;
  readonly #encoding: string;
  readonly #wasGiven: boolean;
  /** The last two bytes, since the piece may end inside U+FFFD. */
  #last = new Uint8Array(0);

  constructor(head: Uint8Array, asked: string, onEncoding: (encoding: string, guess?: string) => void) {
    this.#wasGiven = asked !== 'auto';
    const found = this.#wasGiven ? { encoding: asked } : encodingOf(head);
    this.#decoder = decoderFor(found.encoding);
    this.#encoding = this.#decoder.encoding;
    onEncoding(this.#encoding, found.guess);
  }

  decode(bytes: Uint8Array): TextPiece {
    const text = this.#decoder.decode(bytes, { stream: true });
    return this.#checked(text, bytes);
  }

  /** A character that the end of the file cuts off. */
  end(): TextPiece {
    return this.#checked(this.#decoder.decode(), new Uint8Array(0));
  }

  #checked(text: string, bytes: Uint8Array): TextPiece {
    const at = text.indexOf(REPLACEMENT);
    const isWhole = at < 0 || (this.#encoding === 'utf-8' && countOf(text, REPLACEMENT) === this.#literals(bytes));
    this.#last = bytes.slice(-2);
    return isWhole ? withoutNul({ text }) : withoutNul({ text: text.slice(0, at), fault: this.#invalid() });
  }

  /** Occurrences of U+FFFD as such, which end in these bytes. */
  #literals(bytes: Uint8Array): number {
    const all = new Uint8Array([...this.#last, ...bytes]);
    let count = 0;
    for (let i = all.indexOf(0xef); i >= 0; i = all.indexOf(0xef, i + 1)) {
      if (all[i + 1] === 0xbf && all[i + 2] === 0xbd) count += 1;
    }
    return count;
  }

  #invalid(): NonNullable<TextPiece['fault']> {
    const name = this.#encoding === 'utf-8' ? 'UTF-8' : this.#encoding;
    return {
      got: `bytes that are not ${name}`,
      expected: this.#wasGiven ? `text in ${name}` : 'text in UTF-8 or UTF-16, or the name of its encoding',
      fix: "encoding: 'windows-1252' reads files of Western European programs (Latin-1, Excel); or save the file as UTF-8.",
    };
  }
}

/** True if every other byte is 0, from `first` on, and the bytes between are no control characters, as in text of UTF-16. */
function alternates(head: Uint8Array, first: 0 | 1): boolean {
  const looked = head.subarray(0, 64);
  return looked.length > 3 && looked.every((byte, i) => (i % 2 === first ? byte === 0 : byte >= LEAST_IN_TEXT));
}

/** The tab is the first character of text. */
const LEAST_IN_TEXT = 9;

/** The encoding by the byte order mark, or by the zeros that every other byte of UTF-16 is. */
function encodingOf(head: Uint8Array): { encoding: string; guess?: string } {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le' };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be' };
  const endian = alternates(head, 1) ? 'le' : alternates(head, 0) ? 'be' : undefined;
  if (endian === undefined) return { encoding: 'utf-8' };
  const guess = 'The file was read as UTF-16, because every other byte is 0.';
  return { encoding: `utf-16${endian}`, guess };
}

function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch (cause) {
    throw new DescentError('INVALID_OPTION', {
      got: `encoding '${encoding}'`,
      expected: "an encoding that this host knows, such as 'utf-8', 'windows-1252', 'shift_jis' or 'euc-kr'",
      fix: "Leave it out for UTF-8 and UTF-16, or take the encoding's name from encoding.spec.whatwg.org.",
      where: { option: 'encoding' },
      cause,
    });
  }
}

function withoutNul(piece: TextPiece): TextPiece {
  const nul = piece.text.indexOf('\0');
  if (nul < 0) return piece;
  return {
    text: piece.text.slice(0, nul),
    fault: {
      got: 'a NUL character, as in binary files and in UTF-16 text that is read as another encoding',
      expected: 'text',
      fix: "Check that this is the right file; for UTF-16 pass encoding: 'utf-16le'.",
    },
  };
}

function countOf(text: string, character: string): number {
  return text.split(character).length - 1;
}

/** The first piece long enough to tell what the file is. */
async function* withHead(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let head = new Uint8Array(0);
  let isWhole = false;
  for await (const piece of pieces) {
    if (isWhole) {
      yield piece;
      continue;
    }
    head = Uint8Array.from([...head, ...piece.subarray(0, HEAD_LENGTH)]);
    if (head.length < HEAD_LENGTH) continue;
    isWhole = true;
    yield head;
    if (piece.length > HEAD_LENGTH) yield piece.subarray(HEAD_LENGTH);
  }
  if (!isWhole && head.length > 0) yield head;
}

/** The bytes of a stream, out of gzip where they are in it. The stream is cancelled when the reader stops early. */
async function* unzipped(
  open: () => ReadableStream<Uint8Array> | Promise<ReadableStream<Uint8Array>>,
  name: string,
): AsyncGenerator<Uint8Array, void, undefined> {
  let reader: ReadableStreamDefaultReader<Uint8Array> | undefined;
  try {
    reader = (await open()).getReader();
    const first = await reader.read();
    if (first.done) return;
    if (first.value[0] === 0x1f && (first.value[1] ?? 0x8b) === 0x8b) {
      reader = gunzipped(first.value, reader).getReader();
    } else yield first.value;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
  } catch (cause) {
    if (cause instanceof DescentError) throw cause;
    throw unreadable(name, cause);
  } finally {
    // A stream that broke off refuses to be cancelled with the error that was just reported.
    await reader?.cancel().catch(() => undefined);
  }
}

/** The contents of a gzip file whose first piece has been read. */
function gunzipped(first: Uint8Array, rest: ReadableStreamDefaultReader<Uint8Array>): ReadableStream<Uint8Array> {
  let isFirst = true;
  const whole = new ReadableStream<BufferSource>({
    async pull(controller) {
      if (isFirst) {
        isFirst = false;
        return controller.enqueue(first.slice());
      }
      const { done, value } = await rest.read();
      if (done) controller.close();
      else controller.enqueue(value.slice());
    },
    cancel: (reason) => rest.cancel(reason),
  });
  return whole.pipeThrough(new DecompressionStream('gzip'));
}

function refuseOtherFormats(start: string, name: string): void {
  const other = otherFormat(start);
  if (other === undefined) return;
  throw new DescentError('INVALID_CSV', {
    got: `${name}, row 1: ${other.what}`,
    expected: 'CSV text',
    fix: other.fix,
    where: { file: name, row: 1 },
  });
}

function pathAsText(text: string): DescentError {
  return new DescentError('INVALID_CSV', {
    got: `the text ${JSON.stringify(text)}, which looks like a path or an address`,
    expected: 'the contents of a file, a File, or a function that opens a stream',
    fix: `Pass () => fetch(${JSON.stringify(text)}).then((response) => response.body), or in Node a stream of the file.`,
  });
}

function unreadable(name: string, cause: unknown): DescentError {
  return new DescentError('FILE_UNREADABLE', {
    got: `${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
    expected: 'a stream of bytes that can be read to its end',
    fix: 'Check that the file is there and complete, and that each call of the function opens a new stream.',
    where: { file: name },
    cause,
  });
}
