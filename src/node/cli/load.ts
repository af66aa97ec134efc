import { DescentError } from '../../base/errors.js';
import type { Dataset } from '../../data/dataset.js';
import { checkTableOptions } from '../../data/table/plan-columns.js';
import type { TableReader } from '../../data/table/table-reader.js';
import { TableSource } from '../../data/table/table-source.js';
import type { Loss } from '../../options/names.js';
import { syntheticClassification, syntheticRegression } from '../../data/synthetic.js';
import type { DataChoice } from './arguments.js';
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

/** The examples that the command asks for; synthetic ones with the targets that the loss learns. */
export async function load(data: DataChoice, { seed, loss }: { seed: number; loss: Loss }): Promise<Loaded> {
  if (data.kind === 'synthetic') {
    const { rows, featureCount, noise } = data;
    const shape = { rows, features: featureCount, seed };
    const synthetic = loss === 'logistic' ? syntheticClassification(shape) : syntheticRegression({ ...shape, noise });
    const { dataset, weights, bias } = synthetic;
    return { datasets: [dataset], source: 'synthetic', truth: { weights, bias } };
  }
  const { files, targets, features, weights, reading } = data;
  const table = await openTables(files, reading);
  if (targets === undefined) throw await targetMissing(table);
  const roles = { ...(features && { features }), ...(weights !== undefined && { weights }) };
  // Refuses columns of two uses: of several targets, too, none may be a feature.
  for (const target of targets) checkTableOptions({ ...roles, target }, []);
  const source = new TableSource(table, { ...roles, targets, labels: loss === 'logistic' }, reading);
  return { datasets: (await source.collect()) as [Dataset, ...Dataset[]], source: table.name, truth: null };
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
