import { LinearModel } from '../../model/linear-model.js';
import { invalidSaved, parsedAs, readJson } from './read-json.js';

/**
 * The models of a file that --output wrote: one, or a list of them; `flag` is the option that names the file.
 *
 * Throws `FILE_UNREADABLE`, and `INVALID_FILE` for anything else.
 */
export async function readModels(file: string, flag: string): Promise<LinearModel[]> {
  const saved = { file, flag, expected: 'a model that --output wrote, or a list of them' };
  const parsed = await readJson(saved);
  const modelIn = (each: unknown) => parsedAs(saved, () => LinearModel.fromJSON(each));
  const models = Array.isArray(parsed) ? parsed.map(modelIn) : [modelIn(parsed)];
  if (models.length === 0) throw invalidSaved(saved, 'an empty list');
  return models;
}
