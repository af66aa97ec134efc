// @ts-check
// The verdict on a mutant: the first test that fails with it, and passes without it.

import { isRefusedShader, TypeCheck } from './compiles.js';
import { Tests } from './tests.js';
import { testsOf } from './tests-of.js';

/** @typedef {import('./mutant.js').Mutant} Mutant */
/** @typedef {import('./known.js').Known} Known */
/** @typedef {{ word: 'killed' | 'lives' | 'refused', failure?: string }} Verdict */

export class Judge {
  #known;
  #types = new TypeCheck();
  /** @type {Map<string, Promise<boolean>>} True for a test file that passes without a mutant. */
  #passes = new Map();
  /** @type {string[]} Test files that fail without a mutant, with their failures. */
  failing = [];

  #mostMs;

  /**
   * @param {Known} known
   * @param {number} mostMs the most time of the tests that a mutant meets, as far as it is known
   */
  constructor(known, mostMs) {
    this.#known = known;
    this.#mostMs = mostMs;
  }

  /** A process of tests for `verdictOn`. */
  open() {
    return new Tests((test) => this.#known.msOf(test));
  }

  /**
   * `killed` if a test fails, of which the one that noticed the mutant before is tried first, and then the nearest; `refused`
   * if a compiler takes no such text.
   *
   * @param {Tests} tests
   * @param {Mutant} mutant
   * @returns {Promise<Verdict>}
   */
  async verdictOn(tests, mutant) {
    if (!this.#types.accepts(mutant)) return { word: 'refused', failure: 'an error of types' };
    const lists = this.#listsOf(mutant);
    const before = this.#known.noticedBy(mutant);
    if (before !== undefined) lists.unshift([before]);
    /** @type {Set<string>} Tests that pass, or that tell nothing since they fail without the mutant, too. */
    const done = new Set();
    for (const list of lists) {
      for (;;) {
        const left = list.filter((test) => !done.has(test));
        if (left.length === 0) break;
        const { failure, by = /** @type {string} */ (left[0]), testMs } = await tests.run(mutant, left);
        if (failure === undefined) {
          this.#known.addTimes(testMs);
          for (const test of left) done.add(test);
        } else if (isRefusedShader(failure)) {
          return { word: 'refused', failure };
        } else if (await this.#passesAlone(tests, by)) {
          this.#known.addNotice(mutant, by);
          return { word: 'killed', failure: `${by} ${failure}` };
        } else {
          done.add(by);
        }
      }
    }
    return { word: 'lives' };
  }

  /** The tests that a mutant meets: the nearest, all of its kernels, and of the others those that do not take too long. */
  #listsOf(/** @type {Mutant} */ { file }) {
    const msOf = (/** @type {string} */ test) => this.#known.msOf(test);
    let totalMs = 0;
    const lists = testsOf(file, msOf).map((list, k) =>
      list.filter((test, at) => {
        const ms = msOf(test) ?? 0;
        if (k === 0 && (at === 0 || file.endsWith('.wgsl'))) return true;
        const fits = totalMs + ms <= this.#mostMs;
        if (fits) totalMs += ms;
        return fits;
      }),
    );
    return lists.filter((list) => list.length > 0);
  }

  /** True for a test file that passes without a mutant, at once or when it is run again. */
  #passesAlone(/** @type {Tests} */ tests, /** @type {string} */ test) {
    let passes = this.#passes.get(test);
    if (!passes) {
      passes = this.#try(tests, test);
      this.#passes.set(test, passes);
    }
    return passes;
  }

  async #try(/** @type {Tests} */ tests, /** @type {string} */ test) {
    let { failure, testMs } = await tests.run(null, [test]);
    if (failure !== undefined) ({ failure, testMs } = await tests.run(null, [test]));
    if (failure === undefined) this.#known.addTimes(testMs);
    else this.failing.push(`${test}: ${failure}`);
    return failure === undefined;
  }
}
