import { createReadStream } from 'node:fs';
import { access, constants, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { collectDataset, type Dataset } from '../dataset.js';
import { DescentError } from '../errors.js';
import { csvColumns, csvSource } from '../sources/csv.js';
import type { Loss } from '../loss.js';
import { syntheticClassification, syntheticRegression } from '../sources/synthetic.js';
import type { DataChoice } from './arguments.js';

/** Column names that an error lists. */
const MOST_LISTED = 10;

export interface Loaded {
  dataset: Dataset;
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
    return { dataset, source: 'synthetic', truth: { weights, bias } };
  }
  const { file, target, features, weights } = data;
  await requireReadable(file);
  const open = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const name = basename(file);
  if (target === undefined) throw await targetMissing(open, name);
  const source = csvSource(open, {
    target,
    name,
    ...(features && { features }),
    ...(weights !== undefined && { weights }),
  });
  return { dataset: await collectDataset(source), source: name, truth: null };
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
