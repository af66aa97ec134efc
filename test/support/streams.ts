import type { ColumnInput } from '../../src/data/dataset.js';
import type { ColumnBatch, ExampleSource } from '../../src/data/source.js';
import type { Loss } from '../../src/options/names.js';
import { normals } from './examples.js';
import { drawProblem } from './solver-problems.js';

/** Batches in turn have these shares of the rows of a whole one: they are ragged. */
const SHARES = [1, 0.7, 0.9, 0.31];

/** The standard deviations and the means of the features. */
export const SPREADS = [1, 30, 0.02, 5];
const OFFSETS = [0, 400, -3, 1900];

/** Examples of a source for tests. */
export interface StreamExamples {
  rows: number;
  /** The most rows of a batch. */
  batch: number;
  loss: Loss;
  isWeighted?: boolean;
}

/** A source for tests: its examples, and counts of the passes over it. */
export interface TestStream extends ExampleSource {
  /** [4] columns of [rows]. */
  columnsOfAll: readonly Float64Array[];
  targets: Float64Array;
  exampleWeights: Float64Array | undefined;
  begun: number;
  ended: number;
}

/** Four features of different scales and offsets, and targets with outliers in ragged batches. Each tenth weight is 0. */
export function streamOf({ rows, batch, loss, isWeighted = false }: StreamExamples): TestStream {
  const problem = drawProblem(5, { loss, m: rows, d: 4, rho: 0.3, effect: 0.7 });
  const columns = problem.columns.map((column, j) =>
    Float64Array.from(column, (value) => (SPREADS[j] as number) * value + (OFFSETS[j] as number)),
  );
  const wild = normals(91, rows);
  const targets = Float64Array.from(problem.targets, (value, i) =>
    loss === 'logistic' ? value : 10 + value + (i % 23 === 0 ? 20 * (wild[i] as number) : 0),
  );
  const weights = isWeighted
    ? Float64Array.from(normals(77, rows), (value, i) => (i % 10 === 0 ? 0 : 1 + Math.abs(value)))
    : undefined;
  return sourceOfColumns(columns, targets, weights, batch);
}

/** The same examples as columns in memory. */
export function arraysOf({ columnsOfAll, targets, exampleWeights }: TestStream): ColumnInput {
  const columns = Object.fromEntries(columnsOfAll.map((column, j) => [`x${j + 1}`, column]));
  return { columns, targets, ...(exampleWeights && { exampleWeights }) };
}

/** The columns in ragged batches, each a copy. */
export function sourceOfColumns(
  columns: readonly Float64Array[],
  targets: Float64Array,
  exampleWeights: Float64Array | undefined,
  batch: number,
): TestStream {
  return {
    name: 'stream',
    columnsOfAll: columns,
    targets,
    exampleWeights,
    begun: 0,
    ended: 0,
    columns: () => Promise.resolve({ features: columns.map((_, j) => `x${j + 1}`), target: 'y' }),
    async *batches(): AsyncGenerator<ColumnBatch> {
      this.begun += 1;
      try {
        for (let from = 0, k = 0; from < targets.length; k++) {
          const to = Math.min(targets.length, from + Math.ceil(batch * (SHARES[k % SHARES.length] as number)));
          yield await Promise.resolve({
            features: columns.map((column) => column.slice(from, to)),
            targets: targets.slice(from, to),
            ...(exampleWeights && { exampleWeights: exampleWeights.slice(from, to) }),
          });
          from = to;
        }
      } finally {
        this.ended += 1;
      }
    },
  };
}
