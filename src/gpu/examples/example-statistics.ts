import { DescentError } from '../../base/errors.js';
import { noneCounts } from '../../data/example-weights.js';
import { oneClass } from '../../data/labels.js';
import type { UploadOptions } from '../../descent/backend.js';
import { requireSquares } from '../../descent/f32-sizes.js';
import type { Objective } from '../../options/objective.js';
import type { BufferExamples } from './buffer-examples.js';
import type { GpuContext } from '../device/device.js';
import type { Storage } from '../kernels/epoch-kernels.js';
import type { Standardization } from '../../descent/standardization.js';
import { standardizationOfSurveys } from './standardization.js';
import {
  AS_IT_IS,
  type ColumnSums,
  type ColumnSurvey,
  type RowWeights,
  scaleOf,
  sumTable,
  surveyTable,
} from './column-statistics.js';
import { checkTables, type BufferTable } from './tables.js';

/** The scaling of a caller's examples, and their weights. */
export interface SurveyedExamples {
  standardization: Standardization;
  weights: RowWeights | undefined;
}

/** The options of training that the look at its examples depends on. */
type SurveyedOptions = Pick<UploadOptions, 'standardize' | 'storage' | 'asked' | 'signal'>;

/**
 * Looks at a caller's examples before they are trained on. Throws what `checkTables` and `surveyTable` do, `INVALID_OPTION` with
 * the row for a weight that is none, `EMPTY_DATA` where all are 0, with the logistic loss `INVALID_LABEL`, and
 * `NON_FINITE_VALUE` for a column that the storage cannot hold and for targets whose squares vanish.
 */
export async function surveyExamples(
  context: GpuContext,
  { features, targets, exampleWeights }: BufferExamples,
  { standardize, storage, asked, signal }: SurveyedOptions,
  objective: Objective,
): Promise<SurveyedExamples> {
  await checkTables(context, [features, targets, ...(exampleWeights ? [exampleWeights] : [])]);
  const weights = exampleWeights && (await surveyWeights(context, exampleWeights, signal));
  const surveys = await surveyTable(context, features, { weights, signal });
  const { loss } = objective;
  const meanOfNumbers = async () => {
    const [survey] = (await surveyTable(context, targets, { weights, signal })) as [ColumnSurvey];
    const isConstant = survey.least === survey.greatest;
    if (asked) requireSquares({ ...survey, isConstant }, targets.columns[0] as string, { loss, ...asked });
    return survey.mean;
  };
  const targetMean = await (loss === 'logistic' ? meanOfClasses(context, targets, weights, signal) : meanOfNumbers());
  const standardization = standardizationOfSurveys(surveys, targetMean, standardize, objective);
  checkHeld(surveys, standardization, features.columns, storage);
  return { standardization, weights };
}

/** Throws `INVALID_OPTION` with the row for a weight that is not a finite number from 0 up, and `EMPTY_DATA` where all are 0. */
export async function surveyWeights(
  context: GpuContext,
  table: BufferTable,
  signal?: AbortSignal,
): Promise<RowWeights> {
  const [{ greatest }] = (await sumTable(context, table, [AS_IT_IS], { holds: 'weights', signal })) as [ColumnSums];
  if (!(greatest > 0)) throw noneCounts(table.rowCount);
  const scale = scaleOf(Math.round(Math.log2(greatest)));
  const [{ sum }] = (await sumTable(context, table, [{ center: 0, scale }], { signal })) as [ColumnSums];
  return { table, scale, total: sum };
}

/** Throws `INVALID_LABEL` with the row for a target that is neither 0 nor 1. */
export async function surveyLabels(
  context: GpuContext,
  table: BufferTable,
  weights: RowWeights | undefined,
  signal?: AbortSignal,
): Promise<ColumnSums> {
  return (await sumTable(context, table, [AS_IT_IS], { weights, holds: 'labels', signal }))[0] as ColumnSums;
}

async function meanOfClasses(
  context: GpuContext,
  table: BufferTable,
  weights: RowWeights | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const { sum, least, greatest } = await surveyLabels(context, table, weights, signal);
  if (least === greatest) throw oneClass(least, table.columns[0] as string);
  return sum / (weights?.total ?? table.rowCount);
}

/** The largest numbers that the storages hold, and what rounds to them. */
const MOST_HELD: Record<Storage, number> = { f16: 65_520, f32: 2 ** 128 - 2 ** 103 };

/** Throws `NON_FINITE_VALUE` for a column with a number that the storage cannot hold once it is laid out. */
function checkHeld(
  surveys: readonly ColumnSurvey[],
  { columns }: Standardization,
  names: readonly string[],
  storage: Storage,
): void {
  surveys.forEach(({ reach: { least, greatest } }, j) => {
    const { center, exponent } = columns[j] as Standardization['columns'][number];
    if (Math.max(greatest - center, center - least) * scaleOf(exponent) < MOST_HELD[storage]) return;
    const column = names[j] as string;
    throw new DescentError('NON_FINITE_VALUE', {
      got: `numbers from ${least} to ${greatest} in '${column}', which ${storage} cannot hold`,
      expected: `magnitudes under ${storage === 'f16' ? MOST_HELD.f16 : 3.4e38}`,
      fix: 'Scale the column down, or standardize.',
      where: { column },
    });
  });
}
