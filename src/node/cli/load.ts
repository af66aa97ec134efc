import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { DescentError } from '../../base/errors.js';
import { CsvTable } from '../../data/csv/csv-table.js';
import type { Dataset } from '../../data/dataset.js';
import { checkTableOptions } from '../../data/table/plan-columns.js';
import type { TableReader } from '../../data/table/table-reader.js';
import { TableSource } from '../../data/table/table-source.js';
import type { ReadingSettings } from '../../options/reading.js';
import type { Loss } from '../../options/names.js';
import { syntheticClassification, syntheticRegression } from '../../data/synthetic.js';
import type { DataChoice } from './arguments.js';

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

/** The examples that the command asks for; synthetic ones with the targets that the loss learns. */
export async function load(data: DataChoice, { seed, loss }: { seed: number; loss: Loss }): Promise<Loaded> {
  if (data.kind === 'synthetic') {
    const { rows, featureCount, noise } = data;
    const shape = { rows, features: featureCount, seed };
    const made = loss === 'logistic' ? syntheticClassification(shape) : syntheticRegression({ ...shape, noise });
    const { dataset, weights, bias } = made;
    return { datasets: [dataset], source: 'synthetic', truth: { weights, bias } };
  }
  const { file, targets, features, weights, reading } = data;
  const table = await openTable(file, reading);
  if (targets === undefined) throw await targetMissing(table);
  const roles = { ...(features && { features }), ...(weights !== undefined && { weights }) };
  // Refuses columns of two uses: of several targets, too, none may be a feature.
  for (const target of targets) checkTableOptions({ ...roles, target }, []);
  const source = new TableSource(table, { ...roles, targets, labels: loss === 'logistic' }, reading);
  return { datasets: (await source.collect()) as [Dataset, ...Dataset[]], source: table.name, truth: null };
}

/** A file as a table of cells. */
export async function openTable(file: string, reading: ReadingSettings): Promise<TableReader> {
  await requireReadable(file);
  const open = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  return new CsvTable(basename(file), open, reading);
}

/** --target was left out: say which columns there are to choose from. */
async function targetMissing(table: TableReader): Promise<DescentError> {
  const pass = table.open([]);
  const { names } = await pass.head();
  await pass.close();
  const listed = names.slice(0, MOST_LISTED).join(', ') + (names.length > MOST_LISTED ? ', …' : '');
  return new DescentError('INVALID_OPTION', {
    got: '--data without --target',
    expected: `--target NAME, one of ${listed}`,
    fix: 'Name the column to predict.',
    where: { file: table.name, option: 'target' },
  });
}

async function requireReadable(file: string): Promise<void> {
  const obstacle = await findObstacle(file);
  if (obstacle === undefined) return;
  throw new DescentError('FILE_UNREADABLE', {
    got: `${obstacle} ${file}`,
    expected: 'a CSV file',
    fix: 'Check the path given with --data.',
    where: { file },
  });
}

async function findObstacle(file: string): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return 'no file';
  if (found.isDirectory()) return 'a folder,';
  // Its first row is read before the whole, and what a pipe has given it does not give again.
  if (!found.isFile()) return 'a pipe or a device,';
  return access(file, constants.R_OK).then(
    () => undefined,
    () => 'no permission to read',
  );
}
