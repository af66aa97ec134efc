// All pages of the documentation: files of the repository as they are, and the API reference.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { addressOf, CONTENTS, pageOfFile, SHORT_NAMES } from './contents.js';
import { type Entry, type PageParts, pageHtml, relativeAddress } from './page-html.js';
import { renderMarkdown, type Section } from './render-markdown.js';

const ROOT = join(import.meta.dirname, '../..');

/** The text of each page by its file in the repository, or, in the reference, by the file that TypeDoc wrote. */
export type Sources = ReadonlyMap<string, string>;

/** The pages of the repository; those of the reference are added by who has them. */
export function repositoryPages(): Map<string, string> {
  const listed = CONTENTS.flatMap(({ pages }) => pages).filter((page) => !page.startsWith('api/'));
  const present = listed.filter((page) => existsSync(join(ROOT, page)));
  const inDocs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  const others = inDocs.sort().map((name) => `docs/${name}`);
  const textOf = (page: string) => readFileSync(join(ROOT, page), 'utf8');
  const pages = new Map([...new Set([...present, ...others])].map((page) => [page, textOf(page)]));
  return pages.set(EXAMPLES, withPrograms(textOf(EXAMPLES)));
}

const EXAMPLES = 'examples/README.md';

/** The list of examples with their programs below it, in place of links to their folders. */
function withPrograms(list: string): string {
  const names = Array.from(list.matchAll(/\]\(([\w-]+)\/README\.md\)/g), ([, name = '']) => name);
  const programs = names.map((name) => {
    const folder = join(ROOT, 'examples', name);
    const [, ...about] = readFileSync(join(folder, 'README.md'), 'utf8').split('\n');
    const files = readdirSync(folder).filter((file) => /\.(?:html|jsx?|ts)$/.test(file));
    const blocks = files.sort().map((file) => {
      const language = file.endsWith('.html') ? 'html' : 'js';
      return `\`${file}\`\n\n\`\`\`${language}\n${readFileSync(join(folder, file), 'utf8').trim()}\n\`\`\``;
    });
    return [`## ${name}`, about.join('\n').trim(), ...blocks].join('\n\n');
  });
  return `${list.replace(/\]\(([\w-]+)\/README\.md\)/g, '](#$1)')}\n${programs.join('\n\n')}\n`;
}

/** A paragraph for search, with the page that it is on. */
export interface SearchEntry {
  id: number;
  address: string;
  page: string;
  title: string;
  text: string;
  /** The words of links in the text. */
  labels: readonly string[];
}

export interface SitePage {
  source: string;
  address: string;
  html: string;
}

export interface Site {
  pages: SitePage[];
  search: SearchEntry[];
  /** Files that pages show or lead to, from the root of the repository, which lie at the same place in the site. */
  files: string[];
}

/** Address of the repository's files in the web, from package.json; empty until the project has one. */
function repositoryAddress(): string {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    repository?: string | { url?: string };
  };
  const url = typeof repository === 'string' ? repository : (repository?.url ?? '');
  return url.replace(/^git\+/, '').replace(/\.git$/, '');
}

/** Renders every page. */
export function buildPages(sources: Sources, frame: Pick<PageParts, 'files' | 'policy'>): Site {
  const files = new Set<string>();
  const repository = repositoryAddress();
  const rendered = [...sources].map(([source, text]) => {
    const address = addressOf(source);
    const resolve = (link: string) => resolveLink(link, { source, address, sources, files, repository });
    return { source, address, ...renderMarkdown(text, resolve) };
  });
  const entries = new Map(
    rendered.map(({ source, title, address }) => [
      source,
      { title: SHORT_NAMES[source] ?? shortTitle(source, title), address },
    ]),
  );
  const guides = contentsOf(entries);
  const pages = rendered.map(({ source, address, html, lead, isWide, headings }) => {
    const entry = entries.get(source) as Entry;
    const contents = source.startsWith('api/') ? apiContents(entries, source) : guides;
    const order = contents.flatMap((group) => group.entries);
    const at = order.findIndex((each) => each.address === address);
    const neighbours = at < 0 ? {} : { previous: order[at - 1], next: order[at + 1] };
    const language = source.endsWith('.ko.md') ? ('ko' as const) : ('en' as const);
    const parts = {
      entry,
      language,
      lead,
      html,
      isWide,
      headings,
      contents,
      previous: undefined,
      next: undefined,
      ...neighbours,
    };
    return { source, address, html: pageHtml({ ...parts, ...frame }) };
  });
  return { pages, search: searchEntries(rendered), files: [...files] };
}

type RenderedPage = Pick<SearchEntry, 'address'> & { title: string; sections: readonly Section[] };

/** Headings of the reference that say nothing by themselves. */
const FORMAL = /^(?:Inherited from|Overrides|Returns|Parameters|Type Parameters|Extends|Extended by|Implements)$/;

/** The sections of all pages; a member that several types inherit is there once, on the page with the shortest address. */
function searchEntries(rendered: readonly RenderedPage[]): SearchEntry[] {
  const seen = new Set<string>();
  const entries = rendered
    .toSorted((a, b) => a.address.length - b.address.length)
    .flatMap(({ title: page, address, sections }) =>
      sections.map(({ id, title, text: written, labels }) => {
        const text = written.replace(/\s+/g, ' ').trim();
        return { address: id ? `${address}#${id}` : address, page, title, text, labels };
      }),
    )
    .filter(({ title, text }) => {
      const key = `${title.replace('?', '')} ${text}`;
      return !FORMAL.test(title) && !seen.has(key) && seen.add(key);
    });
  return entries.map((entry, id) => ({ id, ...entry }));
}

/** The groups with the pages that there are; pages that no group names come last. */
function contentsOf(entries: ReadonlyMap<string, Entry>): { title: string; entries: Entry[] }[] {
  const listed = new Set(CONTENTS.flatMap(({ pages }) => pages));
  const others = [...entries.keys()].filter((source) => !listed.has(source) && !source.startsWith('api/'));
  const groups = [...CONTENTS, { title: 'More', pages: others }];
  return groups
    .map(({ title, pages }) => ({
      title,
      entries: pages.flatMap((page) => entries.get(page) ?? []),
    }))
    .filter((group) => group.entries.length > 0);
}

/** The kinds of exports, by the folders that TypeDoc has for them. */
const KINDS = {
  functions: 'Functions',
  classes: 'Classes',
  interfaces: 'Interfaces',
  'type-aliases': 'Types',
  variables: 'Constants',
};

/** Pages of exports are called "Function: fit()"; in the contents the kind stands above them. */
function shortTitle(source: string, title: string): string {
  return source.startsWith('api/') ? title.replace(/^[\w ]+: /, '') : title;
}

/** The contents beside a page of the reference: the entry points, and the exports of the one that it belongs to. */
function apiContents(entries: ReadonlyMap<string, Entry>, source: string): { title: string; entries: Entry[] }[] {
  const inFolder = (folder: string) =>
    [...entries].filter(([each]) => each.startsWith(folder) && !each.slice(folder.length).includes('/'));
  const folder = dirname(source);
  const module = `${basename(folder) in KINDS ? dirname(folder) : folder}/`;
  const kinds = Object.entries(KINDS).map(([folder, title]) => ({
    title,
    pages: inFolder(`${module}${folder}/`),
  }));
  const isModule = ([each]: [string, Entry]) => each.startsWith('api/') && each.endsWith('index.md');
  const modules = [...entries].filter(isModule).sort(([a], [b]) => a.length - b.length || a.localeCompare(b));
  return [{ title: 'Entry points', pages: modules }, ...kinds]
    .filter(({ pages }) => pages.length > 0)
    .map(({ title, pages }) => ({
      title,
      entries: pages.map(([, entry]) => entry),
    }));
}

interface From {
  source: string;
  address: string;
  sources: Sources;
  files: Set<string>;
  repository: string;
}

/** Pictures and data that lie in the repository and are shown as they are. */
const SHOWN = /\.(?:png|svg|jpg|webp)$/;

function resolveLink(link: string, { source, address, sources, files, repository }: From): string | null {
  if (/^[a-z]+:/.test(link) || link.startsWith('#')) return link;
  const [path = '', anchor] = link.split('#');
  const file = pageOfFile(normalize(join(dirname(source), path)));
  const behind = anchor === undefined ? '' : `#${anchor}`;
  if (sources.has(file)) return relativeAddress(address, addressOf(file)) + behind;
  if (SHOWN.test(file)) {
    files.add(file);
    return relativeAddress(address, file);
  }
  return repository ? `${repository}/blob/HEAD/${file}` : null;
}
