/** Starts the installed Firefox, headless and with WebGPU, over WebDriver BiDi. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Browser } from 'puppeteer';

/** The environment variable that names a Firefox. */
const FIREFOX_VARIABLE = 'WEBGPU_DESCENT_FIREFOX';

/** The names of the program, and the folders where it lies that no PATH names. */
const NAMES = ['firefox-esr', 'firefox', 'firefox.exe'];
const FOLDERS = [
  '/Applications/Firefox.app/Contents/MacOS',
  'C:\\Program Files\\Mozilla Firefox',
  'C:\\Program Files (x86)\\Mozilla Firefox',
];

const INSTALL = 'On Debian: apt-get install -y firefox-esr mesa-vulkan-drivers';

/** WebGPU is off by default on some systems, and on all where only a software adapter is there. */
const PREFERENCES = { 'dom.webgpu.enabled': true, 'gfx.webgpu.ignore-blocklist': true };

/** Path of the installed Firefox. Throws an error that says how to install one. */
export function findFirefox(): string {
  const named = process.env[FIREFOX_VARIABLE];
  if (named !== undefined) {
    if (existsSync(named)) return named;
    throw new Error(`${FIREFOX_VARIABLE} names ${named}, which is not there`);
  }
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...FOLDERS];
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
  if (found !== undefined) return found;
  throw new Error(`Firefox is not installed. ${INSTALL}; or set ${FIREFOX_VARIABLE} to the path of one.`);
}

/** Rejects if Firefox does not start. */
export async function launchFirefox(): Promise<Browser> {
  const { default: puppeteer } = await import('puppeteer');
  return puppeteer.launch({
    browser: 'firefox',
    executablePath: findFirefox(),
    headless: true,
    extraPrefsFirefox: PREFERENCES,
    protocolTimeout: 0, // one call may be one long test file
  });
}
