import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { collectDataset, Dataset, type FloatArray } from '../../data/dataset.js';
import { DescentError } from '../../base/errors.js';
import { csvColumns, type CsvInput, type CsvOptions, csvSource } from '../../data/csv.js';
import { emptyData } from '../../data/csv-header.js';
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
    const synthetic = loss === 'logistic' ? syntheticClassification(shape) : syntheticRegression({ ...shape, noise });
    const { dataset, weights, bias } = synthetic;
    return { datasets: [dataset], source: 'synthetic', truth: { weights, bias } };
  }
  const { file, targets, features, weights } = data;
  await requireReadable(file);
  const open = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const name = basename(file);
  if (targets === undefined) throw await targetMissing(open, name);
  const options = {
    name,
    labels: loss === 'logistic',
    ...(features && { features }),
    ...(weights !== undefined && { weights }),
  };
  return { datasets: await readTargets(open, targets, options), source: name, truth: null };
}

/** One pass over the file: the first target is read as such, and the others as features, which are set apart after that. */
async function readTargets(
  input: CsvInput,
  targets: readonly string[],
  options: Omit<CsvOptions, 'target'>,
): Promise<Loaded['datasets']> {
  const [first = '', ...otherTargets] = targets;
  // Refuses columns of two uses, and targets that there are not.
  for (const target of targets) await csvSource(input, { ...options, target }).columns();
  const features = options.features && [...options.features, ...otherTargets];
  const read = await collectDataset(csvSource(input, { ...options, target: first, ...(features && { features }) }));
  if (otherTargets.length === 0) return [read];
  const names = read.featureNames.filter((name) => !otherTargets.includes(name));
  const columnOf = (name: string) => read.columns[read.featureNames.indexOf(name)] as FloatArray;
  if (names.length === 0) throw emptyData(`${options.name} with no column but the targets`);
  const columns = names.map(columnOf);
  const datasetOf = (target: string, values: FloatArray) =>
    new Dataset(columns, values, names, target, read.exampleWeights);
  return [datasetOf(first, read.targets), ...otherTargets.map((target) => datasetOf(target, columnOf(target)))];
}

/** --target was left out: say which columns there are to choose from. */
async function targetMissing(open: () => ReadableStream<Uint8Array>, name: string): Promise<DescentError> {
  const columns = await csvColumns(open, name);
  const listed = columns.slice(0, MOST_LISTED).join(', ') + (columns.length > MOST_LISTED ? ', …' : '');
  return new DescentError('INVALID_OPTION', {
    got: '--data without --target',
    expected: `--target NAME, one of ${listed}`,
    fix: 'Name the column to predict.',
    where: { file: name, option: 'target' },
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
