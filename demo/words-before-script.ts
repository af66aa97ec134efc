// The page as it is read before its script runs, or where none does: written into the HTML when it is served or built.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'vite';
import { TEXTS } from './text/text.js';

const PLACE = '<!-- words -->';
/** Files that lie beside the page, by their names there: licences, and the picture of links in chats. */
const BESIDE = { 'LICENSE.txt': '../LICENSE', 'OFL.txt': 'fonts/OFL.txt', 'preview.png': 'preview.png' };

/** Puts the title, the leads and the plan of both languages into the lesson, and its licence beside it. */
export function wordsBeforeScript(): Plugin {
  return {
    name: 'words-before-script',
    transformIndexHtml: (html) =>
      html.replace(PLACE, `${inWords('en')}\n${inWords('ko')}`).replace('<!-- description -->', described()),
    async generateBundle() {
      if (!this.environment.config.root.endsWith('demo')) return; // the package has its own
      for (const [fileName, path] of Object.entries(BESIDE)) {
        this.emitFile({ type: 'asset', fileName, source: await readFile(join(import.meta.dirname, path)) });
      }
    },
  };
}

function inWords(language: 'en' | 'ko'): string {
  const text = TEXTS[language];
  const steps = text.plan.steps.map((step) => `<li>${escaped(step)}</li>`).join('');
  const sections = Object.values(text)
    .filter((part) => typeof part === 'object' && 'short' in part) // those that the contents name
    .map(({ title, lead }) => `<h2>${escaped(title)}</h2><p>${escaped(lead)}</p>`)
    .join('\n');
  return `<article lang="${language}"><h1>${escaped(text.title)}</h1><p>${escaped(text.subtitle)}</p>
<ol>${steps}</ol>
${sections}</article>`;
}

/** The description of search engines and of links in chats. */
function described(): string {
  const { title, subtitle } = TEXTS.en;
  const [name, words] = [escaped(title), escaped(`${subtitle} ${TEXTS.ko.subtitle}`)];
  return [
    `<meta name="description" content="${words}" />`,
    `<meta property="og:title" content="${name}" />`,
    `<meta property="og:description" content="${words}" />`,
    '<meta property="og:image" content="./preview.png" />',
  ].join('\n    ');
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
