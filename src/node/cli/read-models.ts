import { readFile } from 'node:fs/promises';
import { DescentError } from '../../base/errors.js';
import { LinearModel } from '../../model/linear-model.js';

/**
 * The models of a file that --output wrote: one, or a list of them; `flag` is the option that names the file.
 *
 * Throws `FILE_UNREADABLE`, and `INVALID_FILE` for anything else.
 */
export async function readModels(file: string, flag: string): Promise<LinearModel[]> {
  const parsed = parse(file, await read(file, flag));
  const models = Array.isArray(parsed) ? parsed.map((each) => modelIn(file, each)) : [modelIn(file, parsed)];
  if (models.length === 0) throw invalid(file, { got: 'an empty list', cause: undefined });
  return models;
}

function read(file: string, flag: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DescentError('FILE_UNREADABLE', {
      got: `a file that cannot be read, ${file}`,
      expected: 'a model that --output wrote',
      fix: `Check the path given with ${flag}.`,
      where: { file },
      cause,
    });
  });
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(file, { got: 'not JSON', cause });
  }
}

function modelIn(file: string, parsed: unknown): LinearModel {
  try {
    return LinearModel.fromJSON(parsed);
  } catch (error) {
    if (!(error instanceof DescentError)) throw error;
    throw invalid(file, { got: error.got, cause: error });
  }
}

function invalid(file: string, { got, cause }: { got: string; cause: unknown }): DescentError {
  return new DescentError('INVALID_FILE', {
    got: `${file}: ${got}`,
    expected: 'a model that --output wrote, or a list of them',
    fix: 'Use the complete, unchanged file.',
    where: { file },
    cause,
  });
}
