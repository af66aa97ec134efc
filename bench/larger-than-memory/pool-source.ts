import { signedUniforms } from '../../src/base/random.js';
import type { ColumnBatch, ExampleSource } from '../../src/data/source.js';

/** Examples of a source that repeats some batches, so that its optimum is that of these batches. */
export interface PoolSize {
  /** Rows of all batches. */
  rows: number;
  features: number;
  /** Rows of a batch, which divide those of all. */
  batchRows: number;
  /** Different batches. */
  batches: number;
}

/** Seeded batches of f64 columns, uniform about 0, 10, 20 …; labels depend on all features by chance. */
export function drawPool({ features, batchRows, batches }: Omit<PoolSize, 'rows'>): ColumnBatch[] {
  return Array.from({ length: batches }, (_, k) => {
    const draw = (j: number) => signedUniforms(1, k * (features + 1) + j, batchRows);
    const columns = Array.from({ length: features }, (_, j) => draw(j));
    const targets = draw(features).map((chance, i) => {
      const effect = columns.reduce((sum, column, j) => sum + (column[i] as number) / (j + 1), 0);
      return Number(effect + 2 * chance > 0);
    });
    return { features: columns.map((column, j) => column.map((value) => 10 * j + value)), targets };
  });
}

/** The pool again and again, each batch a fresh copy: what any source does at least. */
export function poolSource(pool: readonly ColumnBatch[], { rows, batchRows }: PoolSize): ExampleSource {
  const names = (pool[0] as ColumnBatch).features.map((_, j) => `x${j + 1}`);
  return {
    name: 'pool',
    columns: () => Promise.resolve({ features: names, target: 'y' }),
    async *batches() {
      for (let k = 0; k < rows / batchRows; k++) {
        const { features, targets } = pool[k % pool.length] as ColumnBatch;
        yield await Promise.resolve({ features: features.map((column) => column.slice()), targets: targets.slice() });
      }
    },
  };
}
