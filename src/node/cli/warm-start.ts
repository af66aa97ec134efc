import { readFile } from 'node:fs/promises';
import { DescentError } from '../../base/errors.js';
import { LinearModel } from '../../model/linear-model.js';
import { nearest } from '../../base/nearest-word.js';

/**
 * The models to start from, one for each target, from a file that --output wrote: a model, or a list of them, of which each
 * target takes the one of its name.
 *
 * Throws `FILE_UNREADABLE`, `INVALID_FILE` for anything else, and `UNKNOWN_COLUMN` for a target that no model of a list has.
 */
export async function readWarmStart(file: string, targetNames: readonly string[]): Promise<LinearModel[]> {
  const parsed = parse(file, await read(file));
  const models = Array.isArray(parsed) ? parsed.map((each) => modelIn(file, each)) : [modelIn(file, parsed)];
  if (models.length === 1 && targetNames.length === 1) return models;
  const names = models.map(({ targetName }) => targetName);
  return targetNames.map((target) => {
    const model = models[names.indexOf(target)];
    if (model) return model;
    throw new DescentError('UNKNOWN_COLUMN', {
      got: `${file} without a model for target '${target}'`,
      expected: `one of ${names.join(', ')}`,
      fix: `Did you mean '${nearest(target, names)}'? Save the models with --output and the same --target.`,
      where: { file, column: target },
    });
  });
}

function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DescentError('FILE_UNREADABLE', {
      got: `a file that cannot be read, ${file}`,
      expected: 'a model that --output wrote',
      fix: 'Check the path given with --warm-start.',
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
