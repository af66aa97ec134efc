import { DescentError } from '../../base/errors.js';
import type { LinearModel } from '../../model/linear-model.js';
import { didYouMean } from '../../base/nearest-word.js';
import { namesIn } from '../../base/quote.js';
import { readModels } from './read-models.js';

/**
 * The models to start from, one for each target, from a file that --output wrote: a model, or a list of them, of which each
 * target takes the one of its name.
 *
 * Throws `FILE_UNREADABLE`, `INVALID_FILE` for anything else, and `UNKNOWN_COLUMN` for a target that no model of a list has.
 */
export async function readWarmStart(file: string, targetNames: readonly string[]): Promise<LinearModel[]> {
  const models = await readModels(file, '--warm-start');
  if (models.length === 1 && targetNames.length === 1) return models;
  const names = models.map(({ targetName }) => targetName);
  return targetNames.map((target) => {
    const model = models[names.indexOf(target)];
    if (model) return model;
    throw new DescentError('UNKNOWN_COLUMN', {
      got: `${file} without a model for target '${target}'`,
      expected: `one of ${namesIn(names)}`,
      fix: didYouMean(target, names, 'Save the models with --output and the same --target.'),
      where: { file, column: target },
    });
  });
}
