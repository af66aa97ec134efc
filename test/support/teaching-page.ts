import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type BuiltSite, buildSite } from './built-site.js';
import { eventually } from './eventually.js';
import { START_TIMEOUT_MS } from './pages.js';

/** A page rests after so many frames and milliseconds in which nothing changed, or is at play after the most. */
const REST = { frames: 10, ms: 400, mostMs: 8000 };

/** What is done to a page before any of its scripts run. */
export type Prepare = (page: Page) => Promise<unknown>;

/** The built site for a file of tests, and the page that each test opens; a page on which something went wrong fails it. */
export function withTeachingPage(): TeachingPage & { site: BuiltSite } {
  const shown = new TeachingPage() as TeachingPage & { site: BuiltSite };
  beforeAll(async () => {
    shown.site = await buildSite();
  }, START_TIMEOUT_MS);
  afterAll(() => shown.site.close());
  afterEach(() => shown.close());
  return shown;
}

/** Pixels of the window, and of the page for `scrolled`. */
type Place = Record<'x' | 'y' | 'left' | 'right' | 'top' | 'bottom' | 'scrolled', number>;

/** The teaching page as someone has it open, and what goes wrong behind it. */
export class TeachingPage {
  /** The place that it comes from, and the browser that it is shown in. */
  site!: { url: string; browser: Browser };
  page!: Page;
  problems: string[] = [];
  requests: string[] = [];

  /** Opens it anew, at what follows # in its address. */
  async open(hash = 'language=en', prepare: Prepare = async () => undefined): Promise<void> {
    const page = await this.site.browser.newPage();
    this.page = page;
    const problems: string[] = (this.problems = []);
    const requests: string[] = (this.requests = []);
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) problems.push(message.text());
    });
    page.on('request', (request) => requests.push(request.url()));
    page.setDefaultTimeout(25_000);
    await page.setViewport({ width: 1280, height: 900 });
    // Also honoured by the page: scrolling is done at once then, and clicks land where they are meant to.
    await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }]);
    await prepare(page);
    await this.goTo(hash);
  }

  async goTo(hash: string): Promise<void> {
    await this.page.goto(`${this.site.url}#${hash}`);
    await this.page.waitForSelector('#problem .point').catch((error: unknown) => {
      throw new Error(`the page does not open: ${this.problems.join('; ')}`, { cause: error });
    });
    // Of the part of the script that loads last, where the section that is read is filled first.
    for (const id of ['noise', 'classes']) await this.page.waitForSelector(`#${id} .stage`);
    // Above the sections, which it pushes down.
    if (await this.page.evaluate(() => !navigator.gpu))
      await this.page.waitForSelector('#device-missing:not([hidden])');
    await this.rest();
  }

  text(selector: string): Promise<string> {
    return this.page.$eval(selector, ({ textContent }) => textContent);
  }

  /** The number that a section shows under a key. */
  async value(section: string, key: string): Promise<number> {
    return numberOf(await this.text(`#${section} [data-value="${key}"]`));
  }

  /** Waits until the page says so: most of it is calculated between two frames. */
  async says(selector: string, expected: string | RegExp): Promise<void> {
    await eventually(async () => expect(await this.text(selector)).toMatch(expected));
  }

  async shows(section: string, key: string, check: (value: number) => boolean, meaning: string): Promise<number> {
    return eventually(async () => {
      const value = await this.value(section, key);
      expect(check(value), `${section} ${key} is ${value}; expected ${meaning}`).toBe(true);
      return value;
    });
  }

  /** Waits until neither words, pictures nor places of the page change: what was asked of it is shown then. */
  async rest(): Promise<void> {
    await this.page.evaluate(({ frames, ms, mostMs }) => {
      const begin = performance.now();
      const placesNow = () => `${scrollY} ${document.documentElement.scrollHeight}`;
      let last = { places: placesNow(), atMs: begin, frames: 0 };
      const change = () => (last = { places: placesNow(), atMs: performance.now(), frames: 0 });
      const observer = new MutationObserver(change);
      observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
      return new Promise<void>((resolve) => {
        const look = () => {
          last.frames += 1;
          if (placesNow() !== last.places) change();
          const now = performance.now();
          const isResting = last.frames >= frames && now - last.atMs >= ms;
          if (!isResting && now - begin < mostMs) return void requestAnimationFrame(look);
          observer.disconnect();
          resolve();
        };
        look();
      });
    }, REST);
  }

  /** Brings an element to the middle of the window: its place and its own middle there, and how far the page is scrolled. */
  async placeOf(selector: string): Promise<Place> {
    await this.page.keyboard.press('Shift'); // from a reader's first key on, the page no longer scrolls to its section
    const place = () =>
      this.page.$eval(selector, (element) => {
        element.scrollIntoView({ block: 'center', behavior: 'instant' });
        const { left, right, top, bottom } = element.getBoundingClientRect();
        return { left, right, top, bottom, x: (left + right) / 2, y: (top + bottom) / 2, scrolled: scrollY };
      });
    await place(); // has what is in view drawn, which may move it
    await this.rest();
    return place();
  }

  /** Drags by the mouse from the middle of an element, until the page shows what that led to. */
  async drag(selector: string, by: { x: number; y: number }): Promise<void> {
    const from = await this.placeOf(selector);
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + by.x / 2, from.y + by.y / 2);
    await mouse.move(from.x + by.x, from.y + by.y);
    await mouse.up();
    await this.rest();
  }

  /** Puts a slider somewhere, as a hand would, and tells the page. */
  async slide(selector: string, position: number): Promise<void> {
    await this.page.$eval(
      selector,
      (input, to) => {
        (input as HTMLInputElement).valueAsNumber = to;
        input.dispatchEvent(new Event('input', { bubbles: true }));
      },
      position,
    );
  }

  /** Presses the button that is called so, in a section or in the head of the page. */
  async press(section: string, name: string): Promise<void> {
    await this.page.$$eval(
      `${section} button`,
      (buttons, wanted) => {
        const found = buttons.find(({ textContent }) => textContent === wanted);
        if (!found) throw new Error(`no button '${wanted}'`);
        found.click();
      },
      name,
    );
  }

  async close(): Promise<void> {
    await this.page.close();
    expect(this.problems).toEqual([]);
  }
}

/** '−1.25' and '3.1×10⁷' as the page writes them. */
export function numberOf(words: string): number {
  const digits = '⁰¹²³⁴⁵⁶⁷⁸⁹';
  const plain = words
    .replaceAll('−', '-')
    .replaceAll(',', '')
    .replace(
      /×10([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/,
      (_, power: string) =>
        `e${power.replace('⁻', '-').replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹]/g, (digit) => String(digits.indexOf(digit)))}`,
    );
  return Number.parseFloat(plain);
}
