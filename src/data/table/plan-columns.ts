import { anyText } from '../../base/quote.js';
import { requireKnown } from '../../base/check-names.js';
import { DescentError } from '../../base/errors.js';
import { nameKey } from '../../base/name-key.js';
import { didYouMean } from '../../base/nearest-word.js';
import { listOf, quoteName, quotedList } from '../../base/quote-names.js';
import type { ReadingSettings, TableSettings } from '../../options/reading.js';
import { type ReadWatch, requireWatch } from '../read-watch.js';
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

/**
 * Returns options without those that are left out, and refuses those that are wrong for any table. `names` are those of the
 * options that this kind of table has.
 */
export function checkTableOptions<Options extends TableOptions>(given: Options, names: readonly string[]): Options {
  const options = requireKnown(given, [...ROLE_NAMES, ...names]);
  checkRoles(options);
  requireWatch(options as ReadWatch);
  return options;
}

function checkRoles({ target, features, weights, labels, name }: TableOptions): void {
  requireKind('target', target, 'the name of a column', isText);
  requireKind('weights', weights ?? '', 'the name of a column', isText);
  requireKind('name', name ?? '', 'a name', isText);
  requireKind('labels', labels ?? false, 'true or false', (value) => typeof value === 'boolean');
  requireKind('features', features ?? [], 'a list of names of columns', areTexts);
  if (features?.length === 0) throw emptyData('an empty list of features');
  if (weights === target) {
    throw new DescentError('INVALID_OPTION', {
      got: `weights ${quoteName(target)}, which is the target`,
      expected: 'a column of its own',
      fix: 'Name the column that holds the weights of the examples.',
    });
  }
  const seen = new Set([target, weights]);
  const repeated = features?.find((feature) => seen.has(feature) || !seen.add(feature));
  if (repeated === undefined) return;
  throw new DescentError('INVALID_OPTION', {
    got: `feature ${quoteName(repeated)}, ${roleOf(repeated, target, weights)}`,
    expected: 'features that are different columns, without the target and the weights',
    fix: 'Take it out of the features.',
    where: { option: 'features', column: repeated },
  });
}

const isText = (value: unknown) => typeof value === 'string';
const areTexts = (value: unknown) => Array.isArray(value) && Array.from(value as readonly unknown[]).every(isText);

/** Throws `INVALID_OPTION` for a value of another kind: callers without types hand in anything. */
function requireKind(option: string, value: unknown, expected: string, isOne: (value: unknown) => boolean): void {
  if (isOne(value)) return;
  throw new DescentError('INVALID_OPTION', {
    got: `${option} ${Array.isArray(value) ? 'in a list' : anyText(value)}`,
    expected,
    fix: option === 'target' ? 'Name the column to predict.' : 'Leave it out if it is not needed.',
    where: { option },
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

/** A table in which columns are looked for. */
interface Searched {
  head: TableHead;
  /** Name of the file or table, for errors. */
  source: string;
  /** True where a model says which columns are in use, so that nobody can choose others. */
  isKept: boolean;
  /** Names in use, which no other name means. */
  taken?: readonly string[];
}

/** Finds the columns in use. Throws `UNKNOWN_COLUMN`, `INVALID_OPTION`, `EMPTY_DATA`, and `INVALID_CSV` for a name that is used and stands twice. */
export function planColumns(
  head: TableHead,
  roles: Roles,
  settings: ReadingSettings,
  source: string,
  isKept = false,
): TablePlan {
  const { targets, weights, labels } = roles;
  const { exclude, categories, dates } = settings;
  const places = placesOf(head.names);
  const searched = { head, source, isKept, taken: [...targets, ...(roles.features ?? [])] };
  const at = (name: string) => positionOf(name, places, searched);
  const [categoriesAt, datesAt] = [new Set(categories.map(at)), new Set(dates.map(at))];
  // Columns have their names and their places: what is no feature is left out by its position, under a name that stands twice all.
  const others = [...[...targets, ...(weights === undefined ? [] : [weights])].map(at), ...exclude.flatMap((name) => places.get(name) ?? at(name))]; // prettier-ignore
  const left = new Set([...others, ...head.leftOut.filter((place) => !categoriesAt.has(place) && !datesAt.has(place))]);
  const features = roles.features ?? defaultFeatures(head, places, left);
  const featuresAt = new Set(features.map(at));
  const stray = [...categories, ...dates].find((name) => !featuresAt.has(at(name)));
  if (stray !== undefined) throw noFeature(stray, categories.includes(stray) ? 'categories' : 'dates', features);
  if (features.length === 0) {
    throw emptyData(
      `${source} with no column but the ${targets.length === 1 ? `target ${quoteName(targets[0] as string)}` : 'targets'}`,
    );
  }
  const kindOf = (position: number) =>
    categoriesAt.has(position) ? 'category' : datesAt.has(position) ? 'date' : 'number';
  const columns: ColumnPlan[] = [
    ...features.map((name): ColumnPlan => ({ name, role: 'feature', kind: kindOf(at(name)) })),
    ...targets.map((name): ColumnPlan => ({ name, role: 'target', kind: labels ? 'label' : 'number' })),
    ...(weights === undefined ? [] : [{ name: weights, role: 'weights', kind: 'number' } as const]),
  ];
  const positions = columns.map(({ name }) => at(name));
  requireDifferent(columns, positions);
  return { columns, positions, featureCount: features.length, targetCount: targets.length };
}

/** The names of all columns but those at some positions: of one whose namesake is left out, its place. */
function defaultFeatures({ names, hasPlaces }: TableHead, places: Places, left: ReadonlySet<number>): string[] {
  const nameAt = (name: string, position: number) => {
    const namesakes = places.get(name) ?? [];
    const isAlone = namesakes.length > 1 && namesakes.every((place) => place === position || left.has(place));
    return isAlone && hasPlaces ? placeName(position) : name;
  };
  return names.flatMap((name, position) => (left.has(position) ? [] : [nameAt(name, position)]));
}

const placeName = (position: number) => `c${position + 1}`;

/** One column may go by its name and by its place. */
function requireDifferent(columns: readonly ColumnPlan[], positions: readonly number[]): void {
  const seen = new Map<number, string>();
  for (const [k, position] of positions.entries()) {
    const { name } = columns[k] as ColumnPlan;
    const other = seen.get(position);
    if (other !== undefined) {
      throw new DescentError('INVALID_OPTION', {
        got: `${quoteName(other)} and ${quoteName(name)}, which are one column`,
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
export function positionOf(name: string, places: Places, searched: Searched): number {
  const { head, source } = searched;
  const [position, second] = places.get(name) ?? placeIn(head, name) ?? similar(name, places);
  if (position === undefined) throw unknownColumn(name, searched);
  if (second === undefined) return position;
  throw new DescentError('INVALID_CSV', {
    got: `${source}: column name ${quoteName(name)} twice, in columns ${position + 1} and ${second + 1}`,
    expected: 'a different name for every column in use',
    fix: adviceOnNamesakes(position, second, searched),
    where: { file: source, column: name },
  });
}

function adviceOnNamesakes(position: number, second: number, { head, isKept }: Searched): string {
  const own = [position, second].map(placeName);
  // A column may have such a name itself, which comes before the place.
  const arePlaces = head.hasPlaces && own.every((place) => !head.names.includes(place));
  if (isKept) return 'Rename the one that the model does not use.';
  if (!arePlaces) return 'Rename one of them, or choose other columns with features.';
  return `Rename one of them, leave one out with exclude: ${listOf(own[1] as string)}, or choose by their places, ${own.join(' and ')}.`;
}

/** The position that a name such as c3 spells. */
function placeIn({ hasPlaces, names }: TableHead, name: string): number[] | undefined {
  const place = Number(/^c([1-9]\d*)$/.exec(name)?.[1] ?? Number.NaN);
  return hasPlaces && place <= names.length ? [place - 1] : undefined;
}

/** The positions of names that differ in nothing but blanks and the composition of their letters. */
function similar(name: string, places: Places): readonly number[] {
  const key = nameKey(name);
  return [...places].flatMap(([other, positions]) => (nameKey(other) === key ? positions : []));
}

function unknownColumn(name: string, { head, source, isKept, taken = [] }: Searched): DescentError {
  const { names, namesFrom } = head;
  const free = names.filter((each) => !taken.includes(each));
  if (names.length === 0 && !isKept)
    return emptyData(`${source} without any row`, 'Check that what loads it has found some.');
  const advice = isKept ? 'The model was trained on a column of this name, which rows to predict need, too.' : '';
  const words = [advice, namesFrom].filter((text) => text !== '').join(' ') || 'Name one of them.';
  const near = didYouMean(name, free, words, quoteName);
  const whole = near === words ? free.find((other) => isPart(name, other) || isPart(other, name)) : undefined;
  return new DescentError('UNKNOWN_COLUMN', {
    got: `column ${quoteName(name)}, which ${source} does not have`,
    expected: names.length === 0 ? 'columns, of which there are none' : `one of ${quotedList(names, 'columns')}`,
    fix: whole === undefined ? near : `Did you mean ${quoteName(whole)}? ${words}`,
    where: { file: source, column: name },
  });
}

/** Parts of names that are shorter are found in names of any meaning. */
const SHORTEST_PART = 3;

/** True for price in 'Price (EUR)'. */
function isPart(part: string, whole: string): boolean {
  return part.length >= SHORTEST_PART && whole.toLowerCase().includes(part.toLowerCase());
}

function noFeature(name: string, option: string, features: readonly string[]): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${option} with ${quoteName(name)}, which is no feature`,
    expected: `some of ${quotedList(features, 'features')}`,
    fix: `Take it out of ${option}, or add it to features.`,
    where: { option, column: name },
  });
}

export function emptyData(
  got: string,
  fix = 'Check that this is the right file, and that it is complete.',
): DescentError {
  return new DescentError('EMPTY_DATA', {
    got,
    expected: 'at least one row of numbers and one feature besides the target',
    fix,
  });
}
