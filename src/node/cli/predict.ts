import { writeFile } from 'node:fs/promises';
import type { ClassLabel } from '../../data/table/encoding.js';
import { TableFile } from '../../data/table/table-file.js';
import type { LinearModel } from '../../model/linear-model.js';
import { describeReading } from '../report/reading-text.js';
import { print, requireWritable } from '../report/output.js';
import { plural, printable, wrap } from '../report/terminal.js';
import type { PredictCommand } from './arguments.js';
import { openTables } from './open-table.js';
import { readModels } from './read-models.js';

/** The predictions of one model for all rows of a file. */
interface Predicted {
  model: LinearModel;
  /** [m] Predictions, or probabilities of the second class; NaN for rows with a missing value. */
  values: Float64Array;
}

/** Predicts each row of a file with a saved model, or with each of a list of them. */
export async function runPredict(command: PredictCommand, width: number): Promise<void> {
  const { files, output, reading } = command;
  const models = await readModels(command.model, '--model');
  if (output !== undefined) await requireWritable(output, { kind: 'files', files });
  const table = new TableFile(await openTables(files, reading), reading);
  const predicted: Predicted[] = [];
  for (const model of models) predicted.push({ model, values: await model.predict(table) });
  const text = csvOf(predicted);
  if (output !== undefined) await writeFile(output, `${text}\n`);
  if (command.json) return print(JSON.stringify(jsonOf(command, table, predicted)));
  const read = table.reading ? wrap('read       ', describeReading(table.reading), width) : [];
  if (output === undefined) {
    // Beside the predictions, which a program may read.
    console.error(read.join('\n'));
    return print(text);
  }
  const rows = plural(predicted[0]?.values.length ?? 0, 'row');
  const lines = [...read, ...wrap('predicted  ', printable(`${rows} of ${table.name} to ${output}`), width)];
  await print(lines.join('\n'));
}

/** A line for each row, under a header: the prediction, or the probability of the second class and the class. */
function csvOf(predicted: readonly Predicted[]): string {
  const header = predicted.flatMap(({ model }) => {
    const of = predicted.length === 1 ? '' : ` of ${model.targetName}`;
    return model.classes ? [`probability${of}`, `class${of}`] : [`prediction${of}`];
  });
  const rows = Array.from(predicted[0]?.values ?? [], (_, i) => predicted.flatMap((each) => cellsOf(each, i)));
  return [header, ...rows].map((cells) => cells.map(quoted).join(',')).join('\n');
}

/** A prediction that there is none of: an empty line would be no row to many readers, and all after it would move up. */
const MISSING = 'NA';

/** The cells of one row. */
function cellsOf({ model, values }: Predicted, row: number): string[] {
  const value = values[row] as number;
  if (Number.isNaN(value)) return model.classes ? [MISSING, MISSING] : [MISSING];
  const label = labelFor(model, value);
  return label === null ? [String(value)] : [String(value), String(label)];
}

/** The more probable class; null for a model of numbers, and for a row with a missing value. */
function labelFor({ classes }: LinearModel, probability: number): ClassLabel | null {
  if (!classes || Number.isNaN(probability)) return null;
  return classes[probability > 0.5 ? 1 : 0];
}

/** A cell of CSV, in quotes where it needs them. */
function quoted(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The one object of --json; of several models it has a list of them. JSON has no NaN: a row with a missing value is null. */
function jsonOf({ model }: PredictCommand, table: TableFile, predicted: readonly Predicted[]): object {
  const parts = predicted.map(({ model: each, values }) => ({
    target: each.targetName,
    ...(each.classes && { classes: each.classes, labels: Array.from(values, (value) => labelFor(each, value)) }),
    predictions: Array.from(values),
  }));
  const [only] = parts;
  return {
    model,
    dataset: { source: table.name, rows: predicted[0]?.values.length ?? 0, reading: table.reading },
    ...(parts.length === 1 ? only : { models: parts }),
  };
}
