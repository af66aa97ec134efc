// @ts-check
// A process that runs tests on one mutant after another, as its parent says, which ends it where a mutant runs for ever.

import { join } from 'node:path';
import { createVitest } from 'vitest/node';
import { ROOT } from './mutant.js';
import { MUTANT, TESTS } from './plugin.js';

/** @typedef {import('./mutant.js').Mutant} Mutant */
/** @typedef {{ mutant: Mutant | null, tests: string[] }} Job */
/** @typedef {{ failure?: string, by?: string | undefined, testMs: Record<string, number> }} Outcome */

/** @param {import('vitest/node').TestModule} module */
const onTestModuleStart = ({ relativeModuleId }) => void process.send?.({ started: relativeModuleId });

const vitest = await createVitest('test', {
  root: ROOT,
  config: join(ROOT, 'test/mutants/vite.config.ts'),
  watch: false,
  bail: 1,
  onConsoleLog: () => false,
  reporters: [{ onTestModuleStart }],
});

/** The first failure, in words. @param {import('vitest/node').TestRunResult} result @returns {Omit<Outcome, 'testMs'>} */
function failureOf({ testModules, unhandledErrors }) {
  for (const module of testModules) {
    const by = module.relativeModuleId;
    for (const test of module.children.allTests('failed'))
      return { failure: `${test.fullName}: ${test.result().errors?.[0]?.message}`, by };
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0) return { failure: `${suite.fullName}: ${suite.errors()[0]?.message}`, by };
    const [error] = module.errors();
    if (error) return { failure: `${by}: ${error.message}`, by };
  }
  if (unhandledErrors.length > 0) return { failure: String(/** @type {Error} */ (unhandledErrors[0]).message) };
  return testModules.length === 0 ? { failure: 'no tests' } : {};
}

/** The time of each test file that was run. @param {import('vitest/node').TestRunResult} result */
function timesOf({ testModules }) {
  /** @type {Record<string, number>} */
  const testMs = {};
  for (const module of testModules) {
    const { duration, collectDuration, setupDuration } = module.diagnostic();
    testMs[module.relativeModuleId] = Math.ceil(duration + collectDuration + setupDuration);
  }
  return testMs;
}

/** @param {Job} job @returns {Promise<Outcome>} */
async function run({ mutant, tests }) {
  if (mutant) process.env[MUTANT] = JSON.stringify(mutant);
  else delete process.env[MUTANT];
  process.env[TESTS] = JSON.stringify(tests);
  if (mutant) vitest.invalidateFile(join(ROOT, mutant.file));
  vitest.state.filesMap.clear(); // failures of the mutant before would count, and end this run as it begins
  vitest.state.errorsSet.clear();
  const files = new Set(tests.map((file) => join(ROOT, file)));
  const all = await vitest.globTestSpecifications();
  const specifications = all.filter(({ moduleId }) => files.has(moduleId));
  try {
    const result = await vitest.runTestSpecifications(specifications);
    return { ...failureOf(result), testMs: timesOf(result) };
  } finally {
    if (mutant) vitest.invalidateFile(join(ROOT, mutant.file));
  }
}

process.on('message', async (/** @type {Job} */ job) => {
  const outcome = await run(job).catch((error) => ({ failure: String(error), testMs: {} }));
  if (process.connected) process.send?.({ outcome });
});
process.on('disconnect', () => void vitest.exit(true));
process.send?.({ ready: true });
