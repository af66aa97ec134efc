import { readFile, writeFile } from 'node:fs/promises';
import { markdownOf } from './markdown.js';
import { parseBenchResult } from './validate.js';

const BEGIN = '<!-- bench -->';
const END = '<!-- /bench -->';

/** The text with everything between the two marks replaced. Throws a RangeError when it does not have both, in order. */
export function withBenchTable(readme: string, table: string): string {
  const begin = readme.indexOf(BEGIN);
  const end = readme.indexOf(END, begin);
  if (begin < 0 || end < 0)
    throw new RangeError(`README.md lacks ${BEGIN} and ${END}; expected one of each, in this order`);
  return `${readme.slice(0, begin + BEGIN.length)}\n\n${table.trim()}\n\n${readme.slice(end)}`;
}

/** Rewrites the table of README.md from a saved result, so that no number of it is ever typed. */
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
  await writeFile('README.md', withBenchTable(await readFile('README.md', 'utf8'), markdownOf(result)));
  console.log(`README.md now has the table of ${file}`);
}
