import { DescentError } from '../base/errors.js';
import { SavedReader } from '../base/json-reader.js';
import type { EncoderJson } from '../data/table/encoder.js';
import { readEncoder } from '../data/table/encoder-json.js';
import type { Moments, MomentsParts, Precision } from './moments.js';

const FORMAT = 'webgpu-descent/moments';
const VERSION = 1;

const READER = new SavedReader('moments', 'Load the complete, unchanged result of Moments.toJSON.');

/** Moments as JSON holds them: the matrices as lists of rows. */
export interface MomentsJson {
  /** The mark by which files of moments are known. */
  format: typeof FORMAT;
  /** Version of the format. */
  version: typeof VERSION;
  /** d names. */
  featureNames: string[];
  /** t names. */
  targetNames: string[];
  /** m, or the sum of the weights of the examples. */
  count: number;
  /** [d] */
  means: number[];
  /** [t] */
  targetMeans: number[];
  /** [d][d] */
  scatter: number[][];
  /** [d][t] */
  crossScatter: number[][];
  /** [t] */
  targetScatter: number[];
  /** The number format of the sums. */
  precision: Precision;
  /** Left out where each column is a feature as it is. */
  encoder?: EncoderJson;
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
    ...(moments.encoder && { encoder: moments.encoder.toJSON() }),
  };
}

function rowsOf(matrix: Float64Array, width: number): number[][] {
  return Array.from({ length: matrix.length / width }, (_, i) => [...matrix.subarray(i * width, (i + 1) * width)]);
}

/** Checks the format; `build` checks the numbers. Whatever either refuses is `INVALID_FILE`. */
export function momentsFromJson(parsed: unknown, build: (parts: MomentsParts) => Moments): Moments {
  const fields = READER.fields(parsed, { required: KEYS, optional: ['encoder'] as const });
  READER.exactly(fields.format, FORMAT, 'format');
  READER.exactly(fields.version, VERSION, 'version');
  const featureNames = READER.names(fields.featureNames, 'featureNames');
  const targetNames = READER.names(fields.targetNames, 'targetNames');
  const [featureCount, targetCount] = [featureNames.length, targetNames.length];
  const parts: MomentsParts = {
    featureNames,
    targetNames,
    count: READER.number(fields.count, 'count'),
    means: READER.numbers(fields.means, featureCount, 'means'),
    targetMeans: READER.numbers(fields.targetMeans, targetCount, 'targetMeans'),
    scatter: matrixOf(fields.scatter, featureCount, featureCount, 'scatter'),
    crossScatter: matrixOf(fields.crossScatter, featureCount, targetCount, 'crossScatter'),
    targetScatter: READER.numbers(fields.targetScatter, targetCount, 'targetScatter'),
    precision: READER.oneOf(fields.precision, ['f32', 'f64'], 'precision'),
    encoder: readEncoder(READER, fields.encoder ?? null, featureNames),
  };
  try {
    return build(parts);
  } catch (error) {
    throw error instanceof DescentError ? READER.invalid(error.got, error.expected, error) : error;
  }
}

function matrixOf(value: unknown, height: number, width: number, key: string): Float64Array {
  const rows = READER.list(value, key);
  if (rows.length !== height) throw READER.invalid(`${rows.length} rows in ${key}`, `${height}, one for each feature`);
  const matrix = new Float64Array(height * width);
  rows.forEach((row, i) => matrix.set(READER.numbers(row, width, `${key}[${i}]`), i * width));
  return matrix;
}
