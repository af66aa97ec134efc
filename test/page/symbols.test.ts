// One symbol for one thing, in all the words of the page; and the tests that the page of the lesson names.

import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { TEXTS } from '../../demo/text/text.js';

/** Every word of a text; what is made of numbers gets some. */
function wordsOf(text: unknown): string[] {
  if (typeof text === 'string') return [text];
  if (typeof text === 'function') return wordsOf((text as (...values: string[]) => unknown)('1', '2', '3', '4', '5'));
  if (typeof text === 'object' && text !== null) return Object.values(text).flatMap(wordsOf);
  return [];
}

describe.each(['en', 'ko'] as const)('the symbols, language %s', (language) => {
  const words = wordsOf(TEXTS[language]);

  it('have λ for the learning rate alone, and H_max for the steepest curvature', () => {
    expect(words.length).toBeGreaterThan(300);
    expect(words.filter((one) => /λ_?(max|min|ₘ)/.test(one))).toEqual([]);
    expect(words.some((one) => one.includes('2/H_max'))).toBe(true);
  });

  it('have ε for the step of the difference, and h for the hypothesis', () => {
    const { size, lead } = TEXTS[language].derivation.check;
    expect(size).toMatch(/ε$/);
    expect(lead).toContain('ε');
    expect(wordsOf(TEXTS[language].derivation.check).filter((one) => /\bh\b(?!\()/.test(one))).toEqual([]);
  });
});

it('the Korean words have one word for the gradient, and 기울기 for slopes of lines alone', () => {
  const words = wordsOf(TEXTS.ko);
  const slopes = words.flatMap((one) => [...one.matchAll(/(.{0,4})기울기/g)].map(([, before]) => before));
  expect(slopes.length).toBeGreaterThan(10);
  expect(slopes.filter((before) => !/(접선|직선)의 $/.test(before ?? ''))).toEqual([]);
  const named = words.flatMap((one) => [...one.matchAll(/(.{0,6})\(gradient\)/g)].map(([, before]) => before));
  expect(new Set(named)).toEqual(new Set(['그레이디언트']));
});

it('the English words are spelt as in the rest of the project', () => {
  expect(wordsOf(TEXTS.en).filter((one) => /\bcolors?\b|\bMIT license|standardis|regularis/i.test(one))).toEqual([]);
});

describe('docs/lesson.md', () => {
  it('names tests that are there', async () => {
    const page = await readFile('docs/lesson.md', 'utf8');
    const [, list = ''] = page.split('## Where it is tested');
    const rows = [...list.matchAll(/^\| [^|]+ \| (`[^|]+`) +\| ([^|]+?) +\|$/gm)];
    expect(rows.length).toBeGreaterThan(30);
    for (const [, files = '', title = ''] of rows) {
      for (const [, name] of files.matchAll(/`([\w-]+)`/g)) {
        const text = await readFile(`test/page/${name}.test.ts`, 'utf8');
        expect(text.includes(title), `${name}: ${title}`).toBe(true);
      }
    }
  });
});
