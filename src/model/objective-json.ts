import { type ModelObjective } from './model-objective.js';
import { READER } from './model-reader.js';

const KEYS = ['fitIntercept', 'l1', 'l2'] as const satisfies readonly (keyof ModelObjective)[];

/** A saved objective, checked; null for none. */
export function readObjective(saved: unknown): ModelObjective | null {
  if (saved === null) return null;
  const { fitIntercept, l1, l2 } = READER.fields(saved, { required: KEYS });
  if (typeof fitIntercept !== 'boolean')
    throw READER.invalid(`${typeof fitIntercept} in fitIntercept`, 'true or false');
  return { fitIntercept, l1: penaltyIn(l1, 'l1'), l2: penaltyIn(l2, 'l2') };
}

function penaltyIn(saved: unknown, place: string): number {
  const penalty = READER.number(saved, place);
  if (penalty < 0) throw READER.invalid(`${penalty} in ${place}`, 'a number from 0 up');
  return penalty;
}
