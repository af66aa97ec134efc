import { type Loss, LOSSES } from '../options/names.js';
import { SavedReader } from '../base/json-reader.js';

const FORMAT = 'webgpu-descent/linear-model';
const VERSION = 1;

const READER = new SavedReader('a model', 'Load the complete, unchanged result of LinearModel.toJSON.');

/** A model as JSON holds it. */
export interface ModelJson {
  format: typeof FORMAT;
  version: typeof VERSION;
  featureNames: string[];
  targetName: string;
  loss: Loss;
  weights: number[];
  bias: number;
}

/** The saved fields of a model. */
export interface ModelContent {
  weights: Float64Array;
  bias: number;
  featureNames: readonly string[];
  targetName: string;
  loss: Loss;
}

const KEYS = [
  'format',
  'version',
  'featureNames',
  'targetName',
  'weights',
  'bias',
] as const satisfies readonly (keyof ModelJson)[];

export function modelToJson({ weights, bias, featureNames, targetName, loss }: ModelContent): ModelJson {
  return {
    format: FORMAT,
    version: VERSION,
    featureNames: [...featureNames],
    targetName,
    loss,
    weights: [...weights],
    bias,
  };
}

/** Checks every field. Whatever is refused is `INVALID_FILE`, with the place. */
export function modelFromJson(parsed: unknown): ModelContent {
  const fields = READER.fields<keyof ModelJson>(parsed, { required: KEYS, optional: ['loss'] });
  READER.exactly(fields.format, FORMAT, 'format');
  READER.exactly(fields.version, VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  if (featureNames.length === 0) throw READER.invalid('no names in featureNames', 'one or more');
  return {
    featureNames,
    targetName: READER.name(fields.targetName, 'targetName'),
    // Files of the first days have none: there was one loss.
    loss: fields.loss === undefined ? 'squared' : READER.oneOf(fields.loss, LOSSES, 'loss'),
    weights: READER.numbers(fields.weights, featureNames.length, 'weights'),
    bias: READER.number(fields.bias, 'bias'),
  };
}
