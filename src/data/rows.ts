import type { Numbers } from './numbers.js';

/** A row of named values. */
export type ExampleRecord = Readonly<Record<string, unknown>>;

/** A list of rows, rather than of numbers. */
export function isNested(features: unknown): features is readonly Numbers[] {
  return Array.isArray(features) && typeof features[0] === 'object' && features[0] !== null;
}

/** A list of records, rather than of rows of numbers. */
export function isRecords(features: unknown): features is readonly ExampleRecord[] {
  return isNested(features) && !('length' in (features[0] as object));
}
