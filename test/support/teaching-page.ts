import type { Browser, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, expect, vi } from 'vitest';
import { type BuiltSite, buildSite } from './built-site.js';
import { START_TIMEOUT_MS } from './pages.js';

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
    page.setDefaultTimeout(15_000);
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
    await vi.waitFor(async () => expect(await this.text(selector)).toMatch(expected), {
      timeout: 20_000,
      interval: 20,
    });
  }

  async shows(section: string, key: string, check: (value: number) => boolean, meaning: string): Promise<number> {
    return vi.waitFor(
      async () => {
        const value = await this.value(section, key);
        expect(check(value), `${section} ${key} is ${value}; expected ${meaning}`).toBe(true);
        return value;
      },
      { timeout: 20_000, interval: 20 },
    );
  }

  /** Drags by the mouse from the middle of an element. */
  async drag(selector: string, by: { x: number; y: number }): Promise<void> {
    const box = await this.page.$eval(selector, (element) => {
      element.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    const { mouse } = this.page;
    await mouse.move(box.x, box.y);
    await mouse.down();
    await mouse.move(box.x + by.x / 2, box.y + by.y / 2);
    await mouse.move(box.x + by.x, box.y + by.y);
    await mouse.up();
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
