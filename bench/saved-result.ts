import { type BenchResult } from './result.js';
import { parseBenchResult } from './validate.js';

/** The results that the repository keeps, by their names, which begin with the date; of other benchmarks there are some, too. */
const RESULTS = import.meta.glob<string>(
  ['./results/*.json', '!./results/*-larger-than-memory.json', '!./results/*-warehouse.json'],
  {
    query: '?raw',
    import: 'default',
  },
);

/** The last result that was saved: what the lesson and the benchmark page show before anything is measured. */
export async function savedResult(): Promise<{ name: string; result: BenchResult }> {
  const [path, load] =
    Object.entries(RESULTS)
      .toSorted(([a], [b]) => a.localeCompare(b))
      .at(-1) ?? [];
  if (path === undefined || load === undefined) throw new Error('no result under bench/results');
  return { name: path.slice(path.lastIndexOf('/') + 1), result: parseBenchResult(await load()) };
}
