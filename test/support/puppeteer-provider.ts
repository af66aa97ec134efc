/** Vitest's browser mode over puppeteer, with a browser of its own for each session. */
import { defineBrowserProvider } from '@vitest/browser';
import type { Browser, Page } from 'puppeteer';
import type { BrowserProvider, BrowserProviderOption, TestProject } from 'vitest/node';
import { launchBrowser } from '../../src/node/browser/browser.js';

class PuppeteerProvider implements BrowserProvider {
  readonly name = 'puppeteer';
  // Pages of one browser share its GPU process, where the devices of all take turns: each session has one of its own.
  readonly supportsParallelism = true;
  private readonly browsers = new Map<string, Promise<Browser>>();
  private readonly pages = new Map<string, Page>();

  constructor(
    private readonly project: TestProject,
    private readonly launch: () => Promise<Browser>,
  ) {}

  getCommandsContext(sessionId: string): Record<string, unknown> {
    return { page: this.pages.get(sessionId) };
  }

  async openPage(sessionId: string, url: string): Promise<void> {
    const launching = this.browsers.get(sessionId) ?? this.launch();
    this.browsers.set(sessionId, launching);
    const browser = await launching;
    await this.pages.get(sessionId)?.close();
    const page = await browser.newPage();
    this.pages.set(sessionId, page);
    page.on('error', (crash) => this.project.vitest.state.catchError(crash, 'Page crash'));
    await page.goto(url, { timeout: 0 }); // Vitest has its own limit for a session to connect
  }

  async close(): Promise<void> {
    const launches = await Promise.allSettled(this.browsers.values());
    // A launch that failed was reported by openPage.
    const launched = launches.flatMap((launch) => (launch.status === 'fulfilled' ? [launch.value] : []));
    await Promise.all(launched.map((browser) => browser.close()));
  }
}

/** The Chrome that comes with the lock file: the same browser on every machine. */
async function launchChrome(): Promise<Browser> {
  const { browser } = await launchBrowser({ prefer: 'bundled' });
  return browser;
}

/** The provider for `test.browser.provider`. Default: Chrome. */
export function puppeteer(launch: () => Promise<Browser> = launchChrome): BrowserProviderOption {
  return defineBrowserProvider({
    name: 'puppeteer',
    providerFactory: (project) => new PuppeteerProvider(project, launch),
  });
}
