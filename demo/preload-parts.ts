// Parts of the script: few files, since each costs a browser a request, and those that are imported a moment after the page begins
// named in it, so that they are fetched side by side and not one after the other as each is found to be needed.

import type { Plugin, Rolldown } from 'vite';

/** Sections 5 to 9. */
const LATER = 'demo/later.ts';

/** The first pictures of all sections are calculated with these. */
const ENGINE = [
  'src/cpu/backend.ts',
  'src/cpu/moments.ts',
  'src/fitting/open-descent.ts',
  'src/fitting/open-solver.ts',
  'src/fitting/optimum-engine.ts',
];

const SOON = [LATER, ...ENGINE];

const isAmong = (paths: readonly string[]) => (id: string) => paths.some((path) => id.endsWith(`/${path}`));

/** Modules that match and no others: what they import stands in index.ts beside everything else. */
const ALONE = { includeDependenciesRecursively: false };

/** One file for each of these; a file for every set of importers would be a hundred, and half a second in Firefox. */
export const SCRIPT_PARTS: Rolldown.CodeSplittingGroup[] = [
  { name: 'first', tags: ['$initial'], ...ALONE, priority: 4 },
  { name: 'gpu', test: /\/src\/gpu\/|\/shaders\//, ...ALONE, priority: 3 },
  { name: 'files', test: /\/src\/data\/csv/, ...ALONE, priority: 3 },
  { name: 'engine', test: isAmong(ENGINE), priority: 2 },
  { name: 'later', test: isAmong([LATER]), priority: 1 },
];

/** Adds a link for each of them, and for what they import. */
export function preloadParts(): Plugin {
  return {
    name: 'preload-parts',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { bundle = {}, filename }) => {
        const isLesson = filename.endsWith('/demo/index.html');
        const found = new Set<string>();
        const add = (name: string) => {
          const part = bundle[name];
          if (part?.type !== 'chunk' || found.has(name)) return;
          found.add(name);
          part.imports.forEach(add);
        };
        for (const [name, part] of Object.entries(bundle)) {
          const sources = part.type === 'chunk' ? part.moduleIds : [];
          if (isLesson && sources.some(isAmong(SOON))) add(name);
        }
        return [...found]
          .filter((name) => !html.includes(name))
          .map((name) => ({
            tag: 'link',
            attrs: { rel: 'modulepreload', crossorigin: true, href: `./${name}` },
            injectTo: 'head',
          }));
      },
    },
  };
}
