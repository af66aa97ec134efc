// @ts-check
// Gives tests a mutant in place of its file.

import { join } from 'node:path';
import { withoutComments } from '../short-shaders.js';
import { mutated, ROOT } from './mutant.js';

/** The variable of this process that holds the mutant, as JSON: the configuration that reads it is a bundle of its own. */
export const MUTANT = 'MUTANT_UNDER_TEST';

/** The variable that holds the tests of this run, as JSON, in their order. */
export const TESTS = 'TESTS_OF_MUTANT';

/** @returns {import('vite').Plugin} */
export function mutants() {
  return {
    name: 'mutants',
    enforce: 'pre',
    load(id) {
      const mutant = JSON.parse(process.env[MUTANT] ?? 'null');
      const [path, query = ''] = id.split('?');
      if (mutant === null || path !== join(ROOT, mutant.file)) return null;
      const text = mutated(mutant);
      return /\braw\b/.test(query) ? `export default ${JSON.stringify(withoutComments(text))};` : text;
    },
  };
}
