// @ts-check
// Mutants of files, by names that stay as long as their line does.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mutantsOfTypeScript } from './typescript.js';
import { mutantsOfWgsl } from './wgsl.js';

/** @typedef {{ at: number, from: string, to: string }} Change A place in a text, and what stands there instead. */
/** @typedef {Change & { file: string, name: string }} Mutant A change of a file, by a name. */

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The code that is mutated, by parts of the project that are sampled alike. */
export const PARTS = ['shaders', 'src/gpu', 'src/cpu', 'src/solve', 'src/moments'];

/** @param {string} file */
export const textOf = (file) => readFileSync(join(ROOT, file), 'utf8');

/** @type {Map<string, Mutant[]>} */
const found = new Map();

/**
 * The mutants of a file, as it was when they were first asked for. A name has the line in which it is and not its number, so that other lines may come and go.
 *
 * @param {string} file
 * @returns {Mutant[]}
 */
export function mutantsOf(file) {
  const mutants = found.get(file) ?? mutantsIn(file);
  found.set(file, mutants);
  return mutants;
}

/** @param {string} file @returns {Mutant[]} */
function mutantsIn(file) {
  const text = textOf(file);
  const changes = file.endsWith('.wgsl') ? mutantsOfWgsl(text) : mutantsOfTypeScript(text);
  /** @type {Map<string, number>} */
  const counts = new Map();
  return changes.map((change) => {
    const begin = text.lastIndexOf('\n', change.at) + 1;
    const end = text.indexOf('\n', change.at);
    const line = text.slice(begin, end < 0 ? text.length : end);
    const marked = `${line.slice(0, change.at - begin)}⟦${change.from} → ${change.to}⟧${line.slice(change.at - begin + change.from.length)}`;
    const name = `${file}: ${marked.trim()}`;
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return { ...change, file, name: count === 1 ? name : `${name} (${count})` };
  });
}

/** @param {Mutant} mutant */
export function mutated({ file, at, from, to }) {
  const text = textOf(file);
  return text.slice(0, at) + to + text.slice(at + from.length);
}

/**
 * The files below a folder that end like this.
 *
 * @param {string} folder
 * @param {RegExp} ending
 */
export function filesBelow(folder, ending) {
  const names = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => ending.test(name))
    .map((name) => `${folder}/${name}`)
    .sort();
}

/** A generator of random numbers from 0 to below 1 by a seed (mulberry32). */
function randomBy(/** @type {number} */ seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The items in an order by chance and by a seed.
 *
 * @template Item
 * @param {readonly Item[]} items
 * @param {() => number} random
 */
function shuffled(items, random) {
  const drawn = [...items];
  for (let k = 0; k < drawn.length; k++) {
    const other = k + Math.floor(random() * (drawn.length - k));
    [drawn[k], drawn[other]] = [/** @type {Item} */ (drawn[other]), /** @type {Item} */ (drawn[k])];
  }
  return drawn;
}

/**
 * A sample of a number of mutants of files, by chance and by a seed: one of each file before a second of any, so that small
 * files are not forgotten.
 *
 * @param {readonly string[]} files
 * @param {number} count
 * @param {number} seed
 * @param {(mutant: Mutant) => boolean} [isWanted]
 */
export function sampleOf(files, count, seed, isWanted = () => true) {
  const random = randomBy(seed);
  const left = shuffled(files, random).map((file) => shuffled(mutantsOf(file).filter(isWanted), random));
  const rounds = Math.max(...left.map((mutants) => mutants.length), 0);
  const drawn = Array.from({ length: rounds }, (_, round) =>
    left.flatMap((mutants) => mutants.slice(round, round + 1)),
  );
  return drawn.flat().slice(0, count);
}
