// The API reference: Markdown that TypeDoc writes from the declarations and comments of src.

import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tmpdir } from 'node:os';

import { READING } from '../../src/options/reading.js';
import { SETTINGS } from '../../src/options/settings.js';
import type { Comment, Reflection } from 'typedoc';
import { entryPoints } from './entry-points.js';
import { slugOf } from './slug.js';

const ROOT = join(import.meta.dirname, '../..');

/** The pages of the reference, by their paths in the site with the ending .md. */
export async function apiPages(): Promise<Map<string, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-api-'));
  try {
    const entries = entryPoints();
    const { Application, Comment, ReflectionKind } = await import('typedoc'); // some seconds, which only the reference is worth
    const application = await Application.bootstrapWithPlugins({
      entryPoints: [...entries.values()],
      tsconfig: join(ROOT, 'src/tsconfig.json'),
      plugin: ['typedoc-plugin-markdown'],
      readme: 'none',
      name: 'API',
      logLevel: 'Error',
      skipErrorChecking: true, // tsc checks them
      excludePrivate: true,
      excludeInternal: true,
      disableSources: true,
      githubPages: false,
      ...MARKDOWN,
    } as object);
    const project = await application.convert();
    if (!project) throw new Error('TypeDoc could not read the sources');
    for (const module of project.children ?? []) {
      const found = [...entries].find(([, file]) => file === join(ROOT, 'src', `${module.name}.ts`));
      if (!found) throw new Error(`TypeDoc has a module ${module.name}, which is no entry point`);
      module.name = found[0];
    }
    describeOptions(
      project.getReflectionsByKind(ReflectionKind.Property),
      (text) => new Comment([{ kind: 'text', text }]),
    );
    await application.outputs.writeOutput({ name: 'markdown', path: folder }, project);
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith('.md'));
    const examples = examplesOf(await readFile(join(ROOT, 'docs/api.md'), 'utf8'));
    const texts = files.map(async (file) => {
      const text = await readFile(join(folder, file), 'utf8');
      return [`api/${file}`, text + exampleFor(file, examples)] as const;
    });
    const pages = new Map(await Promise.all(texts));
    return new Map([
      ['api/index.md', overview([...pages.keys()])],
      ...[...pages].filter(([page]) => page !== 'api/index.md'),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The subjects of the entry points that have some; others are listed by their names. */
const SUBJECTS: Readonly<Record<string, string>> = {
  'webgpu-descent': 'Fits, models, data, moments, devices and errors.',
  'webgpu-descent/csv': 'CSV files; needs the package `papaparse`.',
  'webgpu-descent/parquet': 'Parquet files; needs the package `hyparquet`.',
  'webgpu-descent/arrow': 'Arrow files; needs the package `apache-arrow`.',
  'webgpu-descent/sql': 'Statements for engines of SQL, and models from their results.',
  'webgpu-descent/worker': 'Fits in a worker, with progress and abort.',
  'webgpu-descent/model': 'Predictions of a saved model, without the rest.',
};

/** The first page of the reference. */
function overview(pages: readonly string[]): string {
  const modules = pages.flatMap((page) => /^api\/(.+)\/index\.md$/.exec(page)?.[1] ?? []);
  const rows = modules.sort().map((name) => `| [${name}](${name}/index.md) | ${SUBJECTS[name] ?? ''} |`);
  return `# API reference

Made from the declarations and comments of the sources: every export with its types, shapes, units, defaults and errors, and with the
block of [the API by example](../docs/api.md) that uses it. Plain options are in one table: [options](../docs/options.md).

| import from | |
| --- | --- |
${rows.join('\n')}
`;
}

/** The blocks of a page with the headings above them. */
function examplesOf(page: string): { heading: string; code: string }[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((section) => ({
      heading: section.slice(0, section.indexOf('\n')),
      code: /^```ts\n[\s\S]*?^```$/m.exec(section)?.[0] ?? '',
    }));
}

/** The end of the page of an export: the block that uses it. */
function exampleFor(file: string, examples: ReturnType<typeof examplesOf>): string {
  const name = basename(file, '.md');
  const found = examples.find(({ code }) => new RegExp(`\\b${name}\\b`).test(code));
  if (!found) return '';
  const page = `${'../'.repeat(file.split('/').length)}docs/api.md`;
  return `\n## Example\n\nFrom [${found.heading}](${page}#${slugOf(found.heading)}).\n\n${found.code}\n`;
}

/** Gives plain options the sentences of their tables, which the types do not repeat. */
function describeOptions(properties: readonly Reflection[], commentOf: (text: string) => Comment): void {
  const specs = new Map([...SETTINGS, ...READING].map((spec) => [spec.name as string, spec]));
  for (const property of properties) {
    const spec = specs.get(property.name);
    if (spec && !property.comment)
      property.comment = commentOf(`${spec.sentence} Default: \`${shown(spec.default)}\`.`);
  }
}

const shown = (value: unknown) => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));

/** Options of typedoc-plugin-markdown: a page for each export, members as lists. */
const MARKDOWN = {
  entryFileName: 'index',
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: false,
  useCodeBlocks: true,
  expandObjects: false,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'list',
  indexFormat: 'table',
  sort: ['source-order'],
};
