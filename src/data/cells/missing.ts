import { quote } from '../../base/quote.js';
import type { ReadingUse } from './column.js';
import type { FaultWords } from './faults.js';

/** The ways out of missing values: those of the one who trains a model, or of one who uses it. */
const FIXES: Readonly<Record<ReadingUse, string>> = {
  train:
    "Leave such rows out with missing: 'drop', or fill features with the mean of their column with missing: 'mean'.",
  score: "Leave such rows out with missing: 'drop'; a model that was trained with missing: 'mean' fills them.",
  predict:
    "With missing: 'drop' such rows have no prediction; a model that was trained with missing: 'mean' fills them.",
};

/** The words about a missing value, where missing values are refused. */
export function missingFault(text: string, use: ReadingUse): () => FaultWords {
  return () => ({
    code: /^[-+]?nan$/i.test(text) ? 'NON_FINITE_VALUE' : 'MISSING_VALUE',
    got: text === '' ? 'an empty cell' : `${quote(text)}, a missing value`,
    expected: 'a value in every cell in use',
    fix: FIXES[use],
  });
}
