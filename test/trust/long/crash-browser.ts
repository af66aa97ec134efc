import puppeteer, { type Browser, type CDPSession, type Page } from 'puppeteer';
import { bundledChrome } from '../../../src/node/browser/bundled-chrome.js';
import { BUILT } from '../../support/built.js';
import { serveFolder } from '../../support/serve-folder.js';
import { type CrashPage, crashPage, type CrashWork, type Outcome } from './crash-page.js';

/** Chrome ends itself when its GPU process has died a few times, and has no WebGPU for a page that was there. */
const FLAGS = ['--no-sandbox', '--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader', '--disable-gpu-process-crash-limit', '--disable-domain-blocking-for-3d-apis']; // prettier-ignore

/** The time within which a job has ended, whatever comes to it. */
const MOST_MS = 15_000;

/** The outcome of a job that does not end. */
const OPEN: Outcome = { code: 'open', message: '', hadDevice: true, settledMs: MOST_MS, live: 0, wrongBits: false };

/** A browser of a test's own, whose GPU process may come to harm, with the page of crash-page.ts. */
export class CrashBrowser {
  readonly session: CDPSession;
  readonly #browser: Browser;
  readonly #page: Page;
  readonly #stop: () => Promise<void>;

  private constructor(browser: Browser, session: CDPSession, page: Page, stop: () => Promise<void>) {
    this.session = session;
    this.#browser = browser;
    this.#page = page;
    this.#stop = stop;
  }

  static async open(work: CrashWork): Promise<CrashBrowser> {
    const server = await serveFolder(BUILT);
    const { executablePath, env } = await bundledChrome();
    const browser = await puppeteer.launch({ executablePath, env, headless: 'shell', args: FLAGS, protocolTimeout: 60_000 }); // prettier-ignore
    const session = await browser.target().createCDPSession();
    const page = await browser.newPage();
    await page.goto(`${server.url}index.js`); // any document of this origin
    await page.evaluate(crashPage(`${server.url}index.js`, work));
    return new CrashBrowser(browser, session, page, () => server.close());
  }

  /** Runs a job, and does harm some milliseconds after its start. */
  async run(job: string, delayMs: number, harm: () => Promise<void>): Promise<Outcome> {
    const running = this.#page.evaluate((name) => (globalThis as unknown as CrashPage).runJob(name), job);
    running.catch(() => undefined); // it is awaited, unless the harm fails
    await new Promise((resolve) => setTimeout(resolve, delayMs));
    await this.#page.evaluate(() => (globalThis as unknown as CrashPage).crashNow());
    await harm();
    const open = new Promise<Outcome>((resolve) => {
      setTimeout(() => resolve({ ...OPEN }), MOST_MS);
    });
    return Promise.race([running, open]);
  }

  /** True if the page can fit again. */
  recovers(): Promise<boolean> {
    return this.#page.evaluate(() => (globalThis as unknown as CrashPage).recovers());
  }

  /** The number of the GPU process; undefined while there is none. */
  async gpuProcess(): Promise<number | undefined> {
    const { processInfo } = await this.session.send('SystemInfo.getProcessInfo');
    return processInfo.find(({ type }) => type === 'GPU')?.id;
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#stop();
  }
}

/** Moments up to `latestMs`, in a sequence that is the same in every run. */
export function moments(count: number, latestMs: number): number[] {
  let state = 12345;
  return Array.from({ length: count }, () => {
    state = (1103515245 * state + 12345) % 2 ** 31;
    return (state / 2 ** 31) * latestMs;
  });
}

/** A process that dies before there is a device gives no adapter, which is said as such; after that there is but one word. */
export function isRight({ code, hadDevice }: Outcome): boolean {
  return ['DEVICE_LOST', 'done'].includes(code) || (code === 'WEBGPU_UNAVAILABLE' && !hadDevice);
}
