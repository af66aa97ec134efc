import { quote } from '../../base/quote.js';
import type { FaultWords } from './faults.js';

/** The words about a missing value, where missing values are refused. */
export function missingFault(text: string): () => FaultWords {
  return () => ({
    code: /^[-+]?nan$/i.test(text) ? 'NON_FINITE_VALUE' : 'MISSING_VALUE',
    got: text === '' ? 'an empty cell' : `${quote(text)}, a missing value`,
    expected: 'a value in every cell in use',
    fix: "Leave such rows out with missing: 'drop', or fill features with the mean of their column with missing: 'mean'.",
  });
}
