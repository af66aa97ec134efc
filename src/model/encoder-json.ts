// The saved form of what a model keeps of its table, checked field by field.

import type { NumberNotation } from '../data/cells/notation.js';
import { Encoder } from '../data/table/encoder.js';
import type { ClassLabel, Classes, ColumnEncoding } from '../data/table/encoding.js';
import { DATE_ORDERS, DATE_UNITS, HIGHEST_DEGREE } from '../options/reading-names.js';
import { READER } from './model-reader.js';

const KINDS = ['number', 'boolean', 'date', 'category'] as const;

/** The two classes of a saved model; null for a model of numbers. */
export function readClasses(saved: unknown): Classes | null {
  if (saved === null) return null;
  const list = READER.list(saved, 'classes');
  if (list.length !== 2) throw READER.invalid(`${list.length} classes`, 'two');
  const [first, second] = list.map(readLabel) as [ClassLabel, ClassLabel];
  if (first === second) throw READER.invalid('two classes of one label', 'different labels');
  return [first, second];
}

function readLabel(label: unknown): ClassLabel {
  if (typeof label === 'string' || typeof label === 'boolean') return label;
  return READER.number(label, 'classes');
}

/** The encoder of a saved model, whose features are those of the model. */
export function readEncoder(saved: unknown, featureNames: readonly string[]): Encoder | null {
  if (saved === null) return null;
  const keys = ['columns', 'polynomial', 'missingValues'] as const;
  const fields = READER.fields<(typeof keys)[number]>(saved, { required: keys });
  const polynomial = READER.number(fields.polynomial, 'encoder.polynomial');
  if (!Number.isInteger(polynomial) || polynomial < 1 || polynomial > HIGHEST_DEGREE) {
    throw READER.invalid(`${polynomial} in encoder.polynomial`, `a whole number from 1 to ${HIGHEST_DEGREE}`);
  }
  const columns = READER.list(fields.columns, 'encoder.columns').map(readColumn);
  const encoder = new Encoder(columns, polynomial, READER.names(fields.missingValues, 'encoder.missingValues'));
  const isSame =
    encoder.featureNames.length === featureNames.length &&
    encoder.featureNames.every((name, j) => name === featureNames[j]);
  if (!isSame) throw READER.invalid('an encoder of other features', 'those in featureNames');
  return encoder;
}

type ColumnKey = 'name' | 'kind' | 'mean' | 'notation' | 'unit' | 'order' | 'levels' | 'dropped' | 'unseen' | 'shares';

function readColumn(saved: unknown, k: number): ColumnEncoding {
  const place = `encoder.columns[${k}]`;
  const optional = ['mean', 'notation', 'unit', 'order', 'levels', 'dropped', 'unseen', 'shares'] as const;
  const fields = READER.fields<ColumnKey>(saved, { required: ['name', 'kind'], optional });
  const name = READER.name(fields.name, `${place}.name`);
  const kind = READER.oneOf(fields.kind, KINDS, `${place}.kind`);
  const mean = fields.mean === undefined ? {} : { mean: READER.number(fields.mean, `${place}.mean`) };
  if (kind === 'date') {
    const order =
      fields.order === undefined ? {} : { order: READER.oneOf(fields.order, DATE_ORDERS, `${place}.order`) };
    return { name, kind, unit: READER.oneOf(fields.unit, DATE_UNITS, `${place}.unit`), ...order, ...mean };
  }
  if (kind !== 'category') {
    const notation =
      fields.notation === undefined ? {} : { notation: readNotation(fields.notation, `${place}.notation`) };
    return { name, kind, ...mean, ...notation };
  }
  const levels = READER.names(fields.levels, `${place}.levels`);
  const shares =
    fields.shares === undefined
      ? {}
      : { shares: Array.from(READER.numbers(fields.shares, levels.length, `${place}.shares`)) };
  const dropped = READER.number(fields.dropped, `${place}.dropped`);
  return {
    name,
    kind,
    levels,
    dropped,
    unseen: READER.oneOf(fields.unseen, ['error', 'zeros'], `${place}.unseen`),
    ...shares,
  };
}

function readNotation(saved: unknown, place: string): NumberNotation {
  const keys = ['decimal', 'thousands', 'unit'] as const;
  const fields = READER.fields<(typeof keys)[number]>(saved, { required: keys });
  return {
    decimal: READER.oneOf(fields.decimal, ['.', ','], `${place}.decimal`),
    thousands: READER.oneOf(fields.thousands, ['', '.', ',', ' ', "'"], `${place}.thousands`),
    unit: READER.name(fields.unit, `${place}.unit`),
  };
}
