/** Starts a headless browser that has WebGPU: the first one found that gives an adapter. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'puppeteer';
import { DescentError } from '../../base/errors.js';
import { beforeAbort } from '../../base/turns.js';
import { packaged } from '../packages.js';
import type { StartableBrowser } from './bundled-chrome.js';
import { createBrowserProfile } from './browser-profile.js';
import {
  CHROME_VARIABLE,
  findBrowsers,
  type BrowserCandidate,
  type BrowserMode,
  type BrowserOrigin,
  type BrowserPreference,
  FOR_BROWSERS,
} from './find-browsers.js';

export type { BrowserMode, BrowserOrigin, BrowserPreference } from './find-browsers.js';

export interface LaunchOptions {
  /** The kind of browser that is tried first. */
  prefer: BrowserPreference;
  /** A page on a secure context (https, or http on this machine) to ask for an adapter; a page of our own unless told. */
  probeUrl?: string;
  /** Ends the start, and the browser with it, with the signal's reason. */
  signal?: AbortSignal;
}

export interface LaunchedBrowser {
  /** The caller closes it. It ends with this process in any case. */
  browser: Browser;
  origin: BrowserOrigin;
  executablePath: string;
  /** The requested mode. In `hardware` mode Chrome may still have chosen a software adapter: ask the adapter. */
  mode: BrowserMode;
}

/** Time limit of one start, including the request for an adapter: usually a second or two, more on a busy machine. */
const START_TIMEOUT_MS = 60_000;

/**
 * Time limit of Chrome's search for a GPU: a driver that hangs must not use up the whole start. A cold one takes a
 * second or two.
 */
const HARDWARE_ADAPTER_TIMEOUT_MS = 8000;

/** Longer reasons (a whole stack, a list of libraries) would hide the other ones. */
const REASON_LENGTH = 200;

/** Puppeteer's own flags already switch off the first run, background networking, sync and crash reports. */
const QUIET_FLAGS = ['--disable-component-update', '--no-default-browser-check', '--no-pings'];

function flagsFor(mode: BrowserMode): string[] {
  const flags = [...QUIET_FLAGS, '--enable-unsafe-webgpu'];
  // The sandbox cannot start for root, nor where user namespaces are off, as in most containers. It guards against
  // hostile pages; this browser loads nothing but our own, from this machine.
  if (process.platform === 'linux') flags.push('--no-sandbox');
  if (mode === 'software') return [...flags, '--use-webgpu-adapter=swiftshader'];
  flags.push('--ignore-gpu-blocklist');
  // Headless Chrome on Linux has no display for GL, so it finds a GPU through Vulkan, without a surface, or not at all.
  if (process.platform === 'linux')
    flags.push('--use-angle=vulkan', '--enable-features=Vulkan', '--disable-vulkan-surface');
  return flags;
}

/** Starts one browser in one mode. Rejects, and leaves nothing behind, unless it gives an adapter. */
async function start(
  { executablePath, env }: StartableBrowser,
  headless: true | 'shell',
  mode: BrowserMode,
  probeUrl: string,
  signal: AbortSignal | undefined,
): Promise<Browser> {
  const { default: puppeteer } = await packaged(FOR_BROWSERS, () => import('puppeteer'));
  const profile = await createBrowserProfile();
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), START_TIMEOUT_MS);
  const onAbort = () => deadline.abort();
  signal?.addEventListener('abort', onAbort);
  try {
    const browser = await puppeteer.launch({
      executablePath,
      env: { ...env, ...profile.env },
      headless,
      args: flagsFor(mode),
      userDataDir: profile.folder,
      pipe: true, // Chrome ends when its pipe does: with this process, even when that is killed
      protocolTimeout: 0, // one call may be one long training run
      signal: deadline.signal,
      // Puppeteer would end this process on SIGINT and keep it alive on the others. What a signal means is for the
      // program to say; the pipe and the profile's guard clean up after any end.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const browserProcess = browser.process();
    if (browserProcess?.pid !== undefined) profile.guard(browserProcess.pid);
    // Puppeteer's close() resolves after this event's listeners, so that a closed browser has no profile any more.
    browserProcess?.once('exit', profile.remove);
    try {
      const limitMs = mode === 'hardware' ? HARDWARE_ADAPTER_TIMEOUT_MS : START_TIMEOUT_MS;
      await beforeAbort(requireAdapter(browser, probeUrl, limitMs), signal);
    } catch (error) {
      if (signal?.aborted) browserProcess?.kill('SIGKILL');
      await browser.close();
      throw error;
    }
    return browser;
  } catch (error) {
    const hasTimedOut = deadline.signal.aborted && !signal?.aborted;
    deadline.abort(); // ends a process that puppeteer has started and lost
    profile.abandon();
    throw hasTimedOut ? new Error(`not ready within ${START_TIMEOUT_MS / 1000} s`, { cause: error }) : error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

async function requireAdapter(browser: Browser, probeUrl: string, timeoutMs: number): Promise<void> {
  const page = await browser.newPage();
  await page.goto(probeUrl);
  const obstacle = await page.evaluate(async (limitMs) => {
    if (!isSecureContext) return `${location.href} is no secure context`;
    if (!('gpu' in navigator)) return 'no navigator.gpu';
    const answer = navigator.gpu.requestAdapter().then((adapter) => (adapter ? undefined : 'no WebGPU adapter'));
    const silence = new Promise<string>((resolve) => {
      setTimeout(() => resolve(`no answer about an adapter within ${limitMs / 1000} s`), limitMs);
    });
    return Promise.race([answer, silence]);
  }, timeoutMs);
  if (obstacle !== undefined) throw new Error(obstacle);
  await page.close();
}

/** Serves one empty page on this machine while `body` runs. Pages of `about:` and `data:` have no WebGPU. */
async function withEmptyPage<Result>(body: (url: string) => Promise<Result>): Promise<Result> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><link rel="icon" href="data:,">');
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

async function tryInTurn(
  candidates: readonly BrowserCandidate[],
  probeUrl: string,
  signal: AbortSignal | undefined,
): Promise<LaunchedBrowser> {
  const failures: string[] = [];
  const causes: unknown[] = [];
  const failed = (candidate: string, error: unknown) => {
    causes.push(error);
    const reason = String(error instanceof Error ? error.message : error).replace(/\s+/g, ' ');
    failures.push(`${candidate}: ${reason.trim().slice(0, REASON_LENGTH)}`);
  };
  for (const { origin, name, headless, modes, prepare } of candidates) {
    let browser: StartableBrowser;
    try {
      browser = await beforeAbort(prepare(), signal);
    } catch (error) {
      signal?.throwIfAborted();
      failed(`${origin} ${name}`, error);
      continue;
    }
    for (const mode of modes) {
      try {
        const started = await start(browser, headless, mode, probeUrl, signal);
        return { browser: started, origin, executablePath: browser.executablePath, mode };
      } catch (error) {
        signal?.throwIfAborted();
        failed(`${origin} ${name} (${mode})`, error);
      }
    }
  }
  const isNamed = candidates.some(({ origin }) => origin === 'environment');
  throw new DescentError('BROWSER_UNAVAILABLE', {
    got: `no browser with a WebGPU adapter (tried ${failures.join('; ')})`,
    expected: 'Chrome, Chromium or Edge 113 or later',
    fix: isNamed
      ? `Set ${CHROME_VARIABLE} to the path of one, or unset it to have one found.`
      : `Install Chrome, or run "npx puppeteer browsers install chrome", or set ${CHROME_VARIABLE} to the path of one.`,
    cause: new AggregateError(causes),
  });
}

/**
 * Launches a headless browser with WebGPU, trying each one found, in each of its modes, until one gives an adapter.
 * Throws a `DescentError` with code `BROWSER_UNAVAILABLE`, which says what was tried, when none does.
 *
 *     const { browser } = await launchBrowser({ prefer: 'installed' });
 *     try { … } finally { await browser.close(); }
 */
export async function launchBrowser({ prefer, probeUrl, signal }: LaunchOptions): Promise<LaunchedBrowser> {
  const candidates = await findBrowsers(prefer);
  const tryAll = (url: string) => tryInTurn(candidates, url, signal);
  return probeUrl === undefined ? withEmptyPage(tryAll) : tryAll(probeUrl);
}
