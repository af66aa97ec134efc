import { readFile, writeFile } from 'node:fs/promises';
import { DescentError } from '../../base/errors.js';
import { MergeTree } from '../../moments/merge-tree.js';
import { Moments } from '../../moments/moments.js';

/** The moments of all files together, one after another. Throws `FILE_UNREADABLE` and `INVALID_FILE`, with the file. */
export async function readMomentsFiles(files: readonly string[]): Promise<Moments> {
  const tree = new MergeTree();
  for (const file of files) tree.add(await readOne(file));
  return tree.whole as Moments;
}

async function readOne(file: string): Promise<Moments> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DescentError('FILE_UNREADABLE', {
      got: `${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'a file that moments --output wrote',
      fix: 'Check the path given with --moments.',
      where: { file },
      cause,
    });
  });
  try {
    return Moments.fromJSON(JSON.parse(text));
  } catch (cause) {
    throw new DescentError('INVALID_FILE', {
      got: `${file}: ${cause instanceof Error ? cause.message : String(cause)}`,
      expected: 'moments, as moments --output writes them',
      fix: 'Check that this is the right file, and that it has been copied to its end.',
      where: { file },
      cause,
    });
  }
}

export async function writeMoments(file: string, moments: Moments): Promise<void> {
  await writeFile(file, `${JSON.stringify(moments)}\n`);
}
