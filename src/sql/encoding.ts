import { Encoder } from '../data/table/encoder.js';
import type { ColumnEncoding } from '../data/table/encoding.js';
import { columnName, type Source, type SqlQuery } from './query.js';

/** The way from the columns of a query to features, for a model to keep; null where each column is a feature as it is. */
export function sqlEncoder({ columns }: Source, { features, categories = {} }: SqlQuery): Encoder | null {
  if (columns.every(({ name, origin }) => name === origin)) return null;
  const encodings = features.map((column): ColumnEncoding => {
    const name = columnName(column);
    const levels = Object.hasOwn(categories, name) ? categories[name] : undefined;
    return levels ? { name, kind: 'category', levels, dropped: 0, unseen: 'error' } : { name, kind: 'number' };
  });
  return new Encoder(encodings);
}
