import { readFile } from 'node:fs/promises';
import { findObstacle } from './find-obstacle.js';
import { DescentError } from '../../base/errors.js';

/** A file that a command wrote: what it holds, and the flag that names it. */
export interface SavedFile {
  file: string;
  flag: string;
  /** Such as 'a model that --output wrote'. */
  expected: string;
}

/** Reads and parses a file. Throws `FILE_UNREADABLE`, and `INVALID_FILE` for what is not JSON. */
export async function readJson(saved: SavedFile): Promise<unknown> {
  return parseJson(await readText(saved), saved);
}

/** The text of a file. Throws `FILE_UNREADABLE`. */
export function readText({ file, flag, expected }: SavedFile): Promise<string> {
  return readFile(file, 'utf8').catch(async (cause: unknown) => {
    throw new DescentError('FILE_UNREADABLE', {
      got: (await findObstacle(file)) ?? `a file that cannot be read, ${file}`,
      expected,
      fix: `Check the path given with ${flag}.`,
      where: { file },
      cause,
    });
  });
}

/** Parses the text of a file. Throws `INVALID_FILE` for what is not JSON. */
export function parseJson(text: string, saved: Omit<SavedFile, 'flag'>): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidSaved(saved, 'not JSON', cause);
  }
}

/** Makes what a file holds of its JSON; what is wrong with it is an error about the file. */
export function parsedAs<Value>(saved: Omit<SavedFile, 'flag'>, make: () => Value): Value {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    throw invalidSaved(saved, error.got, error);
  }
}

export function invalidSaved({ file, expected }: Omit<SavedFile, 'flag'>, got: string, cause?: unknown): DescentError {
  return new DescentError('INVALID_FILE', {
    got: `${file}: ${got}`,
    expected,
    fix: 'Use the complete, unchanged file.',
    where: { file },
    cause,
  });
}
