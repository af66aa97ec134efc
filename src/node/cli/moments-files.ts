import { writeFile } from 'node:fs/promises';
import { MergeTree } from '../../moments/merge-tree.js';
import { Moments } from '../../moments/moments.js';
import { parsedAs, readJson } from './read-json.js';

/** The moments of all files together, one after another. Throws `FILE_UNREADABLE` and `INVALID_FILE`, with the file. */
export async function readMomentsFiles(files: readonly string[]): Promise<Moments> {
  const tree = new MergeTree();
  for (const file of files) {
    const saved = { file, flag: '--moments', expected: 'moments, as moments --output writes them' };
    const parsed = await readJson(saved);
    tree.add(parsedAs(saved, () => Moments.fromJSON(parsed)));
  }
  return tree.whole as Moments;
}

export async function writeMoments(file: string, moments: Moments): Promise<void> {
  await writeFile(file, `${JSON.stringify(moments)}\n`);
}
