import type { ModelJson } from './model-format.js';
import { FORMAT, VERSION, VERSIONS } from './model-format.js';
import { LOSSES } from '../options/names.js';

const KEYS = [
  'format',
  'version',
  'featureNames',
  'targetName',
  'loss',
  'weights',
  'bias',
  'classes',
  'encoder',
  'objective',
] satisfies readonly (keyof ModelJson)[];

/** A saved model whose columns are its features; an earlier version left out what it did not know. */
export type PlainModelJson = Omit<ModelJson, 'loss'> & Partial<Pick<ModelJson, 'loss'>>;

/**
 * True for a saved model that holds all it should and nothing else, and that has no encoder. False says nothing of what is wrong:
 * `modelFromJson` does.
 */
export function isPlainModel(json: unknown): json is PlainModelJson {
  if (typeof json !== 'object' || json === null) return false;
  if (!Object.keys(json).every((key) => KEYS.includes(key as never))) return false;
  if (Object.getPrototypeOf(json) !== Object.prototype) return false; // whose fields might not be its own
  const { format, version, featureNames, targetName, loss, weights, bias, classes, encoder, objective } =
    json as Partial<Record<keyof ModelJson, unknown>>;
  return (
    format === FORMAT &&
    VERSIONS.includes(version as typeof VERSION) &&
    isListOf(featureNames, isText) &&
    featureNames.length > 0 &&
    isText(targetName) &&
    (loss === undefined || (LOSSES as readonly unknown[]).includes(loss)) &&
    isListOf(weights, Number.isFinite) &&
    weights.length === featureNames.length &&
    Number.isFinite(bias) &&
    (isNone(classes) || (isListOf(classes, isLabel) && classes.length === 2 && classes[0] !== classes[1])) &&
    isNone(encoder) &&
    (isNone(objective) || isObjective(objective))
  );
}

const isNone = (value: unknown): value is null | undefined => value === undefined || value === null;

const isText = (value: unknown): boolean => typeof value === 'string';

const isLabel = (value: unknown): boolean => isText(value) || typeof value === 'boolean' || Number.isFinite(value);

/** `every` of an array passes over holes, which are no entries. */
function isListOf(list: unknown, isOne: (value: unknown) => boolean): list is readonly unknown[] {
  return Array.isArray(list) && Array.from(list as readonly unknown[]).every(isOne);
}

function isObjective(objective: object): boolean {
  const { fitIntercept, l1, l2, ...others } = objective as Record<string, unknown>;
  const isPenalty = (value: unknown) => Number.isFinite(value) && (value as number) >= 0;
  return (
    !Array.isArray(objective) &&
    typeof fitIntercept === 'boolean' &&
    isPenalty(l1) &&
    isPenalty(l2) &&
    Object.keys(others).length === 0
  );
}
