// Each section is played in each way: what is to be pressed or dragged can be reached, lies free, and does what it says.

import type { Page } from 'puppeteer';
import { describe, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { fingerOf, type Hand, keysOf, mouseOf, PLAYED, PLAYS, seesOutcome } from '../support/play-sections.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

const LAPTOP = { width: 1366, height: 650 };
const TELEPHONE = { width: 375, height: 800, isMobile: true, hasTouch: true };

const WAYS: readonly { by: string; handOf: (page: Page) => Hand; viewport: typeof LAPTOP }[] = [
  { by: 'mouse', handOf: mouseOf, viewport: LAPTOP },
  { by: 'finger', handOf: fingerOf, viewport: TELEPHONE },
  { by: 'keys', handOf: keysOf, viewport: LAPTOP },
];

describe.each(WAYS)('by $by', { timeout: 60_000 }, ({ handOf, viewport }) => {
  it.each(PLAYS)('plays section $section', async (play) => {
    await shown.open(PLAYED, async (page) => {
      await page.setViewport(viewport);
      await withoutWebGpu(page);
    });
    await play.act(handOf(shown.page));
    await seesOutcome(shown.page, play);
  });
});

/** They calculate on the CPU everywhere: a device that is slow to come, or to answer, keeps none of them waiting. */
const ON_CPU = ['problem', 'loss', 'derivation', 'step', 'program', 'classes'];

describe('while a browser has not answered whether there is an adapter', { timeout: 60_000 }, () => {
  it.each(PLAYS.filter(({ section }) => ON_CPU.includes(section)))('plays section $section', async (play) => {
    await shown.open(PLAYED, async (page) => {
      await page.setViewport(LAPTOP);
      await page.evaluateOnNewDocument(() =>
        Object.defineProperty(GPU.prototype, 'requestAdapter', { value: () => new Promise(() => undefined) }),
      );
    });
    await play.act(mouseOf(shown.page));
    await seesOutcome(shown.page, play);
  });
});
