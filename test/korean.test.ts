// README.ko.md and docs/start.ko.md say the same as the English pages: the same code, links and figures.

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const PAIRS = [
  ['README.md', 'README.ko.md'],
  ['docs/start.md', 'docs/start.ko.md'],
] as const;

/** Code without comments and blanks before them: comments are in the language of the page. */
function codeOf(text: string): string[] {
  const fenced = Array.from(text.matchAll(/^```(?:ts|html|sh).*\n([\s\S]*?)^```/gm), ([, code = '']) => code);
  const commands = Array.from(text.matchAll(/^ {4}(n(?:pm|px) .*)$/gm), ([, command = '']) => command);
  return [...fenced, ...commands].map((code) => code.replace(/ *(?:\/\/|#) .*$/gm, '').trim());
}

/** Numbers outside of code and links, in any order: languages order a sentence differently. */
function figuresOf(text: string): string[] {
  const prose = text
    .replace(/^```[\s\S]*?^```/gm, '')
    .replace(/^ {4}.*$/gm, '')
    .replace(/\]\([^)]*\)/g, ']');
  return (prose.match(/\d+(?:[.,]\d+)*(?:e-?\d+)?/g) ?? []).toSorted();
}

const linksOf = (text: string) =>
  Array.from(new Set(Array.from(text.matchAll(/\]\(([^)#]+)/g), ([, link = '']) => link))).toSorted();

describe.each(PAIRS)('%s and %s', (english, korean) => {
  const [en, ko] = [english, korean].map((page) => readFileSync(page, 'utf8')) as [string, string];

  it('have the same code', () => {
    expect(codeOf(en).length).toBeGreaterThan(1);
    expect(codeOf(ko)).toEqual(codeOf(en));
  });

  it('have the same figures', () => {
    if (english === 'README.md') expect(figuresOf(ko)).toEqual(figuresOf(en));
    else expect(figuresOf(ko)).toEqual(expect.arrayContaining(figuresOf(en)));
  });

  it('lead to the same pages', () => {
    const other = { 'README.ko.md': 'README.md', 'docs/start.ko.md': '' } as Record<string, string>;
    const wanted = linksOf(en).map((link) => other[link] ?? link);
    expect(linksOf(ko)).toEqual(
      expect.arrayContaining(wanted.filter(Boolean).filter((link) => link !== 'docs/start.md')),
    );
  });

  it('ends every sentence in the same form', () => {
    const prose = ko.replace(/^```[\s\S]*?^```/gm, '').replace(/`[^`]*`/g, '');
    const ends = prose.match(/[가-힣]{2}[.!?](?=[\s*)]|$)/gm) ?? [];
    expect(ends.length).toBeGreaterThan(3);
    expect(ends.filter((end) => /[다요][.!?]$/.test(end) && end !== '니다.')).toEqual([]);
  });
});

it('figures and code that differ are found', () => {
  const text = '1,000 rows in 2.5 s\n\n    npm ci\n\n```ts\nfit(data); // so\n```\n';
  expect(figuresOf(text)).toEqual(['1,000', '2.5']);
  expect(figuresOf(text.replace('2.5', '2.6'))).not.toEqual(figuresOf(text));
  expect(codeOf(text)).toEqual(['fit(data);', 'npm ci']);
});
