import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { MergeTree } from '../../moments/merge-tree.js';
import { Moments } from '../../moments/moments.js';
import { invalidSaved, parseJson, parsedAs, readText, type SavedFile } from './read-json.js';

/** The name of standard input among files. */
const STANDARD_INPUT = '-';

/**
 * The moments of all files together, one after another; a file holds those of one part or of many, a line of JSON each. Throws
 * `FILE_UNREADABLE` and `INVALID_FILE`, with the file.
 */
export async function readMomentsFiles(files: readonly string[]): Promise<Moments> {
  const tree = new MergeTree();
  for (const file of files) {
    const isInput = file === STANDARD_INPUT;
    const expected = 'moments, as moments --output writes them';
    const saved = { file: isInput ? 'standard input' : file, flag: '--moments', expected };
    const whole = isInput ? await text(process.stdin) : await readText(saved);
    for (const part of partsIn(whole, saved)) tree.add(parsedAs(saved, () => Moments.fromJSON(part)));
  }
  return tree.whole as Moments;
}

/** The parts that a text holds: one, in any layout, or one in each line. */
function partsIn(whole: string, saved: SavedFile): unknown[] {
  const lines = whole.split('\n').filter((line) => line.trim() !== '');
  if (lines.length === 0) throw invalidSaved(saved, 'nothing in it');
  const isOnePerLine = lines.length > 1 && lines.every((line) => line.trimEnd().endsWith('}') && line.startsWith('{'));
  return (isOnePerLine ? lines : [whole]).map((part) => parseJson(part, saved));
}

export async function writeMoments(file: string, moments: Moments): Promise<void> {
  await writeFile(file, `${JSON.stringify(moments)}\n`);
}
