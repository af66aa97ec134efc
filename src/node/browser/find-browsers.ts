/**
 * The places where a browser may be found: the environment, the system, puppeteer's own downloads, the bundled package.
 */
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { packaged } from '../packages.js';
import { bundledChrome, checkVersion, type StartableBrowser } from './bundled-chrome.js';

export type BrowserOrigin = 'environment' | 'installed' | 'puppeteer' | 'bundled';

/** `hardware` lets Chrome look for a GPU, `software` asks for its own software adapter, SwiftShader. */
export type BrowserMode = 'hardware' | 'software';

/** The kind of browser to try first: an installed one may have a GPU, the bundled one is the same on every machine. */
export type BrowserPreference = 'installed' | 'bundled';

/** The name of the environment variable that names a browser, by its path or as 'bundled': that one is used, or none. */
export const CHROME_VARIABLE = 'WEBGPU_DESCENT_CHROME';

export interface BrowserCandidate {
  origin: BrowserOrigin;
  /** The name of this candidate in messages: a path, if it is known. */
  name: string;
  /** The modes in which it is worth trying, best first. */
  modes: readonly BrowserMode[];
  /** The headless shell has no other mode than its own; a whole Chrome is asked for the new headless mode. */
  headless: true | 'shell';
  /** Makes it ready to start. Rejects when it cannot start here, saying why. */
  prepare: () => Promise<StartableBrowser>;
}

/** Device files of GPU drivers on Linux: the kernel's own, NVIDIA's, and that of Windows below WSL. */
const GPU_DEVICES = ['/dev/dri', '/dev/nvidiactl', '/dev/dxg'];

/**
 * Without a GPU the search for one ends at a software adapter in any case, and where Mesa's software Vulkan driver is
 * installed it may not end at all.
 */
async function modesHere(): Promise<readonly BrowserMode[]> {
  const found = await Promise.allSettled(GPU_DEVICES.map((device) => access(device)));
  const hasGpu = process.platform !== 'linux' || found.some(({ status }) => status === 'fulfilled');
  return hasGpu ? ['hardware', 'software'] : ['software'];
}

async function fileCandidate(origin: BrowserOrigin, executablePath: string): Promise<BrowserCandidate> {
  return {
    origin,
    name: executablePath,
    modes: await modesHere(),
    headless: true,
    async prepare() {
      await access(executablePath, constants.X_OK);
      const browser = { executablePath, env: process.env };
      // Puppeteer waits its whole timeout for a file that is no browser, so ask first. On Windows the question opens a window.
      if (process.platform !== 'win32') await checkVersion(browser);
      return browser;
    },
  };
}

/** Packages that start a browser. */
export const FOR_BROWSERS = {
  names: ['puppeteer', '@puppeteer/browsers'],
  code: 'BROWSER_UNAVAILABLE',
  by: 'starts a browser',
} as const;

const bundledCandidate: BrowserCandidate = {
  origin: 'bundled',
  name: '@sparticuz/chromium',
  modes: ['software'], // it is built with SwiftShader alone
  headless: 'shell',
  prepare: bundledChrome,
};

const COMMAND_NAMES = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

/** Every path at which Chrome, Chromium or Edge is commonly installed, best first; most of them do not exist. */
async function commonPaths(): Promise<string[]> {
  const { Browser, ChromeReleaseChannel, computeSystemExecutablePath } = await packaged(
    FOR_BROWSERS,
    () => import('@puppeteer/browsers'),
  );
  const chromePaths = Object.values(ChromeReleaseChannel).flatMap((channel) => {
    try {
      return [computeSystemExecutablePath({ browser: Browser.CHROME, channel })];
    } catch {
      return []; // not installed in this channel
    }
  });
  if (process.platform === 'darwin') {
    const folders = ['/Applications', join(process.env.HOME ?? '', 'Applications')];
    const names = ['Google Chrome', 'Chromium', 'Microsoft Edge'];
    return [...chromePaths, ...folders.flatMap((folder) => names.map((name) => macExecutable(folder, name)))];
  }
  if (process.platform === 'win32') {
    const folders = [process.env['ProgramFiles(x86)'], process.env.ProgramFiles].filter(
      (folder) => folder !== undefined,
    );
    return [...chromePaths, ...folders.map((folder) => join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'))];
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/bin', '/usr/local/bin', '/snap/bin'];
  return [
    ...chromePaths,
    ...COMMAND_NAMES.flatMap((name) => folders.filter(Boolean).map((folder) => join(folder, name))),
  ];
}

function macExecutable(folder: string, name: string): string {
  return join(folder, `${name}.app`, 'Contents', 'MacOS', name);
}

async function installedCandidates(): Promise<BrowserCandidate[]> {
  const byRealPath = new Map<string, string>();
  for (const path of await commonPaths()) {
    const real = await realpath(path).catch(() => undefined);
    if (real !== undefined && !byRealPath.has(real)) byRealPath.set(real, path);
  }
  return Promise.all([...byRealPath.values()].map((path) => fileCandidate('installed', path)));
}

async function puppeteerCandidates(): Promise<BrowserCandidate[]> {
  const { default: puppeteer } = await packaged(FOR_BROWSERS, () => import('puppeteer'));
  try {
    return [await fileCandidate('puppeteer', await realpath(puppeteer.executablePath()))];
  } catch {
    return []; // nothing was downloaded
  }
}

/** The browsers worth trying, in order. */
export async function findBrowsers(prefer: BrowserPreference): Promise<BrowserCandidate[]> {
  const named = process.env[CHROME_VARIABLE];
  if (named === 'bundled') return [bundledCandidate];
  if (named) return [await fileCandidate('environment', named)];
  const installed = await installedCandidates();
  const puppeteer = await puppeteerCandidates();
  return prefer === 'bundled'
    ? [bundledCandidate, ...puppeteer, ...installed]
    : [...installed, ...puppeteer, bundledCandidate];
}
