import { readFile } from 'node:fs/promises';
import { collectDataset, type Dataset } from '../../src/data/dataset.js';
import { csvSource } from '../../src/data/csv.js';

/** One of the datasets with published answers in test/data. */
export async function published(
  name: 'norris' | 'longley' | 'stackloss' | 'challenger',
  target: string,
): Promise<Dataset> {
  const text = await readFile(new URL(`../data/${name}.csv`, import.meta.url), 'utf8');
  return collectDataset(csvSource(text, { target }));
}
