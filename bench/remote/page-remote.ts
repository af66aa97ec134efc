import type { Browser, Page } from 'puppeteer';
import type { RemoteBench } from './protocol.js';
import type { Answer, Method, Remote } from './remote.js';

/** A page of the benchmark in a browser, and calls into it. */
export class RemotePage implements Remote {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async open(browser: Browser, url: string): Promise<RemotePage> {
    const page = await browser.newPage();
    await page.goto(url);
    await page.waitForFunction(() => 'bench' in globalThis);
    return new RemotePage(page);
  }

  async call<Name extends Method>(name: Name, ...parameters: Parameters<RemoteBench[Name]>): Promise<Answer<Name>> {
    const answer: unknown = await this.#page.evaluate(
      (method, given) => {
        const { bench } = globalThis as unknown as { bench: Record<string, (...args: unknown[]) => unknown> };
        return bench[method]?.(...given);
      },
      name,
      parameters,
    );
    return answer as Answer<Name>;
  }

  async close(): Promise<void> {
    await this.#page.close();
  }
}
