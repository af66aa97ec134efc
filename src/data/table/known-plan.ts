// The columns of a table once a pass over it, or a model, has said how they are encoded.

import { DescentError } from '../../base/errors.js';
import type { ReadingSettings } from '../../options/reading.js';
import type { ColumnPlan } from '../cells/column.js';
import { LabelReader } from '../cells/label-column.js';
import { NumberReader } from '../cells/number-column.js';
import type { ColumnBatch } from '../source.js';
import { encode, plansOf } from './encode.js';
import { Encoder, type KeptEncoding } from './encoder.js';
import type { Classes } from './encoding.js';
import type { TablePlan } from './plan-columns.js';
import type { TableReading } from './table-reading.js';

/** A plan whose columns are known, and the encoder that follows from them. */
export interface KnownPlan extends TablePlan {
  encoder: Encoder;
  classes: readonly (Classes | null)[];
}

/** The options of reading for a model that has been trained: it says which values are missing, and what stands in their place. */
export function settingsOf({ encoder }: KeptEncoding, settings: ReadingSettings): ReadingSettings {
  if (settings.missing === 'mean' && !encoder?.fillsMissing) {
    throw new DescentError('INVALID_OPTION', {
      got: "missing 'mean' for a model without means",
      expected: "a model that was trained with missing: 'mean', which keeps them",
      fix: "Train it so, or leave rows with missing values out with missing: 'drop'.",
      where: { option: 'missing' },
    });
  }
  if (!encoder) return settings;
  const missing = settings.missing === 'error' && encoder.fillsMissing ? 'mean' : settings.missing;
  return { ...settings, missing, missingValues: [...settings.missingValues, ...encoder.missingValues] };
}

export function featuresOf({ columns, featureCount }: TablePlan): readonly ColumnPlan[] {
  return columns.slice(0, featureCount);
}

/** A column that waits for a proof of its notation, or has found one that its first cells do not have. */
export function isOpen(reading: TableReading): boolean {
  return reading.columns.some((column) => {
    if (!(column instanceof NumberReader)) return false;
    return column.isOpen || (column.notation.point === 'either' && column.notation.proofOfComma !== undefined);
  });
}

/** Points that were handed out as decimal cannot become marks between groups afterwards. */
export function refusePoints(reading: TableReading, handed: number): void {
  if (handed === 0) return;
  for (const column of reading.columns) {
    const proof = column instanceof NumberReader && column.notation.point !== 'none' && column.notation.proofOfComma;
    if (proof) column.refuseBeside(column.plan.name, proof);
  }
  reading.faults.throwIfAny();
}

export function encoderOf(reading: TableReading, { featureCount }: TablePlan, settings: ReadingSettings): Encoder {
  const encodings = reading.columns.slice(0, featureCount).map((column) => column.encoding());
  return new Encoder(encodings, settings.polynomial, settings.missingValues);
}

/** The plan with what a settled reading has found. */
export function knownPlan(plan: TablePlan, reading: TableReading, settings: ReadingSettings): KnownPlan {
  const classes = reading.columns
    .slice(plan.featureCount, plan.featureCount + plan.targetCount)
    .map((column) => (column instanceof LabelReader ? (column.classes ?? null) : null));
  const columns = reading.columns.map((column, k): ColumnPlan => {
    const known = classes[k - plan.featureCount];
    return { ...column.plan, known: column.encoding(), ...(known && { classes: known }) };
  });
  return { ...plan, columns, classes, encoder: encoderOf(reading, plan, settings) };
}

/** The numbers that a row becomes. */
export function encodedWidth({ columns, featureCount }: TablePlan, encoder: Encoder | null | undefined): number {
  return columns.length + (encoder ? encoder.featureNames.length - featureCount : 0);
}

/** The bytes of features that are not the columns themselves: levels of categories and products; 0 where there are none. */
export function encodedBytes({ encoder, featureCount }: KnownPlan, [first]: readonly ArrayLike<number>[]): number {
  const { length } = encoder.featureNames;
  return length > featureCount ? Float64Array.BYTES_PER_ELEMENT * (first?.length ?? 0) * length : 0;
}

/** The plan with what a model keeps of its columns. */
export function keptPlan(plan: TablePlan, { encoder, classes }: KeptEncoding): TablePlan {
  const encodings = new Map(encoder && plansOf(encoder).map((column) => [column.name, column]));
  const columns = plan.columns.map((column): ColumnPlan => {
    if (column.role === 'feature') return { ...column, ...encodings.get(column.name) };
    return column.kind === 'label' && classes ? { ...column, classes } : column;
  });
  return { ...plan, columns };
}

export function toBatch(
  encoder: Encoder,
  { featureCount, targetCount }: TablePlan,
  values: Float64Array[],
): ColumnBatch {
  const [targets = new Float64Array(0)] = values.slice(featureCount); // predictions have none
  const exampleWeights = values[featureCount + targetCount];
  return {
    features: encode(encoder, values.slice(0, featureCount)) as Float64Array[],
    targets,
    ...(exampleWeights && { exampleWeights }),
  };
}
