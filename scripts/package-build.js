// @ts-check
// The build of the published package.

import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A build on a busy machine takes its time, which is nothing that whoever runs `npm start` should read about. */
const CHECKS = { bundlerTimings: false };

/** Packages that the built files import at run time instead of holding: users who need them install them. */
const EXTERNAL = [
  /^node:/,
  'apache-arrow',
  'hyparquet',
  'hyparquet-compressors',
  'papaparse',
  'puppeteer',
  '@puppeteer/browsers',
  '@sparticuz/chromium',
  'tar-fs',
];

/** Modules of src that the file for pages exports: its neighbors import them from there, so that there is one of each. */
const IN_BROWSER_FILE =
  /\/src\/(?:index|fit|fit-many|check-support|base\/errors|data\/dataset|data\/synthetic|moments\/moments|model\/linear-model)\.ts$/;

/** @type {import('vite').Plugin} */
const besideBrowserFile = {
  name: 'beside-browser-file',
  enforce: 'pre',
  applyToEnvironment: ({ name }) => name === 'page' || name === 'workerEntry',
  async resolveId(source, importer, options) {
    if (!importer) return null;
    const found = await this.resolve(source, importer, { ...options, skipSelf: true });
    return found && IN_BROWSER_FILE.test(found.id) ? { id: './webgpu-descent.js', external: 'absolute' } : found;
  },
};

/** The mark that keeps Vite from the address of the worker. */
const MARK = '/* @vite-ignore */';

/** @type {import('vite').Plugin} Takes it out, by blanks of its length, so that maps stay: the bundlers of users are to find the worker. */
const openToBundlers = {
  name: 'open-to-bundlers',
  applyToEnvironment: ({ name }) => name === 'client',
  renderChunk: (code, { fileName }) =>
    fileName === 'worker/open-worker.js' ? { code: code.replace(MARK, ' '.repeat(MARK.length)), map: null } : null,
};

/** @type {import('vite').Plugin} A page has no Dawn; a bundler that reads the file for pages would look for it. */
const withoutDawn = {
  name: 'without-dawn',
  enforce: 'pre',
  applyToEnvironment: ({ name }) => name === 'browser',
  load: (id) => (id.endsWith('/gpu/device/dawn.ts') ? 'export const loadDawn = () => Promise.resolve(null);' : null),
};

/** @type {import('vite').Plugin} One file has nothing to load ahead; the code for it would have bundlers warn of import.meta. */
const withoutPreload = {
  name: 'without-preload',
  enforce: 'pre',
  applyToEnvironment: ({ name }) => name === 'browser',
  load: (id) => (id.endsWith('vite/preload-helper.js') ? 'export const __vitePreload = (load) => load();' : null),
};

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** The folder that is built, which is dist/ of the package wherever it lies. */
let dist = '';

/** @type {import('vite').Plugin} */
const knowsDist = {
  name: 'knows-dist',
  configResolved: ({ root, build }) => void (dist = resolve(root, build.outDir)),
};

/** Plugins that only the builds of the package use. */
export const packagePlugins = [knowsDist, besideBrowserFile, openToBundlers, withoutDawn, withoutPreload];

/**
 * The path of a source from its map in the package: beside dist/ lies src/ there.
 *
 * @param {string} source
 * @param {string} map
 */
function inPackage(source, map) {
  const below = relative(ROOT, resolve(dirname(map), source));
  return below.startsWith('..') ? source : relative(dirname(map), join(dist, '..', below));
}

/** The licence of the package that the file for pages holds. */
const PAPAPARSE = readFileSync(new URL('../node_modules/papaparse/LICENSE', import.meta.url), 'utf8').trim();

/**
 * One file with all that it needs, for pages without a bundler and for workers. Without a map, which would be four times as large.
 *
 * @param {Record<string, string>} input
 * @param {(string | RegExp)[]} external
 * @param {string} [notice]
 * @returns {import('vite').EnvironmentOptions}
 */
function oneFile(input, external, notice = '') {
  return {
    consumer: 'client',
    build: {
      minify: true,
      emptyOutDir: false,
      modulePreload: false,
      chunkSizeWarningLimit: 1000,
      rolldownOptions: {
        checks: CHECKS,
        input,
        external,
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'browser/[name].js', codeSplitting: false, postBanner: notice },
      },
    },
  };
}

/**
 * Module by module for bundlers, which take what is used and drop the rest; and in one file for pages without one, beside which
 * lie the scripts of the command line's page and of workers. Maps lead to src/, which is in the package.
 *
 * @type {import('vite').UserConfig}
 */
export const packageBuild = {
  build: { target: 'es2022', minify: false },
  environments: {
    client: {
      build: {
        lib: {
          entry: {
            index: 'src/index.ts',
            arrow: 'src/data/arrow.ts',
            csv: 'src/data/csv.ts',
            model: 'src/load-model.ts',
            parquet: 'src/data/parquet.ts',
            sql: 'src/sql.ts',
            worker: 'src/create-worker.ts',
            'node/cli': 'src/node/cli/cli.ts',
          },
          formats: ['es'],
        },
        sourcemap: true,
        rolldownOptions: {
          checks: CHECKS,
          external: EXTERNAL,
          output: {
            preserveModules: true,
            preserveModulesRoot: 'src',
            sourcemapExcludeSources: true,
            sourcemapPathTransform: inPackage,
          },
        },
      },
    },
    browser: oneFile(
      { 'webgpu-descent': 'src/browser.ts' },
      [/^node:/],
      `/*! Holds Papa Parse (https://www.papaparse.com):\n${PAPAPARSE}\n*/`,
    ),
    page: oneFile({ page: 'src/node/browser/page-entry.ts' }, EXTERNAL),
    workerEntry: oneFile({ 'worker-entry': 'src/worker/entry.ts' }, EXTERNAL),
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'browser', 'page', 'workerEntry']) {
        const environment = builder.environments[name];
        if (environment) await builder.build(environment);
      }
    },
  },
};
