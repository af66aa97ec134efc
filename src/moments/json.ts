import { DescentError } from '../errors.js';
import { nearest } from '../nearest.js';
import type { Moments, MomentsParts, Precision } from './moments.js';

const FORMAT = 'webgpu-descent/moments';
const VERSION = 1;

/** Moments as JSON holds them: the matrices as lists of rows. */
export interface MomentsJson {
  format: typeof FORMAT;
  version: typeof VERSION;
  featureNames: string[];
  targetNames: string[];
  count: number;
  means: number[];
  targetMeans: number[];
  scatter: number[][];
  crossScatter: number[][];
  targetScatter: number[];
  precision: Precision;
}

const KEYS = [
  'format',
  'version',
  'featureNames',
  'targetNames',
  'count',
  'means',
  'targetMeans',
  'scatter',
  'crossScatter',
  'targetScatter',
  'precision',
] as const satisfies readonly (keyof MomentsJson)[];

export function momentsToJson(moments: Moments): MomentsJson {
  return {
    format: FORMAT,
    version: VERSION,
    featureNames: [...moments.featureNames],
    targetNames: [...moments.targetNames],
    count: moments.count,
    means: [...moments.means],
    targetMeans: [...moments.targetMeans],
    scatter: rowsOf(moments.scatter, moments.featureCount),
    crossScatter: rowsOf(moments.crossScatter, moments.targetCount),
    targetScatter: [...moments.targetScatter],
    precision: moments.precision,
  };
}

function rowsOf(matrix: Float64Array, width: number): number[][] {
  return Array.from({ length: matrix.length / width }, (_, i) => [...matrix.subarray(i * width, (i + 1) * width)]);
}

/** Checks the format; `build` checks the numbers. Whatever either refuses is `INVALID_FILE`. */
export function momentsFromJson(parsed: unknown, build: (parts: MomentsParts) => Moments): Moments {
  const fields = fieldsOf(parsed);
  if (fields.format !== FORMAT) throw invalid(`format ${shown(fields.format)}`, `'${FORMAT}'`);
  if (fields.version !== VERSION) throw invalid(`version ${shown(fields.version)}`, String(VERSION));
  const featureNames = namesOf(fields.featureNames, 'featureNames');
  const targetNames = namesOf(fields.targetNames, 'targetNames');
  const [featureCount, targetCount] = [featureNames.length, targetNames.length];
  const parts: MomentsParts = {
    featureNames,
    targetNames,
    count: numberOf(fields.count, 'count'),
    means: numbersOf(fields.means, featureCount, 'means'),
    targetMeans: numbersOf(fields.targetMeans, targetCount, 'targetMeans'),
    scatter: matrixOf(fields.scatter, featureCount, featureCount, 'scatter'),
    crossScatter: matrixOf(fields.crossScatter, featureCount, targetCount, 'crossScatter'),
    targetScatter: numbersOf(fields.targetScatter, targetCount, 'targetScatter'),
    precision: precisionOf(fields.precision),
  };
  try {
    return build(parts);
  } catch (error) {
    throw error instanceof DescentError ? invalid(error.got, error.expected, error) : error;
  }
}

/** The object's own fields: all that there should be, and no others. `JSON.parse` makes `__proto__` one of them. */
function fieldsOf(parsed: unknown): Record<keyof MomentsJson, unknown> {
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid(shown(parsed), 'an object, as JSON.parse returns it');
  }
  for (const key of Object.keys(parsed)) {
    if (!(KEYS as readonly string[]).includes(key)) {
      throw invalid(`a key named ${shown(key)}`, `keys such as '${nearest(key, KEYS)}'`);
    }
  }
  const missing = KEYS.find((key) => !Object.hasOwn(parsed, key));
  if (missing) throw invalid(`no ${missing}`, `all of ${KEYS.join(', ')}`);
  return parsed as Record<keyof MomentsJson, unknown>;
}

function precisionOf(value: unknown): Precision {
  if (value === 'f32' || value === 'f64') return value;
  throw invalid(`${shown(value)} in precision`, "'f32' or 'f64'");
}

function namesOf(value: unknown, key: string): string[] {
  const names = listOf(value, key);
  const wrong = names.findIndex((name) => typeof name !== 'string');
  if (wrong >= 0) throw invalid(`${shown(names[wrong])} in ${key}[${wrong}]`, 'a name');
  return names as string[];
}

function matrixOf(value: unknown, height: number, width: number, key: string): Float64Array {
  const rows = listOf(value, key);
  if (rows.length !== height) throw invalid(`${rows.length} rows in ${key}`, `${height}, one for each feature`);
  const matrix = new Float64Array(height * width);
  rows.forEach((row, i) => matrix.set(numbersOf(row, width, `${key}[${i}]`), i * width));
  return matrix;
}

function numbersOf(value: unknown, length: number, place: string): Float64Array {
  const list = listOf(value, place);
  if (list.length !== length) throw invalid(`${list.length} numbers in ${place}`, `${length}, by the names`);
  return Float64Array.from(list, (entry, i) => numberOf(entry, `${place}[${i}]`));
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (!Array.isArray(value)) throw invalid(`${shown(value)} in ${place}`, 'a list');
  return value as readonly unknown[];
}

function numberOf(value: unknown, place: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value))
    throw invalid(`${shown(value)} in ${place}`, 'a finite number');
  return value;
}

/** A value of any kind, short enough for one line. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}

function invalid(got: string, expected: string, cause?: DescentError): DescentError {
  const fix = 'Load what Moments.toJSON saved, whole and unchanged.';
  return new DescentError('INVALID_FILE', { got: `moments with ${got}`, expected, fix, cause });
}
