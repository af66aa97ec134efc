import type { Dataset, FloatArray } from '../data/dataset.js';

/** The features that separate the classes each by itself. */
export function separatingColumns({ columns, targets, exampleWeights }: Dataset): number[] {
  return columns.flatMap((column, j) => (separates(column, targets, exampleWeights) ? [j] : []));
}

function separates(column: FloatArray, targets: FloatArray, weights: FloatArray | undefined): boolean {
  // [label]: the least and the largest value of its examples
  const [least, largest] = [
    [Infinity, Infinity],
    [-Infinity, -Infinity],
  ];
  for (let i = 0; i < column.length; i++) {
    if (weights?.[i] === 0) continue;
    const [label, value] = [targets[i] as number, column[i] as number];
    least[label] = Math.min(least[label] as number, value);
    largest[label] = Math.max(largest[label] as number, value);
  }
  const [least0 = 0, least1 = 0] = least;
  const [largest0 = 0, largest1 = 0] = largest;
  if (least0 === largest1 && largest0 === least1) return false; // constant
  return largest0 <= least1 || largest1 <= least0;
}
