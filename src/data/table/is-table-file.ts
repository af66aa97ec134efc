import type { TableFile } from './table-file.js';

/** The mark of `TableFile`: the class itself would bring the reading of tables into every bundle. */
export const TABLE_FILE = Symbol('table file');

export function isTableFile(input: unknown): input is TableFile {
  return typeof input === 'object' && input !== null && TABLE_FILE in input;
}
