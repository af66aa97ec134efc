// The dialect of CSV text, found in its first characters: what stands above the table, and what divides its cells.

import type { Papa } from './papaparse.js';
import type { TextSettings } from '../../options/reading.js';
import { isNumberLike } from './looks.js';

/** The rules by which text is cut into records and cells. */
export interface CsvDialect {
  /** A blank stands for runs of blanks. */
  delimiter: string;
  newline: '\n' | '\r';
  /** True if CRLF ends lines, of which the CR would stay in the last cell. */
  hasCrlf: boolean;
  /** True if blanks stand between a delimiter and a quote. */
  hasBlanksBeforeQuotes: boolean;
  /** The beginning of comment lines; '' for none. */
  comment: string;
  /** The part above the table: characters, lines by their kind, and the last comment without its mark. */
  above: { length: number; skipped: number; comments: number; blank: number; separator: number; lastComment: string };
  guesses: readonly string[];
}

const DELIMITERS = [',', ';', '\t', '|', ' '] as const;

/** Lines looked at to find the delimiter. */
const SAMPLE_LINES = 100;

/** Characters of one line looked at: lines of many columns are alike. */
const MOST_SAMPLE = 2 ** 16;

/** Finds the dialect in the beginning of a file; `isWhole` says that nothing follows. */
export function findDialect(
  head: string,
  settings: TextSettings,
  { isWhole, papa }: { isWhole: boolean; papa: Papa },
): CsvDialect {
  const sample = head.slice(0, MOST_SAMPLE);
  // CR alone ends lines only where no LF does; the last character may be half a CRLF.
  const unquoted = sample.replace(/"[^"]*"/g, '');
  const newline = !unquoted.includes('\n') && /\r(?!$)/.test(unquoted) ? '\r' : '\n';
  const above = partAbove(head, newline, settings);
  const comment = above.comment;
  const guesses: string[] = [];
  if (settings.comment === 'auto' && comment !== '') guesses.push(`Lines that begin with ${comment} are comments.`);
  const table = head.slice(above.length, above.length + MOST_SAMPLE);
  const isCut = !isWhole || above.length + MOST_SAMPLE < head.length;
  const delimiter =
    settings.delimiter !== 'auto'
      ? settings.delimiter
      : (above.delimiter ?? guessDelimiter(table, { newline, comment, isCut, papa }));
  return {
    delimiter,
    newline,
    hasCrlf: newline === '\n' && sample.includes('\r\n'),
    hasBlanksBeforeQuotes:
      delimiter !== ' ' && table.includes(`${delimiter} `) && hasBlanksBeforeQuotes(table, delimiter),
    comment,
    above,
    guesses,
  };
}

interface PartAbove {
  length: number;
  skipped: number;
  comments: number;
  blank: number;
  separator: number;
  lastComment: string;
  /** The delimiter that a line sep= gives. */
  delimiter: string | undefined;
  comment: string;
}

/** Goes down the lines above the table: skipped rows, blank lines, comments, and a line sep=. */
function partAbove(head: string, newline: string, settings: TextSettings): PartAbove {
  const part: PartAbove = {
    ...{ length: 0, skipped: 0, comments: 0, blank: 0, separator: 0, lastComment: '', delimiter: undefined },
    comment: settings.comment === 'none' || settings.comment === 'auto' ? '' : settings.comment,
  };
  const toSkip = typeof settings.skipRows === 'number' ? settings.skipRows : 0;
  while (part.length < head.length) {
    const end = head.indexOf(newline, part.length);
    const line = head.slice(part.length, end < 0 ? head.length : end);
    const trimmed = line.trim();
    if (part.skipped < toSkip) part.skipped += 1;
    else if (trimmed === '') part.blank += 1;
    else if (isComment(trimmed, part, settings)) {
      part.comments += 1;
      part.lastComment = trimmed.slice(part.comment.length).trim();
    } else if (part.separator === 0 && /^"?sep=.?"?$/i.test(line.replace(/\r$/, ''))) {
      part.separator += 1;
      part.delimiter = /sep=(.)/i.exec(line)?.[1] ?? ',';
    } else break;
    part.length = end < 0 ? head.length : end + 1;
  }
  return part;
}

function isComment(line: string, part: PartAbove, settings: TextSettings): boolean {
  if (part.comment === '' && settings.comment === 'auto' && line.startsWith('#')) part.comment = '#';
  return part.comment !== '' && line.startsWith(part.comment);
}

/** The delimiter that divides most rows into one number of cells, above 1; of several, the one whose cells are values. */
function guessDelimiter(
  table: string,
  { newline, comment, isCut, papa }: { newline: '\n' | '\r'; comment: string; isCut: boolean; papa: Papa },
): string {
  let best = { delimiter: ',', share: 0, values: 0 };
  for (const delimiter of DELIMITERS) {
    const text =
      delimiter === ' '
        ? withSingleBlanks(`${table}${isCut ? '' : newline}`)
        : withoutBlanksBeforeQuotes(table, delimiter);
    const { data } = papa.parse<string[]>(text, { delimiter, newline, preview: SAMPLE_LINES + 1 });
    const whole = isCut && data.length <= SAMPLE_LINES ? data.slice(0, -1) : data;
    const rows = whole.filter((row) => row.join('').trim() !== '' && !(comment !== '' && row[0]?.startsWith(comment)));
    const widths = rows.map(widthOf);
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    const [width, count] = [...counts].reduce((most, each) => (each[1] > most[1] ? each : most), [0, 0]);
    if (width < 2) continue;
    const cells = rows.slice(0, 20).flat();
    const values = cells.reduce((sum, cell) => sum + likelihoodOf(cell), 0) / cells.length;
    const share = count / rows.length;
    const isBetter = share > best.share + 1e-9 || (share > best.share - 1e-9 && values > best.values + MARGIN);
    // Blanks stand within cells of any file: they divide cells where all rows agree, or nothing else divides them.
    if (isBetter && (delimiter !== ' ' || share === 1 || best.share === 0)) best = { delimiter, share, values };
  }
  return best.delimiter;
}

/** Cells that are so much better are no accident. */
const MARGIN = 0.05;

/** The likelihood of a cell: numbers are what a table is made of, and text with another delimiter in it is not. */
function likelihoodOf(cell: string): number {
  if (isNumberLike(cell)) return 1;
  return /[,;\t|]/.test(cell) ? 0 : 0.5;
}

/** Cells up to the last one that is not empty. */
export function widthOf(row: readonly string[]): number {
  let width = row.length;
  while (width > 0 && (row[width - 1] as string).trim() === '') width -= 1;
  return width;
}

/** Runs of blanks as one blank, and none at the edges of lines. A blank at the end of the text may be part of a run. */
export function withSingleBlanks(text: string): string {
  return text
    .replace(/("(?:[^"]|"")*")|[ \t]+/g, (_, quoted: string | undefined) => quoted ?? ' ')
    .replace(/(^|[\r\n]) /g, '$1')
    .replace(/ (?=[\r\n])/g, '');
}

const escaped = (delimiter: string) => delimiter.replace(/[|\\.^$*+?(){}[\]]/, '\\$&');

function hasBlanksBeforeQuotes(text: string, delimiter: string): boolean {
  return withoutBlanksBeforeQuotes(text, delimiter) !== text;
}

/** Takes away the blanks between a delimiter and a quote, but for those within quotes. */
export function withoutBlanksBeforeQuotes(text: string, delimiter: string): string {
  const blanks = delimiter === '\t' ? ' +' : '[ \\t]+';
  const pattern = new RegExp(`("(?:[^"]|"")*")|(${escaped(delimiter)}|^)${blanks}(?=")`, 'gm');
  return text.replace(pattern, (_, quoted: string | undefined, before: string | undefined) => quoted ?? before ?? '');
}
