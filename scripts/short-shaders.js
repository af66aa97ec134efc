// @ts-check
// Texts that a build carries as they are, without what only their readers need: no minifier of JavaScript looks into them.

import { readFile } from 'node:fs/promises';

/** Files whose text is imported: kernels and their fragments, and the worker of the CPU engine. */
const TEXT = /\.(?:wgsl|js)\?raw$/;

/** The lines that say the name of a kernel and its fragments: src/gpu/kernels/shader-text.ts reads them. */
const HEADER = /^(\/\/ \w+:).*\n(\/\/ with: .*\n)/;

/**
 * A text of WGSL or JavaScript without comments and indentation. Lines stay where they are, so that a compiler's line numbers
 * are those of the file. No string in these files holds the beginning of a comment.
 *
 * @param {string} text
 */
export function withoutComments(text) {
  const [header = '', name = '', fragments = ''] = HEADER.exec(text) ?? [];
  const body = text
    .slice(header.length)
    .replace(/\/\*[^]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ''))
    .split('\n')
    .map((line) => (line.split('//', 1)[0] ?? '').trim())
    .join('\n');
  return header ? `${name}\n${fragments}${body}` : body;
}

/** @returns {import('vite').Plugin} */
export function shortShaders() {
  return {
    name: 'short-shaders',
    enforce: 'pre',
    async load(id) {
      if (!TEXT.test(id) || !/\/(?:shaders|src)\//.test(id)) return null;
      const text = await readFile(id.replace(/\?raw$/, ''), 'utf8');
      return `export default ${JSON.stringify(withoutComments(text))};`;
    },
  };
}
