// Doc comments name the thing first: a noun phrase or an imperative, and no headless clause.

import { describe, expect, it } from 'vitest';

const HEADLESS = ['What', 'Where', 'Whether', 'How', 'Which', 'Who', 'Of', 'As'];

/** Fewest files of each folder: a glob that finds nothing would pass. */
const FEWEST = { src: 200, shaders: 20, demo: 100, bench: 40, pages: 10, scripts: 10 };

const ALL = import.meta.glob<string>(
  [
    '../src/**/*.ts',
    '../shaders/**/*.wgsl',
    '../demo/**/*.{ts,wgsl}',
    '../bench/**/*.ts',
    '../pages/**/*.ts',
    '../scripts/**/*.js',
    '!**/node_modules/**',
  ],
  { query: '?raw', import: 'default', eager: true },
);

/** A violation for each doc comment whose first word begins a headless clause: file, line, and what to write instead. */
function headlessComments(path: string, text: string): string[] {
  const start = new RegExp(`(?:/\\*\\*[\\s*]*|^[ \\t]*/// )(${HEADLESS.join('|')})\\b`, 'gm');
  return [...text.matchAll(start)].map((match) => {
    const line = text.slice(0, match.index).split('\n').length;
    const advice = 'name the thing first ("The …", "Number of …", "True if …") or begin with a verb ("Returns …")';
    return `${path.replace('../', '')}:${line}: a doc comment begins with "${match[1]}"; ${advice}`;
  });
}

describe('doc comments', () => {
  it('begin with a noun phrase or an imperative', () => {
    const files = Object.entries(ALL);
    for (const [folder, fewest] of Object.entries(FEWEST)) {
      const found = files.filter(([path]) => path.startsWith(`../${folder}/`));
      expect(found.length, folder).toBeGreaterThanOrEqual(fewest);
    }
    expect(files.flatMap(([path, text]) => headlessComments(path, text))).toEqual([]);
  });

  it('are found when they begin otherwise, in one line and in several, with their place', () => {
    const bad = [
      '/** Whether it runs. */',
      'const a = 1;',
      '  /**',
      '   * What a run comes to.',
      '   */',
      '/// How it is done.',
    ].join('\n');
    const found = headlessComments('../src/bad.ts', bad);
    expect(found.map((message) => message.split(':').slice(0, 2).join(':'))).toEqual([
      'src/bad.ts:1',
      'src/bad.ts:3',
      'src/bad.ts:6',
    ]);
    expect(found[0]).toContain('begins with "Whether"; name the thing first ("The …"');
  });

  it('are left alone when they begin well', () => {
    const good =
      '/** The rate. */\n/** Number of epochs. */\n/** Ofter. */\n// What a line comment may say.\n/* As here. */';
    expect(headlessComments('../src/good.ts', good)).toEqual([]);
  });
});
