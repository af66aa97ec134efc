// The saved form of the classes of a model, checked.

import type { ClassLabel, Classes } from '../data/table/encoding.js';
import { READER } from './model-reader.js';

/** The two classes of a saved model; null for a model of numbers. */
export function readClasses(saved: unknown): Classes | null {
  if (saved === null) return null;
  const list = READER.list(saved, 'classes');
  if (list.length !== 2) throw READER.invalid(`${list.length} classes`, 'two');
  const [first, second] = list.map(readLabel) as [ClassLabel, ClassLabel];
  if (first === second) throw READER.invalid('two classes of one label', 'different labels');
  return [first, second];
}

function readLabel(label: unknown): ClassLabel {
  if (typeof label === 'string' || typeof label === 'boolean') return label;
  return READER.number(label, 'classes');
}
