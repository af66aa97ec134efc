// The saved form of an encoder, in models and in moments, checked field by field.

import type { SavedReader } from '../../base/json-reader.js';
import { DATE_ORDERS, DATE_UNITS, HIGHEST_DEGREE } from '../../options/reading-names.js';
import type { NumberNotation } from '../cells/notation.js';
import { Encoder } from './encoder.js';
import type { ColumnEncoding } from './encoding.js';

const KINDS = ['number', 'boolean', 'date', 'category'] as const;

/** The encoder of something saved, whose features are those of it. */
export function readEncoder(reader: SavedReader, saved: unknown, featureNames: readonly string[]): Encoder | null {
  if (saved === null) return null;
  const keys = ['columns', 'polynomial', 'missingValues'] as const;
  const fields = reader.fields<(typeof keys)[number]>(saved, { required: keys });
  const polynomial = reader.number(fields.polynomial, 'encoder.polynomial');
  if (!Number.isInteger(polynomial) || polynomial < 1 || polynomial > HIGHEST_DEGREE) {
    throw reader.invalid(`${polynomial} in encoder.polynomial`, `a whole number from 1 to ${HIGHEST_DEGREE}`);
  }
  const columns = reader.list(fields.columns, 'encoder.columns').map((column, k) => readColumn(reader, column, k));
  const encoder = new Encoder(columns, polynomial, reader.names(fields.missingValues, 'encoder.missingValues'));
  const isSame =
    encoder.featureNames.length === featureNames.length &&
    encoder.featureNames.every((name, j) => name === featureNames[j]);
  if (!isSame) throw reader.invalid('an encoder of other features', 'those in featureNames');
  return encoder;
}

type ColumnKey = 'name' | 'kind' | 'mean' | 'notation' | 'unit' | 'order' | 'levels' | 'dropped' | 'unseen' | 'shares';

function readColumn(reader: SavedReader, saved: unknown, k: number): ColumnEncoding {
  const place = `encoder.columns[${k}]`;
  const optional = ['mean', 'notation', 'unit', 'order', 'levels', 'dropped', 'unseen', 'shares'] as const;
  const fields = reader.fields<ColumnKey>(saved, { required: ['name', 'kind'], optional });
  const name = reader.name(fields.name, `${place}.name`);
  const kind = reader.oneOf(fields.kind, KINDS, `${place}.kind`);
  const mean = fields.mean === undefined ? {} : { mean: reader.number(fields.mean, `${place}.mean`) };
  if (kind === 'date') {
    const order =
      fields.order === undefined ? {} : { order: reader.oneOf(fields.order, DATE_ORDERS, `${place}.order`) };
    return { name, kind, unit: reader.oneOf(fields.unit, DATE_UNITS, `${place}.unit`), ...order, ...mean };
  }
  if (kind !== 'category') {
    const notation =
      fields.notation === undefined ? {} : { notation: readNotation(reader, fields.notation, `${place}.notation`) };
    return { name, kind, ...mean, ...notation };
  }
  const levels = reader.names(fields.levels, `${place}.levels`);
  const shares =
    fields.shares === undefined
      ? {}
      : { shares: Array.from(reader.numbers(fields.shares, levels.length, `${place}.shares`)) };
  const dropped = reader.number(fields.dropped, `${place}.dropped`);
  return {
    name,
    kind,
    levels,
    dropped,
    unseen: reader.oneOf(fields.unseen, ['error', 'zeros'], `${place}.unseen`),
    ...shares,
  };
}

function readNotation(reader: SavedReader, saved: unknown, place: string): NumberNotation {
  const keys = ['decimal', 'thousands', 'unit'] as const;
  const fields = reader.fields<(typeof keys)[number]>(saved, { required: keys });
  return {
    decimal: reader.oneOf(fields.decimal, ['.', ','], `${place}.decimal`),
    thousands: reader.oneOf(fields.thousands, ['', '.', ',', ' ', "'"], `${place}.thousands`),
    unit: reader.name(fields.unit, `${place}.unit`),
  };
}
