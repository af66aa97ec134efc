import { existsSync } from 'node:fs';
import type { BuildEnvironment, BuildOptions, Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { preloadParts, SCRIPT_PARTS } from './demo/preload-parts.js';
import { wordsBeforeScript } from './demo/words-before-script.js';
import { CONTENT_SECURITY, ISOLATION, TRUSTED_TYPES } from './pages/content-security.js';
import { DOCS_INPUT, docsBuild, docsServer } from './pages/docs/docs-plugin.js';
import { packageBuild, packagePlugins } from './scripts/package-build.js';
import { shortShaders } from './scripts/short-shaders.js';
import { plainReporter } from './test/support/plain-reporter.js';
import { CHROME } from './test/support/chrome.js';

/** The site asks nobody but the place that it came from. Only built: the server of `npm run dev` writes into the page. */
const contentSecurity = (more = ''): Plugin => ({
  name: 'content-security',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: {
        'http-equiv': 'Content-Security-Policy',
        content: CONTENT_SECURITY + more,
      },
      injectTo: 'head-prepend',
    },
  ],
});

/**
 * `vite build --mode docs-site`: the documentation as files that work from any folder, with the library in the package's
 * form for examples that run. It empties the folder; the two pages below come after it.
 */
const docsSiteBuild: UserConfig = {
  base: './',
  publicDir: false,
  build: {
    outDir: 'site',
    emptyOutDir: true,
    target: 'es2023',
    modulePreload: false,
    rolldownOptions: {
      input: DOCS_INPUT,
      preserveEntrySignatures: 'strict',
      output: { entryFileNames: 'assets/[name]-[hash].js' },
    },
  },
};

/** `vite build --mode site`: the teaching page, beside the documentation. */
const siteBuild: UserConfig = {
  root: 'demo',
  base: './',
  publicDir: false,
  build: {
    outDir: '../site/lesson',
    emptyOutDir: true,
    target: 'es2023',
    // Parts of the library are asked for again with every fit, and each time Vite's preloader would look through the page for
    // what it has preloaded; those that the first pictures need are named in the page instead.
    modulePreload: {
      polyfill: false,
      resolveDependencies: (_file, parts, { hostType }) => (hostType === 'html' ? parts : []),
    },
    rolldownOptions: { output: { codeSplitting: { groups: SCRIPT_PARTS } } },
  },
};

/** The benchmark's peers are bundled into its page where they are installed; a page without them does not offer them. */
const hasPeers = existsSync('bench/peers/node_modules');

/** `vite build --mode bench-site`: the page of the benchmark, beside them. */
const benchSiteBuild: UserConfig = {
  root: 'bench',
  base: './',
  publicDir: false,
  define: { BUILT_WITHOUT_PEERS: String(!hasPeers) },
  build: {
    outDir: '../site/bench',
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: { external: hasPeers ? [] : [/^@tensorflow\//, /^@jax-js\//] },
  },
};

/**
 * `vite build --mode bench`: the command line of the benchmark, whose pages are served as they are, and the runner for
 * Node, one file with all it needs, to be carried to a machine that has nothing else.
 */
const benchOutput: BuildOptions = { outDir: 'bench/dist', target: 'es2022', emptyOutDir: false };
const benchBuilds: UserConfig = {
  environments: {
    ssr: {
      build: {
        ...benchOutput,
        rolldownOptions: {
          input: {
            run: 'bench/run.ts',
            'larger-than-memory': 'bench/larger-than-memory/run.ts',
            warehouse: 'bench/warehouse/run.ts',
          },
        },
      },
    },
    node: {
      consumer: 'server',
      resolve: { noExternal: true },
      build: {
        ...benchOutput,
        rolldownOptions: {
          input: { 'bench-node': 'bench/node/run.ts' },
          output: { entryFileNames: '[name].mjs', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['ssr', 'node']) await builder.build(builder.environments[name] as BuildEnvironment);
    },
  },
};

/** The pages whose packages are bundled when the server starts; the benchmark's only once its peers are installed. */
const pages = ['demo/index.html'];
if (hasPeers) pages.push('bench/index.html', 'bench/remote/page.html');

/**
 * Test files that run at once: those in Node first, many of which wait for processes that they start, and then those in pages,
 * each page with a software adapter that takes more than a core. All together took a fifth longer on two cores.
 */
const AT_ONCE = { node: 3, pages: 2 };

/** What `--mode` asks for. */
const builds: Readonly<Record<string, UserConfig>> = {
  bench: benchBuilds,
  'docs-site': docsSiteBuild,
  site: siteBuild,
  'bench-site': benchSiteBuild,
};

export default defineConfig(({ mode, command }) => ({
  plugins: [
    docsServer(),
    wordsBeforeScript(),
    preloadParts(),
    contentSecurity(mode === 'bench-site' ? '' : TRUSTED_TYPES),
    shortShaders(),
    ...packagePlugins,
    ...(mode === 'docs-site' ? [docsBuild()] : []),
  ],
  // A package that is found late reloads the page, in the middle of a benchmark too.
  optimizeDeps: { entries: pages, include: ['papaparse', 'simple-statistics', 'uplot'] },
  server: {
    hmr: { overlay: false }, // a peer that is missing is a line in the benchmark's table, not a page over it
    // jax-js wants shared memory for its wasm threads, and tests try it.
    headers: ISOLATION,
  },
  worker: { format: 'es' }, // the library loads parts of itself when they are needed
  ...(command === 'build' ? (builds[mode] ?? packageBuild) : {}),
  test: {
    reporters: ['default', plainReporter()],
    setupFiles: ['test/support/typed-arrays.ts'],
    isolate: false, // a page or a process of its own for each file loads all modules again, and compiles all kernels
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/**/*.gpu.test.ts',
            'test/trust/long/**',
            'test/naga/**',
            'test/firefox/**',
            'test/page/**',
            'test/programs/**',
            'test/engines/**',
            'test/consumers/**',
            'test/examples/**',
            'test/hosts/**',
          ],
          maxWorkers: AT_ONCE.node,
          testTimeout: 60_000, // pages and compilers keep the cores busy meanwhile
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          sequence: { groupOrder: 1 },
          include: ['test/**/*.gpu.test.ts'],
          exclude: ['test/trust/long/**'],
          maxWorkers: AT_ONCE.pages,
          deps: { optimizer: { client: { include: ['papaparse'] } } },
          testTimeout: 60_000, // a software adapter runs shaders on the processor, and there may be few cores
          browser: CHROME,
        },
      },
    ],
  },
}));
