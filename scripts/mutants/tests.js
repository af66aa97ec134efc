// @ts-check
// Tests in a process of their own, which is ended and begun anew where a mutant runs for ever.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** @typedef {import('./mutant.js').Mutant} Mutant */
/** @typedef {import('./worker.js').Outcome} Outcome */

const WORKER = fileURLToPath(new URL('worker.js', import.meta.url));

/** The most that passes until the first test file starts: the browser is launched, and modules are transformed. */
const MOST_TO_START_MS = 120_000;

/** The most for a test file whose time is not known, since it has passed in no run. */
const MOST_MS = 300_000;

/** The most for one that took this time when it passed: other programs may want the processor just then. */
const mostMs = (/** @type {number | undefined} */ ms) => (ms === undefined ? MOST_MS : 20_000 + 5 * ms);

export class Tests {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #worker;
  #msOf;

  /** @param {(test: string) => number | undefined} msOf the time of a test file without a mutant */
  constructor(msOf) {
    this.#msOf = msOf;
  }

  /**
   * The first failure of the tests with the mutant in place, in this order; none if all pass.
   *
   * @param {Mutant | null} mutant
   * @param {string[]} tests
   * @returns {Promise<Outcome>}
   */
  async run(mutant, tests) {
    const worker = await this.#open();
    return new Promise((resolve) => {
      let by = tests[0];
      let timer = setTimeout(() => lasts(), MOST_TO_START_MS);
      const end = (/** @type {Outcome} */ outcome) => {
        clearTimeout(timer);
        worker.off('message', onMessage).off('exit', onExit);
        resolve(outcome);
      };
      const lasts = () => {
        end({ failure: 'it runs for ever', by, testMs: {} });
        this.close();
      };
      const onMessage = (/** @type {{ outcome?: Outcome, started?: string }} */ { outcome, started }) => {
        if (outcome) return end(outcome);
        clearTimeout(timer);
        by = started;
        timer = setTimeout(lasts, mostMs(by === undefined ? undefined : this.#msOf(by)));
      };
      const onExit = () => {
        this.#worker = undefined;
        end({ failure: 'the process of the tests has ended', by, testMs: {} });
      };
      worker.on('message', onMessage).on('exit', onExit);
      worker.send({ mutant, tests });
    });
  }

  close() {
    const id = this.#worker?.pid;
    this.#worker = undefined;
    try {
      if (id !== undefined) process.kill(-id, 'SIGKILL'); // with its browser and its threads
    } catch {
      // it has ended by itself
    }
  }

  async #open() {
    if (this.#worker) return this.#worker;
    const worker = fork(WORKER, { detached: true, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    await new Promise((resolve, reject) => worker.once('message', resolve).once('exit', reject));
    this.#worker = worker;
    return worker;
  }
}
