import { DescentError } from '../base/errors.js';
import type { Loss } from '../options/names.js';
import { checkFinite } from './checked-dataset.js';
import { StreamedColumn } from './column-survey.js';
import { noneCounts, noWeight } from './example-weights.js';
import { classesOf, requireNumbers } from './labels.js';
import { originOf } from './origin.js';
import { weightScale } from './relative-weights.js';
import { SeenLabels } from './seen-labels.js';
import type { ColumnBatch, ExampleSource } from './source.js';
import { checkedBatches } from './source-batches.js';
import { sourceColumns } from './source-shape.js';
import { type Classes } from './table/encoding.js';

/** Statistics of the examples of a source. */
export interface SourceSurvey {
  /** [d] */
  columns: readonly StreamedColumn[];
  targets: StreamedColumn;
  /** The number of examples, or the sum of their weights as `prepared` has them. */
  totalWeight: number;
  isWeighted: boolean;
  /** The classes of the logistic loss; null for others. */
  classes: Classes | null;
  /** A batch of the source as it is trained on: labels as 0 and 1, and weights relative to the largest ones. */
  prepared(batch: ColumnBatch): ColumnBatch;
}

/**
 * Reads a source once for the statistics of its columns, and checks its numbers.
 *
 * Throws `EMPTY_DATA`, `NON_FINITE_VALUE` and `INVALID_OPTION` for a weight under 0, with the row, and with the logistic loss
 * `INVALID_LABEL`.
 */
export async function surveySource(source: ExampleSource, loss: Loss, signal?: AbortSignal): Promise<SourceSurvey> {
  const { features: names, target: targetName } = await sourceColumns(source, signal);
  const columns = names.map(() => new StreamedColumn());
  const targets = new StreamedColumn();
  const labels = loss === 'logistic' ? new SeenLabels(targetName) : null;
  let [rows, totalWeight] = [0, 0];
  let scale: number | undefined;
  let isWeighted = false;
  let coded: Classes | null = null;
  for await (const batch of checkedBatches(source, signal)) {
    batch.features.forEach((column, j) => checkFinite(column, names[j] as string, rows));
    checkFinite(batch.targets, targetName, rows);
    isWeighted ||= batch.exampleWeights !== undefined;
    if (batch.exampleWeights && sumOfWeights(batch.exampleWeights, rows) > 0)
      scale ??= weightScale(batch.exampleWeights);
    const weights = relative(batch.exampleWeights, scale);
    const weight = weights?.reduce((sum, value) => sum + value, 0) ?? batch.targets.length;
    if (weight > 0) {
      columns.forEach((column, j) => column.add(batch.features[j] as Float64Array, weights));
      targets.add(batch.targets, weights);
    }
    if (labels && rows === 0) coded = classesOfCodes(source, targetName);
    labels?.add(batch.targets, weights, rows);
    totalWeight += weight;
    rows += batch.targets.length;
  }
  if (rows === 0) throw noExamples(source.name);
  if (totalWeight === 0) throw noneCounts(rows);
  if (!labels) requireNumbers({ name: targetName, labels: originOf(source)?.labels }, loss);
  const classes = labels?.classes() ?? null;
  const isCoded = !classes || (classes[0] === 0 && classes[1] === 1);
  return {
    columns,
    targets,
    totalWeight,
    isWeighted,
    classes: coded ?? classes,
    prepared: ({ features, targets, exampleWeights }) => ({
      features,
      targets: isCoded ? targets : targets.map((value) => Number(value === classes[1])),
      ...(exampleWeights && { exampleWeights: relative(exampleWeights, scale) as Float64Array }),
    }),
  };
}

/** The classes that targets are codes of, where a table has found them; null for numbers. */
function classesOfCodes(source: ExampleSource, targetName: string): Classes | null {
  const labels = originOf(source)?.labels;
  return labels ? classesOf(labels, targetName) : null;
}

/** The sum of weights, each of which is a finite number from 0 up. */
function sumOfWeights(weights: Float64Array, firstRow: number): number {
  let sum = 0;
  weights.forEach((weight, i) => {
    if (!(weight >= 0 && weight < Infinity)) throw noWeight(weight, firstRow + i);
    sum += weight;
  });
  return sum;
}

function relative(weights: Float64Array | undefined, scale = 1): Float64Array | undefined {
  return weights && (scale === 1 ? weights : weights.map((weight) => weight / scale));
}

function noExamples(name: string): DescentError {
  return new DescentError('EMPTY_DATA', {
    got: `no examples in ${name}`,
    expected: 'at least one',
    fix: 'Check where the data comes from.',
  });
}
