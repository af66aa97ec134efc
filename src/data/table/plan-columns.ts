import { requireKnown } from '../../base/check-names.js';
import { DescentError } from '../../base/errors.js';
import { nearest } from '../../base/nearest-word.js';
import { quote, quotedList } from '../../base/quote.js';
import type { ReadingSettings, TableSettings } from '../../options/reading.js';
import type { ReadWatch } from '../read-watch.js';
import type { ColumnPlan } from '../cells/column.js';
import type { TableHead } from './table-reader.js';

/** The uses of the columns of a table. */
export interface TableRoles {
  /** Name of the column to predict. */
  target: string;
  /** Name of the column with the weight of each example, 0 or more. Default: equal weights. */
  weights?: string;
  /** True if the target holds the labels of two classes, for the logistic loss. Default: false, numbers. */
  labels?: boolean;
  /** Names of the columns to predict from, in the order of the model's weights. Default: all others, in their order. */
  features?: readonly string[];
}

/** The uses of the columns of a table, and the options of reading it. */
export interface TableOptions extends TableRoles, Partial<TableSettings> {
  /** Name of the table in errors and reports. */
  name?: string;
}

/** Options of a table that is read from somewhere. */
export interface SourceOptions extends TableOptions, ReadWatch {}

/** The uses of columns, with one target or more. */
export interface Roles extends Omit<TableRoles, 'target'> {
  targets: readonly string[];
}

const ROLE_NAMES = [
  'target',
  'weights',
  'labels',
  'features',
  'name',
] as const satisfies readonly (keyof TableOptions)[];

/** Refuses options that are wrong for any table. `names` are those of the options that this kind of table has. */
export function checkTableOptions(options: TableOptions, names: readonly string[]): void {
  requireKnown(options, [...ROLE_NAMES, ...names]);
  const { target, features, weights } = options;
  if (typeof target !== 'string') {
    throw new DescentError('INVALID_OPTION', {
      got: `target ${String(target)}`,
      expected: 'the name of a column',
      fix: 'Name the column to predict.',
      where: { option: 'target' },
    });
  }
  if (features?.length === 0) throw emptyData('an empty list of features');
  if (weights === target) {
    throw new DescentError('INVALID_OPTION', {
      got: `weights ${quote(target)}, which is the target`,
      expected: 'a column of its own',
      fix: 'Name the column that holds the weights of the examples.',
    });
  }
  const seen = new Set([target, weights]);
  const repeated = features?.find((name) => seen.has(name) || !seen.add(name));
  if (repeated === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `feature ${quote(repeated)}, ${roleOf(repeated, target, weights)}`,
    expected: 'features that are different columns, without the target and the weights',
    fix: 'Take it out of the features.',
    where: { option: 'features', column: repeated },
  });
}

function roleOf(name: string, target: string, weights: string | undefined): string {
  if (name === target) return 'which is the target';
  return name === weights ? 'which holds the weights' : 'named twice';
}

/** The columns to read: features, then targets, then the weights where there are any; and their positions in the table. */
export interface TablePlan {
  columns: readonly ColumnPlan[];
  positions: readonly number[];
  featureCount: number;
  targetCount: number;
}

/** Finds the columns in use. Throws `UNKNOWN_COLUMN`, `INVALID_OPTION`, `EMPTY_DATA`, and `INVALID_CSV` for a name that is used and stands twice. */
export function planColumns(head: TableHead, roles: Roles, settings: ReadingSettings, source: string): TablePlan {
  const { targets, weights, labels } = roles;
  const { exclude, categories, dates } = settings;
  const encoded = [...categories, ...dates];
  const places = placesOf(head.names);
  const at = (name: string) => positionOf(name, places, head, source);
  // Columns have their names and their places: what is no feature is left out by its position.
  const others = new Set([...targets, ...(weights === undefined ? [] : [weights]), ...exclude].map(at));
  const chosen = new Set(encoded.map(at));
  const isDefault = (_: string, position: number) =>
    !others.has(position) && (position !== head.indexColumn || chosen.has(position));
  const features = roles.features ?? head.names.filter(isDefault);
  const known = new Set(features);
  const stray = encoded.find((name) => !known.has(name));
  if (stray !== undefined) throw noFeature(stray, categories.includes(stray) ? 'categories' : 'dates', features);
  if (features.length === 0) {
    throw emptyData(
      `${source} with no column but the ${targets.length === 1 ? `target ${quote(targets[0] as string)}` : 'targets'}`,
    );
  }
  const isCategory = new Set(categories);
  const isDate = new Set(dates);
  const kindOf = (name: string) => (isCategory.has(name) ? 'category' : isDate.has(name) ? 'date' : 'number');
  const columns: ColumnPlan[] = [
    ...features.map((name): ColumnPlan => ({ name, role: 'feature', kind: kindOf(name) })),
    ...targets.map((name): ColumnPlan => ({ name, role: 'target', kind: labels ? 'label' : 'number' })),
    ...(weights === undefined ? [] : [{ name: weights, role: 'weights', kind: 'number' } as const]),
  ];
  const positions = columns.map(({ name }) => at(name));
  requireDifferent(columns, positions);
  return { columns, positions, featureCount: features.length, targetCount: targets.length };
}

/** One column may go by its name and by its place. */
function requireDifferent(columns: readonly ColumnPlan[], positions: readonly number[]): void {
  const seen = new Map<number, string>();
  for (const [k, position] of positions.entries()) {
    const { name } = columns[k] as ColumnPlan;
    const other = seen.get(position);
    if (other !== undefined) {
      throw new DescentError('INVALID_OPTION', {
        got: `${quote(other)} and ${quote(name)}, which are one column`,
        expected: 'different columns for features, target and weights',
        fix: 'Take one of them out of the features.',
        where: { option: 'features', column: name },
      });
    }
    seen.set(position, name);
  }
}

/** The positions of each name. */
type Places = ReadonlyMap<string, readonly number[]>;

export function placesOf(names: readonly string[]): Places {
  const places = new Map<string, number[]>();
  names.forEach((name, position) => {
    const known = places.get(name);
    if (known) known.push(position);
    else places.set(name, [position]);
  });
  return places;
}

/** The position of a column by its name, which must stand once. */
export function positionOf(name: string, places: Places, head: TableHead, source: string): number {
  const [position, second] = places.get(name) ?? placeIn(head, name);
  if (position === undefined) throw unknownColumn(name, head, source);
  if (second === undefined) return position;
  throw new DescentError('INVALID_CSV', {
    got: `${source}: column name ${quote(name)} twice, in columns ${position + 1} and ${second + 1}`,
    expected: 'a different name for every column in use',
    fix: 'Rename one of them, or choose other columns with features.',
    where: { file: source, column: name },
  });
}

/** The position that a name such as c3 spells. */
function placeIn({ hasPlaces, names }: TableHead, name: string): number[] {
  const place = Number(/^c([1-9]\d*)$/.exec(name)?.[1] ?? Number.NaN);
  return hasPlaces && place <= names.length ? [place - 1] : [];
}

function unknownColumn(name: string, { names, namesFrom }: TableHead, source: string): DescentError {
  return new DescentError('UNKNOWN_COLUMN', {
    got: `column ${quote(name)}, which ${source} does not have`,
    expected: `one of ${quotedList(names, 'columns')}`,
    fix: `Did you mean ${quote(nearest(name, names))}?${namesFrom === '' ? '' : ` ${namesFrom}`}`,
    where: { file: source, column: name },
  });
}

function noFeature(name: string, option: string, features: readonly string[]): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${option} with ${quote(name)}, which is no feature`,
    expected: `some of ${quotedList(features, 'features')}`,
    fix: `Take it out of ${option}, or add it to features.`,
    where: { option, column: name },
  });
}

export function emptyData(got: string): DescentError {
  return new DescentError('EMPTY_DATA', {
    got,
    expected: 'at least one row of numbers and one feature besides the target',
    fix: 'Check that this is the right file, and that it is complete.',
  });
}
