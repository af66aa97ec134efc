// What others need of the options of reading: their names and values, without ranges and descriptions.

import type { TableSettings, TextSettings } from './reading.js';

/** The units in which a date becomes a number. */
export const DATE_UNITS = ['seconds', 'hours', 'days', 'years'] as const;
export type DateUnit = (typeof DATE_UNITS)[number];

/** The order of day and month in a date that ends with its year. */
export const DATE_ORDERS = ['dmy', 'mdy'] as const;
export type DateOrder = (typeof DATE_ORDERS)[number];

/** Beyond this the products of a few dozen columns outnumber most data sets. */
export const HIGHEST_DEGREE = 5;

/** The names of the options that text has and other tables do not, in the order of READING. */
export const TEXT_OPTIONS: readonly string[] = [
  'encoding',
  'delimiter',
  'header',
  'comment',
  'skipRows',
] satisfies readonly (keyof TextSettings)[];

/** The names of the options that any table has, in the order of READING. */
export const TABLE_OPTIONS: readonly string[] = [
  'decimal',
  'thousands',
  'units',
  'missing',
  'missingValues',
  'exclude',
  'categories',
  'droppedLevel',
  'unseenLevels',
  'dates',
  'dateOrder',
  'dateUnit',
  'classes',
  'polynomial',
] satisfies readonly (keyof TableSettings)[];

/** The names of all options of reading a file. */
export const READING_OPTIONS: readonly string[] = [...TEXT_OPTIONS, ...TABLE_OPTIONS];
