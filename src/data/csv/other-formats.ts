// Files that are no CSV, told by their first bytes.

/** A format that is no CSV: in words, and what to do with it. */
interface OtherFormat {
  what: string;
  fix: string;
}

const FORMATS: readonly (OtherFormat & { magic: string | RegExp })[] = [
  {
    magic: 'PK\u0003\u0004',
    what: 'a zip archive, such as an Excel workbook (.xlsx)',
    fix: 'Save the sheet as CSV, or unpack the archive.',
  },
  {
    magic: '\u00D0\u00CF\u0011\u00E0',
    what: 'an old Excel workbook (.xls)',
    fix: 'Save the sheet as CSV.',
  },
  {
    magic: 'PAR1',
    what: 'a Parquet file',
    fix: 'Read it with parquetSource of webgpu-descent/parquet; the command line knows it by its ending, .parquet.',
  },
  {
    magic: 'ARROW1',
    what: 'an Arrow file',
    fix: 'Read it with arrowSource of webgpu-descent/arrow; the command line knows it by its ending, .arrow.',
  },
  {
    magic: /^(?:BZh\d|\u00FD7zXZ|\(\u00B5\/\u00FD|7z\u00BC\u00AF)/,
    what: 'a compressed file (bzip2, xz, zstd or 7z)',
    fix: 'Unpack it, or compress it with gzip.',
  },
  { magic: '%PDF', what: 'a PDF document', fix: 'Copy its table into a spreadsheet, and save that as CSV.' },
  { magic: 'SQLite format 3', what: 'a SQLite database', fix: 'Export the table as CSV.' },
  {
    magic: /^\s*<(?:!doctype|html|\?xml)/i,
    what: 'an HTML or XML document, perhaps the page of an error',
    fix: 'Check the address, and that the response has the status 200.',
  },
  {
    magic: /^\s*[[{]\s*["{[]/,
    what: 'JSON',
    fix: 'Save the records as CSV, a row for each; or in code pass them as { table: JSON.parse(text), target }.',
  },
];

/** The beginning of a file as characters of one byte each. */
export function startOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes.subarray(0, 64)).replace(/^\u00EF\u00BB\u00BF/, '');
}

/** The format of a file that begins so; undefined for what may be CSV. */
export function otherFormat(start: string): OtherFormat | undefined {
  return FORMATS.find(({ magic }) => (typeof magic === 'string' ? start.startsWith(magic) : magic.test(start)));
}

/** True for text that is no table but the path or address of one. */
export function looksLikePath(text: string): boolean {
  return text.length < 2048 && /^\S*\.(?:csv|tsv|txt|data|gz|parquet|arrow)$/i.test(text);
}
