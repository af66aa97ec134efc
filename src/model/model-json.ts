import { withoutKeys } from '../base/without-keys.js';
import { type Loss, LOSSES } from '../options/names.js';
import type { FitReport } from '../descent/report.js';
import type { Encoder } from '../data/table/encoder.js';
import type { Classes } from '../data/table/encoding.js';
import { FORMAT, type ModelJson, VERSION, VERSIONS } from './model-format.js';
import { READER } from './model-reader.js';
import type { ModelObjective } from './model-objective.js';
import { readObjective } from './objective-json.js';
import { readEncoder } from '../data/table/encoder-json.js';
import { readClasses } from './classes-json.js';

/** The saved fields of a model. */
export interface ModelContent {
  weights: Float64Array;
  bias: number;
  featureNames: readonly string[];
  targetName: string;
  loss: Loss;
  classes: Classes | null;
  encoder: Encoder | null;
  objective: ModelObjective | null;
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
  objective,
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
    objective: objective && { ...objective },
  };
}

/** The fields of a model that a structured clone keeps: its own, without its methods. */
type ClonedModel = ModelContent & { report: FitReport | null };

function isClone(parsed: unknown): parsed is ClonedModel {
  return typeof parsed === 'object' && parsed !== null && 'report' in parsed && !('format' in parsed);
}

/** The fields of a clone as JSON has them, yet unchecked. */
function savedForm(clone: ClonedModel): object {
  const { weights, encoder } = clone;
  const columns = encoder && { columns: encoder.columns, polynomial: encoder.polynomial, missingValues: encoder.missingValues }; // prettier-ignore
  const list: unknown = ArrayBuffer.isView(weights) ? [...weights] : weights;
  return { format: FORMAT, version: VERSION, ...withoutKeys(clone, 'report'), weights: list, encoder: columns };
}

/** The report that a structured clone of a model has; null for what comes from JSON. */
export function reportOf(parsed: unknown): FitReport | null {
  return isClone(parsed) ? parsed.report : null;
}

/** Checks every field of a saved model, or of a structured clone of one. Whatever is refused is `INVALID_FILE`, with the place. */
export function modelFromJson(given: unknown): ModelContent {
  const parsed = isClone(given) ? savedForm(given) : given;
  const optional = ['loss', 'classes', 'encoder', 'objective'] as const;
  const fields = READER.fields<keyof ModelJson>(parsed, { required: KEYS, optional });
  READER.exactly(fields.format, FORMAT, 'format');
  if (!VERSIONS.some((version) => version === fields.version)) READER.exactly(fields.version, VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  if (featureNames.length === 0) throw READER.invalid('no names in featureNames', 'one or more');
  const encoder = readEncoder(READER, fields.encoder ?? null, featureNames);
  return {
    featureNames,
    encoder,
    objective: readObjective(fields.objective ?? null),
    classes: readClasses(fields.classes ?? null),
    targetName: READER.name(fields.targetName, 'targetName'),
    // Files of the first days have none: there was one loss.
    loss: fields.loss === undefined ? 'squared' : READER.oneOf(fields.loss, LOSSES, 'loss'),
    weights: READER.numbers(fields.weights, featureNames.length, 'weights'),
    bias: READER.number(fields.bias, 'bias'),
  };
}
