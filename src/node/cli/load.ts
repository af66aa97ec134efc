import { DescentError } from '../../base/errors.js';
import type { ReadWatch } from '../../data/read-watch.js';
import type { Dataset } from '../../data/dataset.js';
import { checkTableOptions } from '../../data/table/plan-columns.js';
import type { TableReader } from '../../data/table/table-reader.js';
import { TableSource } from '../../data/table/table-source.js';
import { type FitSettings, MEMORY_BUDGET } from '../../options/specs.js';
import { syntheticClassification, syntheticRegression } from '../../data/synthetic.js';
import type { DataChoice } from './arguments.js';
import { joinNames } from './join-names.js';
import { openTables } from './open-table.js';

/** Column names that an error lists. */
const MOST_LISTED = 10;

export interface Loaded {
  /** One for each target, in their order, of the same features. */
  datasets: readonly [Dataset, ...Dataset[]];
  /** A file's name, or 'synthetic'. */
  source: string;
  /** The parameters that synthetic data was made with. */
  truth: { weights: ArrayLike<number>; bias: number } | null;
}

/** Files whose numbers take more than the memory budget, to be read in passes. */
export interface LargeFiles {
  large: TableSource;
  source: string;
}

/** The way in which files are read. */
interface LoadWatch extends ReadWatch {
  /** The part of the command that passes cannot do, in words; null if they can do all of it. Default: null. */
  obstacle?: string | null;
}

/**
 * The examples that the command asks for; synthetic ones with the targets that the loss learns. Files larger than the memory
 * budget are held for a command that cannot have them streamed, unless the budget was given.
 */
export async function load(
  data: DataChoice,
  { seed, loss, memoryBudget }: Pick<FitSettings, 'seed' | 'loss' | 'memoryBudget'>,
  { obstacle = null, ...watch }: LoadWatch = {},
): Promise<Loaded | LargeFiles> {
  if (data.kind === 'synthetic') {
    const { rows, featureCount, noise } = data;
    const shape = { rows, features: featureCount, seed };
    const synthetic = loss === 'logistic' ? syntheticClassification(shape) : syntheticRegression({ ...shape, noise });
    const { dataset, weights, bias } = synthetic;
    return { datasets: [dataset], source: 'synthetic', truth: { weights, bias } };
  }
  const { source, name } = await openSource(data, loss, watch);
  const isHeld = obstacle !== null && memoryBudget === MEMORY_BUDGET;
  const datasets = await source.collect(isHeld ? {} : { mostBytes: memoryBudget });
  if (!datasets && obstacle !== null) throw overBudget(name, memoryBudget, obstacle);
  if (!datasets) return { large: source, source: name };
  return { datasets: datasets as [Dataset, ...Dataset[]], source: name, truth: null };
}

/** The columns of files that the command asks for, before they are read. */
export async function openSource(
  data: DataChoice & { kind: 'files' },
  loss: FitSettings['loss'],
  watch: ReadWatch = {},
): Promise<{ source: TableSource; name: string }> {
  const table = await openTables(data.files, data.reading);
  if (data.targets === undefined) throw await targetMissing(table);
  const { targets, features, weights, reading } = await withWholeNames(data, data.targets, table);
  const roles = { ...(features && { features }), ...(weights !== undefined && { weights }) };
  // Refuses columns of two uses: of several targets, too, none may be a feature.
  for (const target of targets) checkTableOptions({ ...roles, target }, []);
  const source = new TableSource(table, { ...roles, targets, labels: loss === 'logistic' }, reading, watch);
  return { source, name: table.name };
}

function overBudget(file: string, memoryBudget: number, obstacle: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${file}, whose numbers take more than ${memoryBudget} bytes, with ${obstacle}`,
    expected: 'examples within --memory-budget, because a larger file is read in passes, which cannot have that',
    fix: 'Raise --memory-budget, or leave it out.',
    where: { file, option: 'memory-budget' },
  });
}

/** The choice of columns with the names that hold commas, which need no quotes where it is clear what they mean. */
async function withWholeNames(
  { features, weights, reading }: DataChoice & { kind: 'files' },
  targets: readonly string[],
  table: TableReader,
) {
  const { exclude, categories, dates } = reading;
  const isDivided = [targets, features ?? [], exclude, categories, dates].some(({ length }) => length > 1);
  const names = isDivided ? await columnNamesOf(table, targets) : [];
  const whole = (pieces: readonly string[]) => joinNames(pieces, names);
  return {
    targets: whole(targets),
    features: features && whole(features),
    weights,
    reading: { ...reading, exclude: whole(exclude), categories: whole(categories), dates: whole(dates) },
  };
}

async function columnNamesOf(table: TableReader, wanted: readonly string[]): Promise<readonly string[]> {
  const pass = table.open(wanted);
  const { names } = await pass.head().finally(() => pass.close());
  return names;
}

/** --target was left out: say which columns there are to choose from. */
async function targetMissing(table: TableReader): Promise<DescentError> {
  const names = await columnNamesOf(table, []);
  const listed = names.slice(0, MOST_LISTED).join(', ') + (names.length > MOST_LISTED ? ', …' : '');
  return new DescentError('INVALID_OPTION', {
    got: '--data without --target',
    expected: `--target NAME, one of ${listed}`,
    fix: 'Name the column to predict.',
    where: { file: table.name, option: 'target' },
  });
}
