import type { DateOrder, DateUnit } from '../../options/reading.js';
import type { NumberNotation } from '../cells/notation.js';

/** A label of a class. */
export type ClassLabel = string | number | boolean;

/** The two classes of a model: the one that counts as 0, and the one that counts as 1. */
export type Classes = readonly [ClassLabel, ClassLabel];

/** The classes of a model, unless its training data had others. */
export const ZERO_AND_ONE: Classes = [0, 1];

/** The way in which a column of a table becomes features, as a model keeps it. */
export type ColumnEncoding = NumberColumn | DateColumn | CategoryColumn;

/** A column of numbers, or of words such as true and no, which count as 1 and 0. */
export interface NumberColumn {
  name: string;
  kind: 'number' | 'boolean';
  /** The value in place of missing ones: the mean of the training examples. */
  mean?: number;
  /** The notation of numbers in text; absent for plain ones. */
  notation?: NumberNotation;
}

/** A column of dates, which count in a unit since 1970. */
export interface DateColumn {
  name: string;
  kind: 'date';
  unit: DateUnit;
  /** The order of day and month in dates such as 31/03/2024; absent where none is written so. */
  order?: DateOrder;
  mean?: number;
}

/** A column of categories: a feature for each level but the dropped one. */
export interface CategoryColumn {
  name: string;
  kind: 'category';
  levels: readonly string[];
  /** Index of the level without a feature; -1 if every level has one. */
  dropped: number;
  unseen: 'error' | 'zeros';
  /** The share of each level among the training examples, which stand in place of a missing one. */
  shares?: readonly number[];
}
