import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import map from '../shaders/README.md?raw';
import { shaderText } from '../src/gpu/kernels/shader-text.js';

const KERNELS = import.meta.glob<string>('./{epoch,many,validation,examples,moments}/*.wgsl', {
  base: '../shaders',
  query: '?raw',
  import: 'default',
  eager: true,
});

const FRAGMENTS = import.meta.glob<string>(['./shared/*.wgsl', './variants/*/*.wgsl'], {
  base: '../shaders',
  query: '?raw',
  import: 'default',
  eager: true,
});

const kernelWith = (names: string) => `// sample: a kernel of this test.\n// with: ${names}\n\nfn sample() {}\n`;

describe('the text of a kernel', () => {
  it('is its file, then the fragments that its second line names in their order, then constants', () => {
    const kernel = kernelWith('finite storage/* example_weight/row_*');
    const text = shaderText(kernel, {
      variants: { storage: 'f16', example_weight: 'none', loss: 'squared' },
      constants: { FEATURES: 3, ROWS: true },
    });
    expect(text.startsWith(kernel)).toBe(true);
    const places = ['fn is_finite', 'alias Stored = vec2u', 'fn row_', 'const FEATURES = 3u;', 'const ROWS = true;'];
    const found = places.map((place) => text.indexOf(place));
    expect(found).toEqual(found.toSorted((a, b) => a - b));
    expect(found).not.toContain(-1);
  });

  it.each([
    ['a fragment that does not exist', 'config nowhere', {}, /sample .*nowhere.* no fragment nowhere/],
    ['an answer that does not exist', 'storage/*', { storage: 'f8' }, /sample .*storage\/\*.* no fragment storage\/f8/],
    ['an answer that was not chosen', 'storage/*', {}, /sample .*storage\/\*.* no answer was chosen for storage/],
  ])('is refused for %s', (_, names, variants, message) => {
    expect(() => shaderText(kernelWith(names), { variants })).toThrow(message);
  });

  it('is refused for a file whose second line does not say what comes with it', () => {
    expect(() => shaderText('// sample: a kernel.\n\nfn sample() {}\n')).toThrow(/second line of sample must be/);
  });
});

describe('a kernel file', () => {
  it.each(Object.entries(KERNELS))('has its name, a with: line and an entry point of that name: %s', (path, text) => {
    const name = /(\w+)\.wgsl$/.exec(path)?.[1] ?? '';
    expect(text.startsWith(`// ${name}:`)).toBe(true);
    expect(text).toMatch(/^.*\n\/\/ with: \S/);
    expect(text).toContain(`fn ${name}(`);
  });
});

describe('the comments and the map of the shaders', () => {
  const files = { ...KERNELS, ...FRAGMENTS };

  it.each(Object.entries(files))('open with no headless clause: %s', (_, text) => {
    const openings = text.split('\n').filter((line, i, lines) => !(lines[i - 1] ?? '').startsWith('//') && line !== '');
    expect(openings.filter((line) => /^\/\/ (\w+: )?(what|whether|where|how|which|who|of|as)\b/i.test(line))).toEqual(
      [],
    );
  });

  it('name every question with its answers, and every fragment', () => {
    const answers = Object.keys(FRAGMENTS).filter((path) => path.startsWith('./variants/'));
    const questions = new Set(answers.map((path) => path.split('/')[2]));
    for (const question of questions) {
      const [, listed = ''] = new RegExp(`^\\| ${question} \\| ([^|]*) \\|`, 'm').exec(map) ?? [];
      const named = answers.filter((path) => path.split('/')[2] === question).map((path) => path.split('/')[3]);
      expect(listed.split(/[,;] /).toSorted(), question).toEqual(named.map((name) => name?.slice(0, -5)).toSorted());
    }
    const shared = Object.keys(FRAGMENTS).filter((path) => path.startsWith('./shared/'));
    for (const path of shared) expect(map).toMatch(new RegExp(`^\\| (\\w+, )*${path.slice(9, -5)}(, \\w+)* \\|`, 'm'));
  });

  it('name every kernel with its twin and its test, and no link leads nowhere', () => {
    for (const path of Object.keys(KERNELS)) expect(map).toContain(`](${path.slice(2)}) | [`);
    const links = Array.from(map.matchAll(/\]\(([^)]+)\)/g), ([, link = '']) => link);
    expect(links.filter((link) => !existsSync(join(import.meta.dirname, '../shaders', link)))).toEqual([]);
  });
});
