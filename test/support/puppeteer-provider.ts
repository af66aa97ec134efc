/** Vitest's browser mode over puppeteer: the browser that `launchBrowser` finds, one page per session. */
import { defineBrowserProvider } from '@vitest/browser';
import type { Browser, Page } from 'puppeteer';
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node';
import { launchBrowser } from '../../src/node/browser.js';

class PuppeteerProvider implements BrowserProvider {
  readonly name = 'puppeteer';
  readonly supportsParallelism = false; // one adapter, and timings that should not disturb each other
  private readonly pages = new Map<string, Page>();
  private launching: Promise<Browser> | undefined;

  constructor(private readonly project: TestProject) {}

  getCommandsContext(sessionId: string): Record<string, unknown> {
    return { page: this.pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    const browser = await (this.launching ??= this.launch());
    await this.pages.get(sessionId)?.close();
    const page = await browser.newPage();
    this.pages.set(sessionId, page);
    page.on('error', (crash) => this.project.vitest.state.catchError(crash, 'Page crash'));
    await page.goto(url, { timeout: 0 }); // Vitest has its own limit for a session to connect
  }

  async close(): Promise<void> {
    const browser = await this.launching?.catch(() => undefined); // a failed launch was reported by openPage
    await browser?.close();
  }

  private async launch(): Promise<Browser> {
    const { browser } = await launchBrowser({ prefer: 'bundled' }); // the same browser on every machine
    return browser;
  }
}

/** The provider for `test.browser.provider`. */
export function puppeteer(): BrowserProviderOption {
  return defineBrowserProvider({ name: 'puppeteer', providerFactory: (project) => new PuppeteerProvider(project) });
}
