import { type Loss, LOSSES } from '../options/names.js';
import type { Encoder, EncoderJson } from '../data/table/encoder.js';
import type { ClassLabel, Classes } from '../data/table/encoding.js';
import { READER } from './model-reader.js';
import { readClasses, readEncoder } from './encoder-json.js';

const FORMAT = 'webgpu-descent/linear-model';
const VERSION = 2;

/** Versions that are read: files of the first have neither classes nor an encoder. */
const VERSIONS = [1, VERSION] as const;

/** A model as JSON holds it. */
export interface ModelJson {
  format: typeof FORMAT;
  version: (typeof VERSIONS)[number];
  featureNames: string[];
  targetName: string;
  loss: Loss;
  weights: number[];
  bias: number;
  /** null for numbers. */
  classes: readonly ClassLabel[] | null;
  /** null where each column is a feature as it is. */
  encoder: EncoderJson | null;
}

/** The saved fields of a model. */
export interface ModelContent {
  weights: Float64Array;
  bias: number;
  featureNames: readonly string[];
  targetName: string;
  loss: Loss;
  classes: Classes | null;
  encoder: Encoder | null;
}

const KEYS = [
  'format',
  'version',
  'featureNames',
  'targetName',
  'weights',
  'bias',
] as const satisfies readonly (keyof ModelJson)[];

export function modelToJson({
  weights,
  bias,
  featureNames,
  targetName,
  loss,
  classes,
  encoder,
}: ModelContent): ModelJson {
  return {
    format: FORMAT,
    version: VERSION,
    featureNames: [...featureNames],
    targetName,
    loss,
    weights: [...weights],
    bias,
    classes,
    encoder: encoder && encoder.toJSON(),
  };
}

/** Checks every field. Whatever is refused is `INVALID_FILE`, with the place. */
export function modelFromJson(parsed: unknown): ModelContent {
  const fields = READER.fields<keyof ModelJson>(parsed, { required: KEYS, optional: ['loss', 'classes', 'encoder'] });
  READER.exactly(fields.format, FORMAT, 'format');
  if (!VERSIONS.some((version) => version === fields.version)) READER.exactly(fields.version, VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  if (featureNames.length === 0) throw READER.invalid('no names in featureNames', 'one or more');
  const encoder = readEncoder(fields.encoder ?? null, featureNames);
  return {
    featureNames,
    encoder,
    classes: readClasses(fields.classes ?? null),
    targetName: READER.name(fields.targetName, 'targetName'),
    // Files of the first days have none: there was one loss.
    loss: fields.loss === undefined ? 'squared' : READER.oneOf(fields.loss, LOSSES, 'loss'),
    weights: READER.numbers(fields.weights, featureNames.length, 'weights'),
    bias: READER.number(fields.bias, 'bias'),
  };
}
