// The flags of the commands beside fit on examples.

import type { FitSettings } from '../../options/specs.js';
import { invalid } from './argument-errors.js';
import type { Command } from './arguments.js';
import { type Flag, MERGE_FLAGS, MOMENTS_FIT_FLAGS, MOMENTS_FLAGS, PREDICT_FLAGS } from './flags.js';
import { readNamesOf } from './read-names-of.js';
import { readReading } from './read-reading.js';

/** The flags of a command by name, and its files. */
export interface Words {
  flags: ReadonlyMap<string, string>;
  files: string[];
  momentsFiles: string[];
}

export function readDoctor({ flags }: Words): Command {
  const other = [...flags.keys()].find((name) => name !== 'json');
  if (other !== undefined) throw invalid(`--${other} with doctor`, '--json or nothing');
  return { kind: 'doctor', json: flags.has('json') };
}

export function readPredict({ flags, files }: Words): Command {
  requireFlags(flags, PREDICT_FLAGS, 'predict', 'an option of predict: the model keeps the others');
  const model = flags.get('model');
  if (model === undefined) throw invalid('predict without --model', '--model FILE, as written by fit --output');
  if (files.length === 0) throw invalid('predict without --data', '--data FILE, with the rows to predict');
  const reading = readReading(flags);
  return { kind: 'predict', model, files, reading, output: flags.get('output'), json: flags.has('json') };
}

export function readMoments({ flags, files }: Words): Command {
  requireFlags(flags, MOMENTS_FLAGS, 'moments', 'an option of moments: those of training come with fit --moments');
  if (files.length === 0) throw invalid('moments without --data', '--data FILE, with the rows to add up');
  const [targets, features, weights] = ['target', 'features', 'weights'].map((name) => readNamesOf(flags, name));
  for (const [name, names] of Object.entries({ target: targets, weights }))
    if (names && names.length > 1) throw invalid(`--${name} ${flags.get(name)}`, 'the name of one column');
  const reading = readReading(flags);
  if (reading.missing === 'mean')
    throw invalid('--missing mean with moments', '--missing drop or error: a part has no mean of all rows');
  const data = { kind: 'files', files, targets, features, weights: weights?.[0], reading } as const;
  return { kind: 'moments', data, output: flags.get('output'), json: flags.has('json') };
}

export function readMerge({ flags, momentsFiles }: Words): Command {
  requireFlags(flags, MERGE_FLAGS, 'merge', '--moments, --output and --json');
  if (momentsFiles.length === 0)
    throw invalid('merge without --moments', '--moments FILE, as written by moments --output');
  return { kind: 'merge', files: momentsFiles, output: flags.get('output'), json: flags.has('json') };
}

/** `fit --moments`: everything but the data and how they are read. */
export function readFitMoments({ flags, momentsFiles }: Words, settings: FitSettings): Command {
  requireFlags(flags, MOMENTS_FIT_FLAGS, 'fit --moments', 'options of training, --summary, --output and --json');
  const summary = flags.has('summary');
  if (summary) requireErrors(settings);
  const [output, json] = [flags.get('output'), flags.has('json')];
  return { kind: 'fitMoments', files: momentsFiles, settings, summary, output, json };
}

/** Throws `INVALID_OPTION` for a model that has no standard errors. */
export function requireErrors({ loss, l1, l2 }: FitSettings): void {
  if (loss === 'huber') throw invalid('--summary with --loss huber', '--loss squared or --loss logistic');
  if (l1 > 0 || l2 > 0) throw invalid('--summary with regularization', '--summary without --l1 and --l2');
}

function requireFlags(
  flags: ReadonlyMap<string, string>,
  known: readonly Flag[],
  verb: string,
  expected: string,
): void {
  const other = [...flags.keys()].find((name) => !known.some((flag) => flag.name === name));
  if (other !== undefined) throw invalid(`--${other} with ${verb}`, expected);
}
