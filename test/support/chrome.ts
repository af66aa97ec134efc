import { puppeteer } from './puppeteer-provider.js';

/** The browser that tests of a GPU run in. */
export const CHROME = {
  enabled: true,
  headless: true,
  provider: puppeteer(),
  instances: [{ browser: 'chrome' as const }],
  screenshotFailures: false,
};
