// README and docs/: their length, their links, and the numbers that they repeat.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PAGES } from './support/doc-blocks.js';

const README = PAGES['README.md'] ?? '';
const OTHERS = [
  'README.ko.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CODE_OF_CONDUCT.md',
  'examples/README.md',
  'CHANGELOG.md',
  'shaders/README.md',
  'bench/README.md',
  'test/data/README.md',
];
const TEXTS = { ...PAGES, ...Object.fromEntries(OTHERS.map((path) => [path, readFileSync(path, 'utf8')])) };

/** The text without blocks of code and pieces of code. */
function proseOf(text: string): string {
  return text.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`\n]*`/g, '');
}

/** The anchors of a page: its headings in lower case, without punctuation, with hyphens for spaces. */
function anchorsOf(text: string): string[] {
  return Array.from(text.replace(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ (.*)$/gm), ([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** The relative links of a page that lead nowhere: to no file or folder, or to no heading of the page. */
function brokenLinks(path: string, text: string, exists: (path: string) => boolean): string[] {
  return Array.from(proseOf(text).matchAll(/\]\(([^)\s]+)\)/g), ([, link = '']) => link).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? path : normalize(join(dirname(path), file));
    if (target.startsWith('..') || !exists(target)) return true;
    const page = (TEXTS as Record<string, string | undefined>)[target];
    return anchor !== undefined && page !== undefined && !anchorsOf(page).includes(anchor);
  });
}

describe('README', () => {
  it('has at most 150 lines', () => {
    expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  });

  it('states a size above that of the table', () => {
    const most = Number(/less than (\d+) KB/.exec(README)?.[1]);
    const size = Number(/`import \{ fit \}`, at once \| ([\d.]+) KB/.exec(PAGES['docs/sizes.md'] ?? '')?.[1]);
    expect(size).toBeLessThan(most);
    expect(size).toBeGreaterThan(most / 2); // or README should say less
  });

  it('shows the commands of a fresh machine', () => {
    expect(README).toContain('npm ci && npm start');
    expect(README).toContain('npm ci && npm test');
  });

  it('says above its table of times that it is of a software adapter, for as long as it is', () => {
    const [before = '', table = ''] = README.split('<!-- bench -->');
    const isSoftware = table.includes('a software adapter');
    expect(before.includes('No real GPU has been measured yet')).toBe(isSoftware);
  });

  it('repeats the range of the speedups as the table has it', () => {
    const cellsOf = (line: string) => line.split('|').map((cell) => cell.trim());
    const head = cellsOf(README.split('\n').find((line) => line.startsWith('| rows × features ')) ?? '');
    const rows = README.split('\n')
      .filter((line) => /^\| [\d,]+ × [\d,]+ /.test(line))
      .map(cellsOf);
    const range = (rival: string, ending: string) => {
      const column = head.indexOf(rival) + 1; // how we compare stands beside the rival
      const found = rows.map((cells) => cells[column] ?? '').filter((cell) => cell.endsWith(ending));
      const ordered = found.map((cell) => cell.slice(0, -ending.length)).toSorted((a, b) => Number(a) - Number(b));
      return `${ordered[0]} to ${ordered.at(-1)} times`;
    };
    expect(README).toContain(
      `${range('fastest WebGPU peer', '× as fast')} as fast as the fastest other WebGPU library`,
    );
    expect(README).toContain(`numpy is ${range('fastest on the CPU', '× slower')} as fast`);
    const isAhead = (cells: string[]) => cells[head.indexOf('fastest on the CPU') + 1]?.endsWith('× as fast');
    const most = README.match(/as fast as numpy or faster up to (\d+) features/)?.[1];
    const featuresOf = (cells: string[]) => Number(cells[1]?.split(' × ')[1]?.replace(',', ''));
    for (const cells of rows) expect(isAhead(cells), cells[1]).toBe(featuresOf(cells) <= Number(most));
  });

  it('links to every page of docs/', () => {
    const isLinked = (page: string) => README.includes(`](${page})`) || README.includes(`](${page}#`);
    expect(Object.keys(PAGES).filter((page) => page !== 'README.md' && !isLinked(page))).toEqual([]);
  });
});

describe('docs/architecture.md', () => {
  const text = PAGES['docs/architecture.md'] ?? '';

  it('names files and folders that exist', () => {
    const roots = ['.', 'src', 'src/gpu', 'src/node'];
    const named = Array.from(text.matchAll(/`([\w./-]+\/[\w./-]*)`/g), ([, path = '']) => path);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => !roots.some((root) => existsSync(join(root, path))))).toEqual([]);
  });

  it('has each kernel in its table once, with tests that exist', () => {
    const files = readdirSync('shaders', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.wgsl'),
    );
    const kernels = files.filter((file) => readFileSync(join('shaders', file), 'utf8').includes('@compute'));
    const section = text.slice(text.indexOf('## Kernels, twins and tests'), text.indexOf('## Glossary'));
    const [, ...rows] = section.matchAll(/^\| ([a-z_, ]+) \| .* \| (.*) \|$/gm); // without the head
    const listed = rows.flatMap(([, names = '']) => names.trim().split(', '));
    expect(listed.toSorted()).toEqual(kernels.map((file) => basename(file, '.wgsl')).toSorted());
    const tests = rows.flatMap(([, , cell = '']) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name));
    expect(tests.filter((name) => !existsSync(`test/kernels/${name}.gpu.test.ts`))).toEqual([]);
  });
});

describe('the pages', () => {
  it.each(Object.keys(TEXTS))('have no relative link that leads nowhere: %s', (path) => {
    expect(brokenLinks(path, (TEXTS as Record<string, string>)[path] ?? '', existsSync)).toEqual([]);
  });

  it('are found wrong when a link leads to no file or to no heading', () => {
    const text = '[a](README.md) [b](gone.md) [c](#no-such-heading) `[d](code.md)` [e](https://example.com)';
    expect(brokenLinks('README.md', text, existsSync)).toEqual(['gone.md', '#no-such-heading']);
  });

  it('say no sentence twice', () => {
    const places = new Map<string, string[]>();
    for (const [path, text] of Object.entries(PAGES)) {
      const plain = proseOf(text)
        .replace(/^\|.*$/gm, '')
        .replace(/\s+/g, ' ');
      for (const sentence of plain.split(/(?<=[.:]) /)) {
        if (sentence.length >= 60) places.set(sentence, [...(places.get(sentence) ?? []), path]);
      }
    }
    expect([...places].filter(([, found]) => found.length > 1)).toEqual([]);
  });
});
