import { readFile, writeFile } from 'node:fs/promises';
import { markdownOf } from './markdown.js';
import { parseBenchResult } from './validate.js';

/** The text with everything between two marks replaced. Throws a RangeError when it does not have both, in order. */
export function withTable(page: string, table: string, { mark, name }: { mark: string; name: string }): string {
  const [first, last] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const begin = page.indexOf(first);
  const end = page.indexOf(last, begin);
  if (begin < 0 || end < 0)
    throw new RangeError(`${name} lacks ${first} and ${last}; expected one of each, in this order`);
  return `${page.slice(0, begin + first.length)}\n\n${table.trim()}\n\n${page.slice(end)}`;
}

/** The same between the marks of the benchmark. */
export function withBenchTable(page: string, table: string, name = 'README.md'): string {
  return withTable(page, table, { mark: 'bench', name });
}

/** Rewrites the tables of README.md and README.ko.md, epochs, and of bench/README.md, all, from a saved result: no number is ever typed. */
export async function writeReadmeTable(file: string): Promise<void> {
  const json = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new RangeError(`--readme ${file} cannot be read (${String(error)}); expected a result file`, {
      cause: error,
    });
  });
  let result;
  try {
    result = parseBenchResult(json);
  } catch (error) {
    throw new RangeError(`--readme ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const epochs = markdownOf({ ...result, jobs: [] });
  const tables = { 'README.md': epochs, 'README.ko.md': epochs, 'bench/README.md': markdownOf(result) };
  for (const [page, table] of Object.entries(tables)) {
    await writeFile(page, withBenchTable(await readFile(page, 'utf8'), table, page));
  }
  console.log(`README.md, README.ko.md and bench/README.md now have the tables of ${file}`);
}
