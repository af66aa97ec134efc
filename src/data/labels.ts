import { DescentError } from '../base/errors.js';
import { quote } from '../base/quote.js';
import type { Loss } from '../options/names.js';
import { groupsBySpelling } from './cells/spellings.js';
import type { Dataset } from './checked-dataset.js';
import { withParts } from './with-parts.js';
import type { FloatArray } from './numbers.js';
import { type ClassLabel, type Classes, ZERO_AND_ONE } from './table/encoding.js';

/** Targets as the logistic loss learns them: 0 and 1, and the classes that they stand for. */
export interface LabelledTargets {
  targets: FloatArray;
  classes: Classes;
}

/** The labels of a column: its values, and the labels that they stand for where they are codes. */
export interface LabelColumn {
  name: string;
  values: FloatArray;
  labels?: readonly ClassLabel[] | null | undefined;
}

/**
 * Makes 0 and 1 of the labels of two classes, which are 0 and 1 or any other two values, in rising order.
 *
 * Throws `INVALID_LABEL` for more values than two, and unless both are among the examples that count: of one class alone there
 * is no best model, since the bias would grow for ever.
 */
export function labelledTargets({ name, values, labels }: LabelColumn, weights?: FloatArray): LabelledTargets {
  const classes = labels ? classesOf(labels, name) : valuesOf(values, name);
  const isCoded = labels !== undefined && labels !== null;
  const targets =
    isCoded || isSame(classes, ZERO_AND_ONE) ? values : values.map((value) => (value === classes[1] ? 1 : 0));
  const missing = [0, 1].find((code) => !targets.some((target, i) => target === code && weights?.[i] !== 0));
  if (missing !== undefined) throw oneClass(classes[1 - missing] as ClassLabel, name);
  return { targets, classes };
}

/** The examples with the targets that a loss learns. Throws `INVALID_LABEL` for others. */
export function forLoss(dataset: Dataset, loss: Loss): Dataset {
  if (loss === 'logistic') return labelledDataset(dataset);
  requireNumbers({ name: dataset.targetName, labels: dataset.origin?.labels }, loss);
  return dataset;
}

function labelledDataset(dataset: Dataset): Dataset {
  const { targetName: name, exampleWeights, origin } = dataset;
  const { targets, classes } = labelledTargets(
    { name, values: dataset.targets, labels: origin?.labels },
    exampleWeights,
  );
  if (targets === dataset.targets && isSame(classes, ZERO_AND_ONE)) return dataset;
  const kept = { encoder: null, reading: null, inputs: null, ...origin, labels: classes };
  return withParts(dataset, { targets, origin: kept });
}

/** The labels of two classes as such, which they are after the logistic loss; null for all others. */
export function twoClasses(labels: readonly ClassLabel[] | null | undefined): Classes | null {
  const [first, second] = labels ?? [];
  return first === undefined || second === undefined ? null : [first, second];
}

/** Throws `INVALID_LABEL` for targets that are words, where numbers are learned. Truth values count as 1 and 0. */
export function requireNumbers({ name, labels }: Omit<LabelColumn, 'values'>, loss: Loss): void {
  const word = labels?.find((label) => typeof label === 'string');
  if (word === undefined) return;
  throw new DescentError('INVALID_LABEL', {
    got: `labels such as ${quote(word)} in '${name}' with loss '${loss}'`,
    expected: 'numbers, or the logistic loss',
    fix: "Pass loss: 'logistic' to tell two classes apart.",
    where: { column: name },
  });
}

/**
 * The codes of labels as a model of these classes has them. Throws `INVALID_LABEL` for a label of neither, with the row, counted
 * from `firstRow`.
 */
export function codesOf({ name, values, labels }: LabelColumn, classes: Classes, firstRow = 0): FloatArray {
  const codeOfLabel = labels?.map((label) => classes.indexOf(label));
  const [first, second] = classes;
  return values.map((value, row) => {
    if (codeOfLabel ? codeOfLabel[value] === 0 : value === first) return 0;
    if (codeOfLabel ? codeOfLabel[value] === 1 : value === second) return 1;
    const label = labels ? (labels[value] as ClassLabel) : value;
    throw noLabel(label, firstRow + row, name, `labels ${classes.map(shown).join(' and ')}`);
  });
}

/** The two classes of a list of labels. Throws `INVALID_LABEL` for more or fewer. */
export function classesOf(labels: readonly ClassLabel[], name: string): Classes {
  const [first, second, third] = labels;
  if (first === undefined || second === undefined) throw oneClass(first ?? 'none', name);
  if (third === undefined) return [first, second];
  const count = groupsBySpelling(labels.map(String)).length;
  const spelt = count < labels.length ? ` in ${labels.length} spellings, which differ by case only` : '';
  throw new DescentError('INVALID_LABEL', {
    got: `${count} different ${count === 1 ? 'label' : 'labels'} in '${name}'${spelt}: ${labels.slice(0, 5).map(shown).join(', ')}${labels.length > 5 ? ', …' : ''}`,
    ...TWO_CLASSES,
    ...(count < 3 && { fix: 'Write each label in one way.' }),
    where: { column: name },
  });
}

/** The two values of numbers, in rising order; 0 and 1 where there is no other. */
function valuesOf(values: FloatArray, name: string): Classes {
  if (values.every((value) => value === 0 || value === 1)) return ZERO_AND_ONE;
  const first = values[0] as number;
  const second = values.find((value) => value !== first);
  if (second === undefined) throw oneClass(first, name);
  const row = values.findIndex((value) => value !== first && value !== second);
  if (row >= 0)
    throw noLabel(values[row] as number, row, name, `labels of two classes, such as ${first} and ${second} before it`);
  return first < second ? [first, second] : [second, first];
}

const TWO_CLASSES = {
  expected: 'labels of two classes',
  fix: 'For numbers use another loss; of more classes train one model for each class against all others.',
};

function isSame(a: Classes, b: Classes): boolean {
  return a[0] === b[0] && a[1] === b[1];
}

const shown = (label: ClassLabel) => (typeof label === 'string' ? quote(label) : String(label));

export function oneClass(label: ClassLabel, name: string): DescentError {
  return new DescentError('INVALID_LABEL', {
    got: `only label ${shown(label)} in '${name}'`,
    expected: 'examples of both classes',
    fix: 'Check where the labels come from.',
    where: { column: name },
  });
}

export function noLabel(value: ClassLabel, row: number, name: string, expected = 'labels 0 and 1'): DescentError {
  return new DescentError('INVALID_LABEL', {
    got: `${shown(value)} in row ${row} of '${name}'`,
    expected,
    fix: TWO_CLASSES.fix,
    where: { row, column: name },
  });
}
