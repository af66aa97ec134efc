import { DescentError } from '../base/errors.js';
import { checkFinite, type Dataset, type FloatArray } from './checked-dataset.js';

/**
 * Throws for arrays of the caller's that have changed since they were checked: `SHAPE_MISMATCH` for one that was detached or
 * resized, and `NON_FINITE_VALUE` for one with other contents.
 */
export function requireUnchanged({
  columns,
  targets,
  exampleWeights,
  featureNames,
  targetName,
  exampleCount,
}: Dataset) {
  const all: [string, FloatArray][] = columns.map((column, j) => [featureNames[j] ?? '', column]);
  all.push([targetName, targets]);
  if (exampleWeights) all.push(['exampleWeights', exampleWeights]);
  for (const [name, values] of all) {
    if (values.length === exampleCount) continue;
    throw new DescentError('SHAPE_MISMATCH', {
      got: `${values.length} values in '${name}', whose memory was detached or resized during the call`,
      expected: `${exampleCount}, as at its beginning`,
      fix: 'Pass a copy, or transfer the array after the call.',
      where: { column: name },
    });
  }
  for (const [name, values] of all) checkFinite(values, name);
}
