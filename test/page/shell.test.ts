// What is around the sections: history, links, frames of other pages, print, and the words before any script.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { CHARACTERS } from '../../demo/fonts/characters.js';
import { TEXTS } from '../../demo/text/text.js';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

const shown = withTeachingPage();

const openAt = async (search: string, hash = 'language=en') => {
  await shown.open('language=en', withoutWebGpu);
  await shown.page.goto(`${shown.site.url}${search}#${hash}`);
  await shown.page.waitForSelector('main :is(h1, h2)');
};
const isVisible = (selector: string) =>
  shown.page.$$eval(selector, (all) => all.some((element) => element.checkVisibility()));

describe('links', { timeout: TIMEOUT_MS }, () => {
  it('of the contents are gone back from by Back', async () => {
    await shown.open('language=en&w=0.25', withoutWebGpu);
    await shown.page.click('nav a[data-section="step"]');
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
    await shown.page.goBack();
    await shown.page.waitForSelector('nav a[data-section="problem"][aria-current]');
    await shown.says('#problem .slider .shown', /^0\.250$/);
    await shown.page.goForward();
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
  });

  it.each(['en', 'ko'])(
    'of the contents are all in sight on a laptop, beside the step of the plan, language %s',
    async (language) => {
      await shown.open(`language=${language}`, withoutWebGpu);
      for (const width of [1160, 1280, 1366, 1920]) {
        await shown.page.setViewport({ width, height: 650 });
        const box = await shown.page.evaluate(() => {
          const [list, plan] = [...document.querySelectorAll('nav ol')] as [HTMLElement, HTMLElement];
          const last = list.querySelector('li:last-child a')?.getBoundingClientRect();
          const step = plan.querySelector('[aria-current]')?.getBoundingClientRect();
          return {
            cut: list.scrollWidth - list.clientWidth,
            apart: plan.getBoundingClientRect().left - (last?.right ?? Infinity),
            step: document.documentElement.clientWidth - (step?.right ?? Infinity),
          };
        });
        expect(box.cut, `${width}: pixels cut off the contents`).toBeLessThanOrEqual(0);
        expect(box.apart, `${width}: pixels between contents and plan`).toBeGreaterThan(0);
        expect(box.step, `${width}: pixels right of the step`).toBeGreaterThanOrEqual(0);
      }
    },
  );

  it('to the page as it is are copied by a button', async () => {
    const context = shown.site.browser.defaultBrowserContext();
    await context.setPermission(new URL(shown.site.url).origin, {
      permission: { name: 'clipboard-write' },
      state: 'granted',
    });
    await context.setPermission(new URL(shown.site.url).origin, {
      permission: { name: 'clipboard-read' },
      state: 'granted',
    });
    await shown.open('language=en&w=0.75&rate=0.25', withoutWebGpu);
    await shown.page.bringToFront();
    await shown.page.click('.switches button');
    await shown.says('.switches button', 'Copied.');
    const copied = await shown.page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(`${shown.site.url}#language=en&w=0.75&rate=0.25`);
  });

  it('that the browser does not copy are left to the reader', async () => {
    await shown.open('language=en', async (page) => {
      await withoutWebGpu(page);
      await page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    });
    await shown.page.click('.switches button');
    await shown.says('.switches button', 'Copy the address');
  });

  it('with unknown words before the # say so, too', async () => {
    await openAt('?embedded=step&controls=none', 'language=en&rate=fast');
    expect(await shown.text('#address-banner')).toMatch(/embedded=step, controls=none, rate=fast$/);
  });
});

describe('in a frame of another page', { timeout: TIMEOUT_MS }, () => {
  it('one section is all there is, and it plays', async () => {
    await openAt('?embed=step', 'language=en&w=0&b=0&points=-1,1;1,3&rate=0.5');
    expect(await shown.page.$$eval('main > section', (all) => all.map(({ id }) => id))).toEqual(['step']);
    expect(await isVisible('header, nav, footer')).toBe(false);
    await shown.press('#step', 'One step');
    await shown.shows('step', 'w', (value) => value === 0.5, '0.5');
  });

  it('the controls are hidden where the address asks for it', async () => {
    await openAt('?embed=problem&controls=off');
    expect(await isVisible('button, input, fieldset')).toBe(false);
    expect(await isVisible('#problem .picture')).toBe(true);
    await shown.shows('problem', 'loss', (value) => value > 0, 'a number');
  });
});

describe('print', { timeout: TIMEOUT_MS }, () => {
  it('is a light handout with every line and nothing to press', async () => {
    await shown.open('language=en&theme=dark', withoutWebGpu);
    expect(await shown.page.$$eval('.derivation li', (all) => all.filter((one) => one.checkVisibility()).length)).toBe(
      1,
    );
    await shown.page.emulateMediaType('print');
    const background = await shown.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(background).toBe('rgb(255, 255, 255)');
    expect(await isVisible('button, input, select, nav, .switches')).toBe(false);
    const lines = await shown.page.$$eval('.derivation li', (all) => all.filter((one) => one.checkVisibility()).length);
    expect(lines).toBe(8);
    expect(await isVisible('.derivation + .conclusion')).toBe(true);
    expect(await isVisible('aside')).toBe(true);
    // What is folded on the screen is read on paper.
    expect(await shown.page.$eval('.glossary', (list) => list.getBoundingClientRect().height)).toBeGreaterThan(100);
    expect(await isVisible('.tasks .on-paper')).toBe(true);
    const widths = await shown.page.$$eval('#problem svg.plot, #loss svg.plot, #step svg.plot', (all) =>
      all.map((plot) => plot.getBoundingClientRect().width / (plot.parentElement?.getBoundingClientRect().width ?? 0)),
    );
    for (const share of widths) expect(share).toBeGreaterThan(0.9); // drawn for the width of the paper
    expect(await shown.page.$$eval('#step .point', ({ length }) => length)).toBe(9);
  });
});

describe('the foot of the page', { timeout: TIMEOUT_MS }, () => {
  it.each(['en', 'ko'])('has references, licences and the list of tasks, language %s', async (language) => {
    await shown.open(`language=${language}`, withoutWebGpu);
    const links = await shown.page.$$eval('footer a', (all) => all.map((link) => link.getAttribute('href') ?? ''));
    expect(links.filter((href) => href.startsWith('https://')).length).toBeGreaterThanOrEqual(4);
    expect(links).toEqual(expect.arrayContaining(['./LICENSE.txt', './OFL.txt', `?teacher#language=${language}`]));
    await shown.page.$eval('footer a[href^="?teacher"]', (link) => (link as HTMLElement).click());
    await shown.page.waitForSelector('main.teacher, .teacher');
  });
});

describe('before any script', { timeout: TIMEOUT_MS }, () => {
  it('the page has its words in both languages, a description, and its licences', async () => {
    await shown.open('language=en', withoutWebGpu);
    const html = await readFile(join(shown.site.folder, 'index.html'), 'utf8');
    for (const text of Object.values(TEXTS)) {
      expect(html).toContain(text.title);
      for (const id of ['problem', 'loss', 'derivation', 'step'] as const) expect(html).toContain(text[id].lead);
    }
    expect(html).toMatch(/<meta name="description" content="From one formula/);
    expect(html).toMatch(/<meta property="og:image" content="[^"]+\.png"/);
    const licence = await shown.page.evaluate(async () => (await fetch('LICENSE.txt')).text());
    expect(licence).toContain('MIT');
    const font = await shown.page.evaluate(async () => (await fetch('OFL.txt')).text());
    expect(font).toContain('SIL OPEN FONT LICENSE');
  });

  it('a reader without scripts sees them', async () => {
    const withoutScripts = (page: Page) => page.setJavaScriptEnabled(false);
    await shown.open('language=en', withoutWebGpu);
    await withoutScripts(shown.page);
    await shown.page.goto(shown.site.url);
    await shown.page.setJavaScriptEnabled(true);
    expect(await shown.page.$$eval('main h2', ({ length }) => length)).toBeGreaterThanOrEqual(14); // seven in each language
  });
});

describe('formulas', { timeout: TIMEOUT_MS }, () => {
  it.each(['en', 'ko'])(
    'are set in the font of the page, which has all their characters, language %s',
    async (language) => {
      await shown.open(`language=${language}&line=9&moves=both&w=-1e7&b=3e-6`, withoutWebGpu);
      await shown.page.click('#derivation .checkbox input');
      await shown.says('#derivation .numbers', /./);
      await shown.page.evaluate(() => document.fonts.ready);
      const faces = await shown.page.evaluate(() =>
        [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family.replaceAll('"', '')),
      );
      expect(faces).toContain('Lesson Math');
      const used = await shown.page.$$eval('math', (all) => all.map(({ textContent }) => textContent).join(''));
      const missing = [...new Set(used)].filter((character) => !CHARACTERS.includes(character));
      expect(missing).toEqual([]);
      const [size = 0, text = 0] = await shown.page.$$eval('#problem .body > math, #problem .body > p', (all) =>
        ['math', 'p']
          .map((name) => all.find(({ localName }) => localName === name))
          .map((one) => Number.parseFloat(getComputedStyle(one as Element).fontSize)),
      );
      expect(size / text).toBeGreaterThan(1.3); // of a formula on its own line
    },
  );

  it('have their equals signs under one another', async () => {
    await shown.open('language=en&line=9', withoutWebGpu);
    await shown.page.evaluate(() => document.fonts.ready);
    const places = await shown.page.$$eval('.derivation li', (lines) =>
      lines.map((line) => {
        const sign = [...line.querySelectorAll('mo')].find(({ textContent }) => textContent === '=');
        return Math.round(sign?.getBoundingClientRect().left ?? 0);
      }),
    );
    expect(Math.max(...places) - Math.min(...places)).toBeLessThanOrEqual(1); // a pixel of rounding
  });
});

describe('a screen reader', { timeout: TIMEOUT_MS }, () => {
  it('hears of the section in use alone, with w and L', async () => {
    await shown.open('language=en&w=0&b=0&points=-1,1;1,3&rate=0.5', withoutWebGpu);
    // The page says what it trains on, once, when it knows.
    await shown.page.waitForFunction(() =>
      [...document.querySelectorAll('[role="status"]')].some(({ textContent }) => textContent.includes('no WebGPU')),
    );
    await shown.page.evaluate(() => {
      const heard: string[] = [];
      Object.assign(globalThis, { heard });
      for (const region of document.querySelectorAll('[role="status"], [role="alert"]')) {
        const section = region.closest('section')?.id ?? 'page';
        new MutationObserver(() => heard.push(`${section}: ${region.textContent}`)).observe(region, {
          childList: true,
          characterData: true,
          subtree: true,
        });
      }
    });
    await shown.page.$eval('#step .stage .primary', (button) => {
      (button as HTMLButtonElement).focus();
      (button as HTMLButtonElement).click();
    });
    const heard = () => shown.page.evaluate(() => (globalThis as unknown as { heard: string[] }).heard);
    await eventually(async () => expect((await heard()).length).toBeGreaterThan(0));
    await new Promise((resolve) => setTimeout(resolve, 1000)); // the other sections would have spoken by now
    const sentences = await heard();
    expect(sentences.filter((one) => !one.startsWith('step: '))).toEqual([]);
    expect(sentences.at(-1)).toMatch(/^step: w 0\.500, loss 2\.125\. Converges/);
  });

  it('keeps the focus where it was, when a button has nothing more to do', async () => {
    await shown.open('language=en&line=8', withoutWebGpu);
    const focused = () => shown.page.evaluate(() => document.activeElement?.textContent);
    await shown.page.focus('#derivation .turn .primary');
    await shown.page.keyboard.press('Enter');
    await shown.page.keyboard.press('Enter');
    expect(await focused()).toBe('Next line');
    await shown.page.$eval('#step .mark.best', (mark) => (mark as HTMLElement).focus());
    await shown.page.keyboard.press('Enter');
    await shown.says('#step .status', 'one step arrives');
    expect(await focused()).toMatch(/^fastest/); // the marks are drawn anew with every λ
  });

  it('moves points and ends by arrow, page, Home and End keys, as sliders', async () => {
    await shown.open('language=en&points=-1,1;1,-1', withoutWebGpu);
    await shown.page.$eval('#problem [data-point="0"]', (point) => (point as SVGElement).focus());
    const value = () => shown.page.evaluate(() => document.activeElement?.getAttribute('aria-valuenow'));
    for (const [key, expected] of [
      ['ArrowDown', '0.90'],
      ['PageUp', '1.90'],
      ['End', '3.00'],
      ['Home', '-3.00'],
    ] as const) {
      await shown.page.keyboard.press(key);
      await eventually(async () => expect(await value()).toBe(expected));
    }
    expect(await shown.page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('slider');
  });
});
