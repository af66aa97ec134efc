// A colour of its own for each quantity, terms that are explained where they are met, and the next step before it is made.

import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

const shown = withTeachingPage();

const open = (hash: string) => shown.open(`language=en&${hash}`, withoutWebGpu);

describe('colours', { timeout: TIMEOUT_MS }, () => {
  it.each(['light', 'dark'])('of ways to step are no quantity’s and no other way’s, %s', async (theme) => {
    await open(`theme=${theme}`);
    const coloursOf = (names: readonly string[], isClass: boolean) =>
      shown.page.evaluate(
        (all, isOfClass) =>
          all.map((name) => {
            const probe = document.createElement('span');
            if (isOfClass) probe.className = name;
            else probe.style.color = `var(--${name})`;
            document.body.append(probe);
            const { color } = getComputedStyle(probe);
            probe.remove();
            return color;
          }),
        [...names],
        isClass,
      );
    const quantities = await coloursOf(['data', 'weight', 'bias', 'loss', 'rate', 'slope', 'best', 'limit'], false);
    const optimizers = await coloursOf(['gradientDescent', 'momentum', 'nesterov', 'adam'], true);
    const batches = await coloursOf(['gradientDescent', 'batch16', 'batch1'], true);
    for (const ways of [optimizers, batches]) {
      expect(new Set(ways).size).toBe(ways.length);
      expect(ways.filter((colour) => quantities.includes(colour))).toEqual([]);
    }
    expect(new Set(quantities).size).toBe(quantities.length);
  });
});

describe('the chain rule', { timeout: TIMEOUT_MS }, () => {
  it('is about z, not about the target y', async () => {
    await open('line=9');
    const formulas = await shown.page.$$eval('#derivation aside math', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(formulas[0]).toBe('z=f(g(w))');
    expect(formulas.slice(0, 2).join()).not.toContain('y');
  });
});

describe('the next step', { timeout: TIMEOUT_MS }, () => {
  /** Where the ghost of the next step ends along w, in the pixels of the drawing. */
  const ghostLength = () =>
    shown.page.$eval('#step .jump.next', (path) => {
      const [fromX = 0, , toX = 0] = [...(path.getAttribute('d') ?? '').matchAll(/-?[\d.]+/g)].map(Number);
      return toX - fromX;
    });

  it('is there before it is made, and is twice as long with twice the λ', async () => {
    await open('section=step&w=0&b=0&points=-1,1;1,3&rate=0.2');
    await shown.page.waitForSelector('#step .jump.next');
    const length = await ghostLength();
    expect(length).toBeGreaterThan(0); // the slope is −1: to the right
    await shown.slide('#step .rate-slider input', Math.log10(0.4));
    await eventually(async () => expect(Math.abs((await ghostLength()) / length - 2)).toBeLessThan(0.01)); // of rounded pixels
    const width = await shown.page.$eval('#step .ground', (ground) => Number(ground.getAttribute('width')));
    // The axis of w is 5 long about the best w.
    expect(Math.abs((await ghostLength()) / ((0.4 * width) / 5) - 1)).toBeLessThan(0.01);
  });

  it('shows both updates where both move, and the lines that it leaves behind', async () => {
    await open('section=step&w=0&b=0&points=-1,1;1,3&rate=0.5&moves=both');
    const updates = () => shown.page.$$eval('#step .live math', (all) => all.map(({ textContent }) => textContent));
    expect(await updates()).toEqual(['w←0.000−0.5·(−1.000)=0.500', 'b←0.000−0.5·(−2.000)=1.000']);
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await shown.page.waitForFunction(() => document.querySelectorAll('#step .line.before').length === 1);
    await shown.page.$eval('#step input[value="w"]', (input) => input.click());
    await eventually(async () => expect(await updates()).toHaveLength(1));
  });
});

describe('terms', { timeout: TIMEOUT_MS }, () => {
  /** Where each is met first, and what is said of it there. */
  const FIRST_USE: Readonly<Record<string, RegExp>> = {
    '#problem .lead': /A hypothesis is a guess that can be adjusted.*A loss function tells you/,
    '#problem .caption, #problem figcaption': /residual, h\(x\) − y/,
    '#derivation .conclusion': /this is the gradient: the partial derivatives of the loss/,
    '#step .body': /An epoch is one pass over all examples/,
    '#program .seed label': /^Random seed \(decides data and start\)$/,
    '#scale .times, #scale .body': /Streaming reads all examples in every epoch\. Moments reads them once and adds up/,
    '#own .readout dt:has(+ [data-value="r2"])': /share of the variance that h\(x\) explains/,
    '#own .own-result': /t is the value divided by its standard error; p is the probability/,
  };

  it('are explained where they are met first', async () => {
    await open('line=9');
    await shown.page.$$eval('#own .samples button', ([first]) => first?.click());
    await shown.says('#own .status', /^h\(x\) predicts/);
    for (const [selector, said] of Object.entries(FIRST_USE)) {
      const texts = await shown.page.$$eval(selector, (all) => all.map(({ textContent }) => textContent));
      expect(texts.join(' '), selector).toMatch(said);
    }
    await shown.page.$eval('#program input[value="optimizers"]', (input) => input.click());
    await shown.says('#program .body', /optimizers start at the same place.*they differ in the step that they make/);
  });

  it.each(['en', 'ko'] as const)('are in the glossary at the foot of the page, language %s', async (language) => {
    await shown.open(`language=${language}`, withoutWebGpu);
    const glossary = await shown.page.$$eval('.glossary dt', (all) =>
      all.map((word) => [word.textContent, word.nextElementSibling?.textContent ?? ''] as const),
    );
    for (const term of {
      en: ['epoch', 'gradient', 'hypothesis', 'optimizer', 'seed', 'streaming', 'moments', 'R²', 't, p', 'log-odds'],
      ko: ['에폭', 'gradient', '가설', '옵티마이저', '시드', '스트리밍', '적률', 'R²', 't, p', '로그 오즈'],
    }[language]) {
      const [, meaning = ''] = glossary.find(([word]) => word.includes(term)) ?? [];
      expect(meaning.length, term).toBeGreaterThan(10);
    }
  });
});
