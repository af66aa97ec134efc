import { listOf, quoteName } from '../../base/quote-names.js';
import type { DescentError } from '../../base/errors.js';
import { emptyData, type TablePlan } from './plan-columns.js';
import type { ReadingReport } from './reading-report.js';

/** The error about rows of which none is left, with the columns that did it. */
export function nothingLeft({ source, columns, rowsRead }: ReadingReport, plan: TablePlan | undefined): DescentError {
  const got = `${source} whose ${rowsRead} rows all have a missing value`;
  const whole = columns.filter(({ missing }) => missing === rowsRead).map(({ name }) => name);
  const counts = columns
    .filter(({ missing }) => missing > 0)
    .map(({ name, missing }) => `${missing} in ${quoteName(name)}`);
  if (whole.length === 0) {
    return emptyData(
      `${got}: ${counts.join(', ')}`,
      "Fill features with missing: 'mean', or leave the emptiest columns out with exclude.",
    );
  }
  const isFeature = (name: string) => plan?.columns.some((column) => column.name === name && column.role === 'feature');
  const features = whole.filter(isFeature);
  const empty = `${whole.map(quoteName).join(' and ')} ${whole.length === 1 ? 'holds' : 'hold'} nothing else`;
  if (features.length < whole.length)
    return emptyData(`${got}: ${empty}`, 'Choose a target and weights that hold numbers.');
  return emptyData(
    `${got}: ${empty}`,
    `Leave ${whole.length === 1 ? 'it' : 'them'} out with exclude: ${listOf(...features)}.`,
  );
}
