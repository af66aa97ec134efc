// Markdown of the repository as the HTML of a page, under a policy that allows neither styles nor scripts in it.

import hljs from 'highlight.js/lib/core';
import bash from 'highlight.js/lib/languages/bash';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import r from 'highlight.js/lib/languages/r';
import sql from 'highlight.js/lib/languages/sql';
import typescript from 'highlight.js/lib/languages/typescript';
import xml from 'highlight.js/lib/languages/xml';
import yaml from 'highlight.js/lib/languages/yaml';
import MarkdownIt, { type Token } from 'markdown-it';
import { slugOf } from './slug.js';

const LANGUAGES = {
  bash,
  sh: bash,
  json,
  python,
  r,
  sql,
  ts: typescript,
  js: typescript,
  tsx: typescript,
  xml,
  html: xml,
  yaml,
};
for (const [name, language] of Object.entries(LANGUAGES)) hljs.registerLanguage(name, language);

export interface Heading {
  level: number;
  id: string;
  title: string;
}

/** A heading with the text below it, up to the next. */
export interface Section {
  id: string;
  title: string;
  text: string;
  /** The words of links in the text: they are about other pages. */
  labels: string[];
}

export interface Rendered {
  html: string;
  title: string;
  /** The first paragraph, as plain text. */
  lead: string;
  /** True if a table has so many columns that it needs the room beside the text. */
  isWide: boolean;
  headings: Heading[];
  sections: Section[];
}

/** The address for a link or a picture of a page; null if it leads to nothing that the site has. */
export type Resolve = (link: string) => string | null;

const markdown = new MarkdownIt({ html: true, highlight: coloured });

function coloured(code: string, language: string): string {
  return hljs.getLanguage(language) ? hljs.highlight(code, { language }).value : MarkdownIt().utils.escapeHtml(code);
}

const { rules } = markdown.renderer;

// Tables are as wide as they are; on a telephone they scroll by themselves, by keys, too.
rules['table_open'] = (tokens, i) => {
  const { isWide } = (tokens[i] as Token).meta as { isWide: boolean };
  return `<div class="table${isWide ? ' wide' : ''}" tabindex="0" role="group" aria-label="Table"><table>\n`;
};
rules['table_close'] = () => '</table></div>\n';

const fence = rules['fence'];
rules['fence'] = (tokens, i, options, env, self) => {
  const [language = '', mark] = ((tokens[i] as Token).info || '').split(' ');
  const html = fence?.(tokens, i, options, env, self) ?? '';
  const focusable = html.replace('<pre', '<pre tabindex="0"');
  return mark === 'run' ? `<div class="editable" data-language="${language}">${focusable}</div>\n` : focusable;
};

const codeBlock = rules['code_block'];
rules['code_block'] = (...parts) => (codeBlock?.(...parts) ?? '').replace('<pre', '<pre tabindex="0"');

/** Renders a page of Markdown. */
export function renderMarkdown(text: string, resolve: Resolve): Rendered {
  const tokens = markdown.parse(text.replace(/<!--[\s\S]*?-->\n?/g, ''), {});
  const headings = nameHeadings(tokens);
  const columns = columnsOf(tokens);
  for (const token of tokens) {
    if (token.type === 'th_open' || token.type === 'td_open') alignByClass(token);
    resolveLinks(token.children ?? [], resolve);
  }
  const lead = tokens.findIndex(({ type }) => type === 'paragraph_open');
  return {
    html: markdown.renderer.render(tokens, markdown.options, {}),
    title: headings[0]?.title ?? '',
    lead: plain(tokens[lead + 1]),
    isWide: columns.some((count) => count >= WIDE),
    headings,
    sections: sectionsOf(tokens, headings),
  };
}

/** A table of as many columns scrolls beside an outline. */
const WIDE = 5;

/** The number of columns of each table, which its first token keeps, too. */
function columnsOf(tokens: readonly Token[]): number[] {
  const counts: number[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type !== 'table_open') continue;
    const end = tokens.findIndex(({ type }, at) => at > i && type === 'thead_close');
    const count = tokens.slice(i, end).filter(({ type }) => type === 'th_open').length;
    token.meta = { isWide: count >= WIDE };
    counts.push(count);
  }
  return counts;
}

/** Alignment is a style in HTML, and the policy refuses styles in a page: a class instead. */
function alignByClass(cell: Token): void {
  const isRight = String(cell.attrGet('style') ?? '').includes('right');
  cell.attrs = isRight ? [['class', 'number']] : null;
}

/** Gives links and pictures their addresses in the site; of a link that leads to nothing there the text stays. */
function resolveLinks(tokens: readonly Token[], resolve: Resolve): void {
  let isKept = true; // of the link that is open: links do not nest
  for (const token of tokens) {
    if (token.type === 'image') token.attrSet('src', resolve(String(token.attrGet('src'))) ?? '');
    if (token.type === 'link_open') {
      const address = resolve(String(token.attrGet('href')));
      isKept = address !== null;
      token.attrSet('href', address ?? '');
      if (address !== null && /^https?:/.test(address)) token.attrSet('rel', 'noreferrer');
    }
    const isEnd = token.type === 'link_open' || token.type === 'link_close';
    if (isEnd && !isKept) Object.assign(token, { type: 'text', tag: '', nesting: 0, content: '' });
  }
}

/** Gives each heading its anchor; a second one of the same name gets a number. */
function nameHeadings(tokens: readonly Token[]): Heading[] {
  const taken = new Map<string, number>();
  return tokens.flatMap((token, i) => {
    if (token.type !== 'heading_open') return [];
    const title = plain(tokens[i + 1]);
    const slug = slugOf(title);
    const before = taken.get(slug) ?? 0;
    taken.set(slug, before + 1);
    const id = before === 0 ? slug : `${slug}-${before}`;
    token.attrSet('id', id);
    return [{ level: Number(token.tag.slice(1)), id, title }];
  });
}

function sectionsOf(tokens: readonly Token[], headings: readonly Heading[]): Section[] {
  const sections: Section[] = [];
  for (const [i, token] of tokens.entries()) {
    if (token.type === 'heading_open') {
      const { id = '', title = '' } = headings[sections.length] ?? {};
      sections.push({ id, title, text: '', labels: [] });
    } else if (tokens[i - 1]?.type !== 'heading_open' && ['inline', 'fence', 'code_block'].includes(token.type)) {
      const section = sections.at(-1);
      if (!section) continue;
      section.text += `${plain(token)} `;
      section.labels.push(...labelsOf(token));
    }
  }
  return sections;
}

/** The words of each link in a token. */
function labelsOf({ children }: Token): string[] {
  const labels: string[] = [];
  let isLink = false;
  for (const { type, content } of children ?? []) {
    if (type === 'link_open' || type === 'link_close') isLink = type === 'link_open';
    else if (isLink && content !== '') labels.push(content);
  }
  return labels;
}

/** The text of a token without marks. */
function plain(token: Token | undefined): string {
  if (!token) return '';
  if (!token.children) return token.content.trim();
  return token.children
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : type === 'html_inline' ? '' : content))
    .join('')
    .trim();
}
