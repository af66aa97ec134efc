// @ts-check
// Findings of earlier runs, which make the next one shorter: the time of each test file, and the test that noticed a mutant,
// which is tried first. With `--resume` it is taken at its word, as long as neither text has changed.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, textOf } from './mutant.js';

/** @typedef {import('./mutant.js').Mutant} Mutant */
/** @typedef {{ by: string, texts: string }} Notice A test file, and a digest of it and of the file of the mutant. */

const FILE = join(ROOT, 'node_modules/.cache/mutants.json');

/** @param {string} file @param {string} test */
const digestOf = (file, test) => createHash('sha256').update(textOf(file)).update(textOf(test)).digest('hex');

export class Known {
  /** @type {Record<string, number>} */
  #testMs = {};
  /** @type {Record<string, Notice>} */
  #notices = {};

  constructor() {
    try {
      const { testMs = {}, notices = {} } = JSON.parse(readFileSync(FILE, 'utf8'));
      this.#testMs = testMs;
      this.#notices = notices;
    } catch {
      // there was no run before
    }
  }

  /** @param {string} test */
  msOf(test) {
    return this.#testMs[test];
  }

  /** The test that noticed a mutant before. @param {Mutant} mutant */
  noticedBy({ name }) {
    return this.#notices[name]?.by;
  }

  /** The same, if it and the file of the mutant are as they were. @param {Mutant} mutant */
  stillNoticedBy({ name, file }) {
    const notice = this.#notices[name];
    return notice && notice.texts === digestOf(file, notice.by) ? notice.by : undefined;
  }

  /** @param {Record<string, number>} testMs */
  addTimes(testMs) {
    Object.assign(this.#testMs, testMs);
  }

  /** @param {Mutant} mutant @param {string} by */
  addNotice({ name, file }, by) {
    this.#notices[name] = { by, texts: digestOf(file, by) };
  }

  save() {
    mkdirSync(dirname(FILE), { recursive: true });
    writeFileSync(FILE, JSON.stringify({ testMs: this.#testMs, notices: this.#notices }));
  }
}
