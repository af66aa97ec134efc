import { existsSync } from 'node:fs';
import type { BuildEnvironment, BuildOptions, Plugin, UserConfig } from 'vite';
import { defineConfig } from 'vitest/config';
import { shortShaders } from './scripts/short-shaders.js';
import { plainReporter } from './test/support/plain-reporter.js';
import { puppeteer } from './test/support/puppeteer-provider.js';

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

/** `npm run dev` opens on the demo. */
const demoFirst: Plugin = {
  name: 'demo-first',
  configureServer({ middlewares }) {
    middlewares.use((request, response, next) => {
      if (request.url === '/') response.writeHead(302, { location: '/demo/' }).end();
      else next();
    });
  },
};

/**
 * The published package. Module by module for bundlers, which take what is used and drop the rest; and in few files for
 * pages without one, such as the page of the command line.
 */
const packageBuild: UserConfig = {
  build: {
    target: 'es2022',
    minify: false,
    lib: {
      entry: {
        index: 'src/index.ts',
        arrow: 'src/data/arrow.ts',
        csv: 'src/data/csv.ts',
        parquet: 'src/data/parquet.ts',
        sql: 'src/sql.ts',
        'node/cli': 'src/node/cli/cli.ts',
      },
      formats: ['es'],
    },
    rolldownOptions: { external: EXTERNAL, output: { preserveModules: true, preserveModulesRoot: 'src' } },
  },
  environments: {
    pages: {
      consumer: 'client',
      build: {
        lib: false,
        minify: true,
        emptyOutDir: false,
        modulePreload: false,
        rolldownOptions: {
          input: { 'webgpu-descent': 'src/index.ts', page: 'src/node/browser/page-entry.ts' },
          external: EXTERNAL,
          preserveEntrySignatures: 'strict',
          output: {
            entryFileNames: 'browser/[name].js',
            chunkFileNames: 'browser/[name]-[hash].js',
            preserveModules: false,
          },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const name of ['client', 'pages']) await builder.build(builder.environments[name] as BuildEnvironment);
    },
  },
};

/** The site asks nobody but the place that it came from. Only built: the server of `npm run dev` writes into the page. */
const contentSecurity: Plugin = {
  name: 'content-security',
  apply: 'build',
  transformIndexHtml: () => [
    {
      tag: 'meta',
      attrs: {
        'http-equiv': 'Content-Security-Policy',
        content:
          // Kernels of the CPU are compiled from bytes that the page itself writes, and its workers from text.
          "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; form-action 'none'",
      },
      injectTo: 'head-prepend',
    },
  ],
};

/** `vite build --mode site`: the teaching page as files that work from any folder. */
const siteBuild: UserConfig = {
  root: 'demo',
  base: './',
  publicDir: false,
  build: { outDir: '../site', emptyOutDir: true, target: 'es2023' },
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
        rolldownOptions: { input: { run: 'bench/run.ts', 'larger-than-memory': 'bench/larger-than-memory/run.ts' } },
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
if (existsSync('bench/peers/node_modules')) pages.push('bench/index.html', 'bench/remote/page.html');

/**
 * Test files that run at once in pages, and as many beside them in Node: much of a test is waiting for a device.
 * The same number everywhere, since Vitest gives projects that differ in it turns of their own.
 */
const AT_ONCE = 2;

/** What `--mode` asks for. */
const builds: Readonly<Record<string, UserConfig>> = { bench: benchBuilds, site: siteBuild };

export default defineConfig(({ mode, command }) => ({
  plugins: [demoFirst, contentSecurity, shortShaders()],
  // A package that is found late reloads the page, in the middle of a benchmark too.
  optimizeDeps: { entries: pages, include: ['papaparse', 'simple-statistics', 'uplot'] },
  server: {
    hmr: { overlay: false }, // a peer that is missing is a line in the benchmark's table, not a page over it
    // Isolation gives a page the shared memory that jax-js wants for its wasm threads.
    headers: { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' },
  },
  worker: { format: 'es' }, // the library loads parts of itself when they are needed
  ...(command === 'build' ? (builds[mode] ?? packageBuild) : {}),
  test: {
    reporters: ['default', plainReporter()],
    isolate: false, // a page or a process of its own for each file loads all modules again, and compiles all kernels
    projects: [
      {
        extends: true,
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          exclude: [
            'test/**/*.gpu.test.ts',
            'test/naga/**',
            'test/firefox/**',
            'test/page/**',
            'test/node/bench-page.test.ts',
            'test/engines/**',
          ],
          maxWorkers: AT_ONCE,
          testTimeout: 30_000, // pages and compilers keep the cores busy meanwhile
        },
      },
      {
        extends: true,
        test: {
          name: 'browser',
          include: ['test/**/*.gpu.test.ts'],
          maxWorkers: AT_ONCE,
          deps: { optimizer: { client: { include: ['papaparse'] } } },
          testTimeout: 60_000, // a software adapter runs shaders on the processor, and there may be few cores
          browser: {
            enabled: true,
            headless: true,
            provider: puppeteer(),
            instances: [{ browser: 'chrome' }],
            screenshotFailures: false,
          },
        },
      },
    ],
  },
}));
