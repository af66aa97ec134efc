import type { FloatArray } from './dataset.js';
import { DescentError } from '../base/errors.js';

/**
 * Throws `INVALID_LABEL` unless the targets are what the logistic loss learns: each 0 or 1, and both among the examples
 * that count. Of one class alone there is no best model: the bias would grow for ever.
 */
export function checkLabels(targets: FloatArray, name: string, weights?: FloatArray): void {
  requireLabels(targets, name);
  const missing = [0, 1].find((label) => !targets.some((target, i) => target === label && weights?.[i] !== 0));
  if (missing !== undefined) throw oneClass(1 - missing, name);
}

/** Throws `INVALID_LABEL`, with the row, for a target that is not 0 or 1. */
export function requireLabels(targets: FloatArray, name: string): void {
  const row = targets.findIndex((target) => target !== 0 && target !== 1);
  if (row >= 0) throw noLabel(targets[row] as number, row, name);
}

export function oneClass(label: number, name: string): DescentError {
  return new DescentError('INVALID_LABEL', {
    got: `only label ${label} in '${name}'`,
    expected: 'examples of both classes',
    fix: 'Check where the labels come from.',
    where: { column: name },
  });
}

export function noLabel(value: number, row: number, name: string): DescentError {
  return new DescentError('INVALID_LABEL', {
    got: `${value} in row ${row} of '${name}'`,
    expected: 'labels 0 and 1',
    fix: "Map the two classes to 0 and 1, or use another loss than 'logistic'.",
    where: { row, column: name },
  });
}
