// `npm run test:mutants`: tests in Node and in Chrome, with a mutant in place of one file.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { ISOLATION } from '../../pages/content-security.js';
import { mutants, TESTS } from '../../scripts/mutants/plugin.js';
import { shortShaders } from '../../scripts/short-shaders.js';
import { CHROME } from '../support/chrome.js';

/** Other folders are tests of pages, of the command line and of other hosts. */
const EXCLUDED = [
  'test/{page,firefox,naga,engines,hosts,node,programs,examples,consumers}/**',
  'test/trust/long/**',
  'test/mutants/**',
];

/** Tests in the order in which they are likely to notice the mutant soon: the first failure ends the run. */
class InOrder extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    const order = JSON.parse(process.env[TESTS] ?? '[]') as string[];
    const placeOf = ({ moduleId }: TestSpecification) => order.findIndex((file) => moduleId.endsWith(`/${file}`));
    return specifications.sort((a, b) => placeOf(a) - placeOf(b));
  }
}

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  plugins: [mutants(), shortShaders()],
  optimizeDeps: { entries: [], include: ['papaparse', 'simple-statistics'] },
  cacheDir: 'node_modules/.vite-mutants',
  server: { watch: null, headers: ISOLATION },
  test: {
    setupFiles: ['test/support/typed-arrays.ts'],
    sequence: { sequencer: InOrder },
    isolate: false,
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: 'node', include: ['test/**/*.test.ts'], exclude: ['**/*.gpu.test.ts', ...EXCLUDED] },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.gpu.test.ts'],
          exclude: EXCLUDED,
          deps: { optimizer: { client: { include: ['papaparse'] } } },
          browser: CHROME,
        },
      },
    ],
  },
});
