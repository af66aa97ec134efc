// The frame around a page of the documentation: a bar, the contents, the page, and the headings on it.

import { addressOf } from './contents.js';
import type { Heading } from './render-markdown.js';

/** A page as the contents name it. */
export interface Entry {
  title: string;
  /** Below the root of the site. */
  address: string;
}

export interface PageParts {
  entry: Entry;
  language: 'en' | 'ko';
  lead: string;
  html: string;
  /** True if the page takes the room of the outline. */
  isWide: boolean;
  headings: readonly Heading[];
  contents: readonly { title: string; entries: readonly Entry[] }[];
  previous: Entry | undefined;
  next: Entry | undefined;
  /** Files of the page, below the root. */
  files: {
    scripts: readonly string[];
    styles: readonly string[];
    library: string;
    csv: string;
    search: string;
  };
  policy: string | null;
}

const WORDS = {
  en: {
    skip: 'Skip to the text',
    contents: 'Contents',
    onPage: 'On this page',
    search: 'Search',
    other: '한국어',
    previous: 'Previous',
    next: 'Next',
  },
  ko: {
    skip: '본문으로 건너뛰기',
    contents: '차례',
    onPage: '이 페이지',
    search: '찾기',
    other: 'English',
    previous: '이전',
    next: '다음',
  },
};

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

/** The way from one address of the site to another, so that it works in any folder. */
export function relativeAddress(from: string, to: string): string {
  const up = '../'.repeat(from.split('/').length - 1);
  return `${up}${to}` || './';
}

/** A whole page. */
export function pageHtml(parts: PageParts): string {
  const { entry, language, html, files } = parts;
  const to = (address: string) => escapeHtml(relativeAddress(entry.address, address));
  const link = (target: Entry, attributes = '') =>
    `<a href="${to(target.address)}"${attributes}>${escapeHtml(target.title)}</a>`;
  const words = WORDS[language];
  const data = ['library', 'csv', 'search'] as const;
  return `<!doctype html>
<html lang="${language}">
<head>
${headOf(parts, to)}
</head>
<body data-root="${to('')}"${data.map((name) => ` data-${name}="${to(files[name])}"`).join('')}>
<a class="skip" href="#main">${words.skip}</a>
<header>
<a class="name" href="${to(addressOf(language === 'ko' ? 'docs/start.ko.md' : 'docs/start.md'))}">webgpu-descent</a>
<nav aria-label="Site">
<a class="to-contents" href="#contents">${words.contents}</a>
${link({ title: 'API', address: 'api/index.html' })}
${link({ title: language === 'ko' ? '강의' : 'Lesson', address: 'lesson/' })}
${link({ title: language === 'ko' ? '벤치마크' : 'Benchmark', address: 'bench/' })}
${link({ title: words.other, address: addressOf(language === 'ko' ? 'docs/start.md' : 'docs/start.ko.md') }, ` lang="${language === 'ko' ? 'en' : 'ko'}"`)}
<button type="button" id="search-button" aria-keyshortcuts="/" hidden>${words.search}</button>
</nav>
</header>
<div class="layout${parts.isWide ? ' wide' : ''}">
<main id="main" tabindex="-1">
<article>
${html}</article>
${around(parts, link, words)}
</main>
${parts.isWide ? '' : outline(parts.headings, words.onPage)}
<nav id="contents" aria-label="${words.contents}">
${contents(parts, link)}
</nav>
</div>
</body>
</html>
`;
}

function headOf({ entry, lead, files, policy }: PageParts, to: (address: string) => string): string {
  const isFirst = entry.address === 'index.html';
  return [
    ...(policy === null ? [] : [`<meta http-equiv="Content-Security-Policy" content="${policy}">`]),
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">',
    `<title>${escapeHtml(isFirst ? 'webgpu-descent: linear models on the GPU, in a browser tab' : `${entry.title} · webgpu-descent`)}</title>`,
    `<meta name="description" content="${escapeHtml(lead.slice(0, 300))}">`,
    '<link rel="icon" href="data:,">',
    ...files.styles.map((file) => `<link rel="stylesheet" href="${to(file)}">`),
    ...files.scripts.map((file) => `<script type="module" src="${to(file)}"></script>`),
  ].join('\n');
}

type Link = (target: Entry, attributes?: string) => string;

function contents({ contents: groups, entry }: PageParts, link: Link): string {
  return groups
    .map(({ title, entries }) => {
      const items = entries.map(
        (each) => `<li>${link(each, each.address === entry.address ? ' aria-current="page"' : '')}</li>`,
      );
      return `<h2>${escapeHtml(title)}</h2>\n<ul>\n${items.join('\n')}\n</ul>`;
    })
    .join('\n');
}

function outline(headings: readonly Heading[], title: string): string {
  const shown = headings.filter(({ level }) => level === 2 || level === 3);
  if (shown.length < 2) return '';
  const items = shown.map(
    ({ level, id, title: words }) => `<li class="level-${level}"><a href="#${id}">${escapeHtml(words)}</a></li>`,
  );
  return `<nav class="outline" aria-label="${title}">\n<h2>${title}</h2>\n<ul>\n${items.join('\n')}\n</ul>\n</nav>`;
}

function around({ previous, next }: PageParts, link: Link, words: (typeof WORDS)['en']): string {
  const items = [
    ...(previous ? [`<span><small>${words.previous}</small>${link(previous, ' rel="prev"')}</span>`] : []),
    ...(next ? [`<span class="next"><small>${words.next}</small>${link(next, ' rel="next"')}</span>`] : []),
  ];
  return `<div class="around">${items.join('')}</div>`;
}
