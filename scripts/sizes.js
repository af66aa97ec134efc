// @ts-check
// The sizes of what a page loads from the built package, as the table in docs/sizes.md says them, and the limits that
// `npm run check` holds. `npm run build` comes before.
//
//     node scripts/sizes.js            fails if a size is over its limit, or not that of the table
//     node scripts/sizes.js --update   writes the table
//
// A size is that of the minified chunks of a bundle, each in gzip at level 9, as a server sends them.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(ROOT, 'docs/sizes.md');
const BEGIN = '<!-- sizes: written by node scripts/sizes.js --update -->';
const END = '<!-- end of sizes -->';

const DESCENT = ['fitting/open-descent.js', 'fitting/build-model.js'];
const SOLVER = ['fitting/open-solver.js', 'fitting/build-model.js'];
const CPU = ['cpu/backend.js'];
const GPU = ['gpu/backend.js', 'gpu/device/device.js', 'fitting/gpu-limits.js'];

/**
 * The import, the parts that load when it is used, as files of dist, and the limit in bytes. But for `fit` at once, limits
 * are just above what is reached: the goals, 35 and 60 KB in all and 30 KB for solveExact, are not.
 *
 * @type {{ label: string, name: string, from?: string, parts: string[], most: number }[]}
 */
const ROWS = [
  { label: '`import { fit }`, at once', name: 'fit', parts: [], most: 20_000 },
  { label: 'a fit by gradient descent on the CPU, in all', name: 'fit', parts: [...DESCENT, ...CPU], most: 63_000 },
  { label: 'a fit by gradient descent on the GPU, in all', name: 'fit', parts: [...DESCENT, ...GPU], most: 104_000 },
  { label: 'a small fit by a solver, in all', name: 'fit', parts: SOLVER, most: 66_500 },
  { label: '`import { solveExact }`, at once', name: 'solveExact', parts: [], most: 33_700 },
  { label: '`import { LinearModel }`, to predict', name: 'LinearModel', parts: [], most: 13_000 },
  {
    label: '`import { loadModel }` of `/model`, to predict',
    name: 'loadModel',
    from: 'model.js',
    parts: [],
    most: 5_000,
  },
  {
    label: '`import { createWorker }` of `/worker`, beside the worker',
    name: 'createWorker',
    from: 'worker.js',
    parts: [],
    most: 7_500,
  },
];

/**
 * The chunks of a bundle of one import.
 *
 * @param {string} name
 * @param {string} [from]
 */
async function chunksOf(name, from = 'index.js') {
  const entry = 'virtual:entry';
  const result = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? `\0${entry}` : null),
        load: (id) => (id === `\0${entry}` ? `export { ${name} } from '${join(ROOT, `dist/${from}`)}';` : null),
      },
    ],
    build: {
      write: false,
      lib: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: entry, external: ['papaparse'], preserveEntrySignatures: 'strict' },
    },
  });
  if (!('output' in result)) throw new TypeError('one bundle was expected');
  return result.output.filter((file) => file.type === 'chunk');
}

/**
 * The bytes of the entry and of parts that load later, with all that they import.
 *
 * @param {Awaited<ReturnType<typeof chunksOf>>} chunks
 * @param {readonly string[]} parts
 */
function bytesOf(chunks, parts) {
  const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const loaded = new Set();
  /** @param {string} file */
  const load = (file) => {
    const chunk = byFile.get(file);
    if (!chunk || loaded.has(chunk)) return;
    loaded.add(chunk);
    chunk.imports.forEach(load);
  };
  for (const chunk of chunks) if (chunk.isEntry) load(chunk.fileName);
  for (const part of parts) {
    const chunk = chunks.find(({ moduleIds }) => moduleIds.includes(join(ROOT, 'dist', part)));
    if (!chunk) throw new TypeError(`no chunk has dist/${part}`);
    load(chunk.fileName);
  }
  let bytes = 0;
  for (const { code } of loaded) bytes += gzipSync(code, { level: 9 }).length;
  return bytes;
}

/** @param {number} bytes */
const kilobytes = (bytes) => `${(bytes / 1000).toFixed(1)} KB`;

const bundles = new Map();
for (const { name, from } of ROWS) if (!bundles.has(name)) bundles.set(name, await chunksOf(name, from));
const measured = ROWS.map((row) => ({ ...row, bytes: bytesOf(bundles.get(row.name), row.parts) }));
const table = [
  '| | minified, gzip |',
  '| --- | --- |',
  ...measured.map(({ label, bytes }) => `| ${label} | ${kilobytes(bytes)} |`),
].join('\n');

const page = readFileSync(PAGE, 'utf8');
const [before, rest = ''] = page.split(`${BEGIN}\n`);
const [written = '', after] = rest.split(`\n${END}`);
if (after === undefined) throw new TypeError(`docs/sizes.md has no place between "${BEGIN}" and "${END}"`);

const over = measured.filter(({ bytes, most }) => bytes > most);
for (const { label, bytes, most } of over) console.error(`${label}: ${bytes} bytes, over the limit of ${most}`);
if (process.argv.includes('--update')) {
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
} else if (written.trim() !== table) {
  console.error(
    `The sizes in docs/sizes.md are not those of the sources; node scripts/sizes.js --update writes\n${table}`,
  );
  process.exitCode = 1;
}
if (over.length > 0) process.exitCode = 1;
