// A section's picture and what steers it are in view together: in the window of a laptop, and on a telephone.

import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 60_000;

const shown = withTeachingPage();

/** A screen of 1366 × 768, less what a browser keeps for itself. */
const onLaptop = async (page: Page) => {
  await page.setViewport({ width: 1366, height: 650 });
  await withoutWebGpu(page);
};

const onTelephone = async (page: Page) => {
  await page.setViewport({ width: 375, height: 800, isMobile: true, hasTouch: true });
  await withoutWebGpu(page);
};

/** Opens the first of the files that the page brings, where a section has no picture without one. */
async function openSample(): Promise<void> {
  const isThere = await shown.page.$$eval('#own .samples button', ([first]) => {
    first?.click();
    return first !== undefined;
  });
  if (isThere) await shown.page.waitForFunction(() => document.querySelector('#own .stage')?.checkVisibility());
  await shown.page.$eval('#scale', (section) => section.scrollIntoView({ behavior: 'instant' }));
  await shown.page.waitForSelector('#scale .mark.limit'); // its examples are there, and nothing grows any more
}

/** The sections whose pictures are steered as a whole; the derivation is read line by line. */
const stagedSections = () =>
  shown.page.$$eval('main > section:has(.stage)', (all) => all.map(({ id }) => id).filter((id) => id !== 'derivation'));

const LANGUAGES = ['en', 'ko'] as const;

describe('one screen', { timeout: TIMEOUT_MS }, () => {
  it.each(LANGUAGES)('of a laptop holds picture and controls of each section, language %s', async (language) => {
    await shown.open(`language=${language}&moves=both&rate=1.1`, onLaptop); // with both updates, and the longest sentence
    await openSample();
    const sections = await stagedSections();
    expect(sections).toEqual(expect.arrayContaining(['problem', 'loss', 'step']));
    for (const id of sections) {
      const box = await shown.page.$eval(`#${id} .stage`, (stage) => {
        stage.scrollIntoView({ block: 'start', behavior: 'instant' });
        const { top, bottom } = stage.getBoundingClientRect();
        const below = document.querySelector('nav')?.getBoundingClientRect().bottom ?? 0;
        return { top: Math.ceil(top - below), bottom: Math.floor(innerHeight - bottom) };
      });
      expect(box.top, `${id}: pixels below the contents`).toBeGreaterThanOrEqual(0);
      expect(box.bottom, `${id}: pixels left below`).toBeGreaterThanOrEqual(0);
    }
  });

  it.each(LANGUAGES)(
    'of a telephone keeps the picture while each control is pressed, language %s',
    async (language) => {
      await shown.open(`language=${language}`, onTelephone);
      await openSample();
      for (const id of await stagedSections()) {
        const covered = await shown.page.$eval(`#${id} .stage`, async (stage) => {
          const picture = stage.querySelector('.picture') as HTMLElement;
          const bar = document.querySelector('nav') as HTMLElement;
          const controls = [...stage.querySelectorAll<HTMLElement>('.panel :is(button, input, select)')];
          const wrong: string[] = [];
          for (const control of controls.filter((one) => one.checkVisibility())) {
            // To where a finger has it: in the part of the window below the pictures.
            const free = innerHeight - 60;
            // A section that comes into view may grow, or a sentence in it, for some frames.
            for (let still = 0, frames = 0; still < 3 && frames < 60; frames++) {
              const off = control.getBoundingClientRect().bottom - free;
              still = Math.abs(off) < 1 ? still + 1 : 0;
              scrollBy({ top: off, behavior: 'instant' });
              await new Promise((drawn) => requestAnimationFrame(drawn));
            }
            const seen = picture.getBoundingClientRect();
            const { x, y, width, height } = control.getBoundingClientRect();
            const hit = document.elementFromPoint(x + width / 2, y + height / 2);
            const isPressed =
              hit !== null && (control.contains(hit) || (hit.closest('label')?.contains(control) ?? false));
            const isSeen = seen.top >= bar.getBoundingClientRect().bottom - 1 && seen.bottom <= y;
            if (!isPressed || !isSeen)
              wrong.push(`${control.outerHTML.slice(0, 80)} ${String(hit?.outerHTML.slice(0, 40))}`);
          }
          return wrong;
        });
        expect(covered, id).toEqual([]);
      }
    },
  );

  it('has the next line of the derivation under a mouse that stays, and the newest line in view', async () => {
    await shown.open('language=en', onLaptop);
    await shown.page.click('nav a[data-section="derivation"]');
    const next = await shown.page.$('#derivation .turn .primary');
    const box = await next?.boundingBox();
    const { mouse } = shown.page;
    await mouse.move((box?.x ?? 0) + 20, (box?.y ?? 0) + 30);
    await opensAllLines(() => mouse.down().then(() => mouse.up()));
  });

  it('has the next line of the derivation under the keys, and button and newest line in view', async () => {
    await shown.open('language=en', onLaptop);
    await shown.page.click('nav a[data-section="derivation"]');
    await shown.page.focus('#derivation .turn .primary');
    await opensAllLines(async () => {
      await shown.page.keyboard.press('Enter');
      const button = await shown.page.evaluate(
        () => document.activeElement?.getBoundingClientRect().toJSON() as DOMRect,
      );
      expect(button.top).toBeGreaterThanOrEqual(0);
      expect(button.bottom).toBeLessThanOrEqual(650);
    });
  });

  it('is led by keys on a projector: line by line, step by step, section by section', async () => {
    await shown.open('language=en&section=derivation&line=8', onLaptop);
    const { keyboard } = shown.page;
    await keyboard.press('p');
    const visible = () =>
      shown.page.$$eval('main > section', (all) => all.filter((one) => one.checkVisibility()).map(({ id }) => id));
    expect(await visible()).toEqual(['derivation']);
    const size = await shown.page.evaluate(() => Number.parseFloat(getComputedStyle(document.body).fontSize));
    expect(size).toBe(17 * 1.5);
    const isNewestSeen = await shown.page.$eval('#derivation .newest', (line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return top >= 0 && bottom <= innerHeight + 1;
    });
    expect(isNewestSeen).toBe(true);
    await keyboard.press('ArrowRight');
    expect(await shown.page.$eval('#derivation .conclusion', (element) => element.checkVisibility())).toBe(true);
    await keyboard.press('PageDown'); // as a clicker sends
    expect(await visible()).toEqual(['step']);
    await keyboard.press('ArrowRight');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await keyboard.press('ArrowLeft');
    await shown.shows('step', 'epoch', (value) => value === 0, '0');
    await keyboard.press('ArrowLeft');
    expect(await visible()).toEqual(['derivation']);
    const isProse = await shown.page.$$eval('.lead, .fold, header > :not(h1), footer', (all) =>
      all.some((one) => one.checkVisibility()),
    );
    expect(isProse).toBe(false);
    await keyboard.press('Escape');
    expect((await visible()).length).toBeGreaterThan(6);
  });

  it('is left by a tap where there are no keys, and again after a reload', async () => {
    await shown.open('language=ko&view=presenter', onTelephone);
    for (let visit = 0; visit < 2; visit++) {
      await shown.page.waitForSelector('nav .leave', { visible: true });
      await shown.page.tap('nav .leave');
      await shown.page.waitForSelector('nav .leave', { hidden: true });
      await shown.page.waitForSelector('.lead', { visible: true });
      await shown.page.evaluate(() => (location.hash = 'language=ko&view=presenter'));
      await shown.page.reload();
    }
  });

  it.each(['problem', 'loss', 'step'])(
    'has on a projector the picture of %s and what steers it in view',
    async (id) => {
      await shown.open(`language=en&view=presenter&section=${id}`, onLaptop);
      const outside = await shown.page.$eval(`#${id} .stage`, (stage) => {
        const parts = [...stage.querySelectorAll<HTMLElement>('.picture, .panel')];
        return parts
          .map((part) => part.getBoundingClientRect())
          .filter(({ top, bottom }) => top < 0 || bottom > innerHeight);
      });
      expect(outside).toEqual([]);
    },
  );
});

/** Opens the derivation line by line, and looks each time whether the newest line is in view. */
async function opensAllLines(press: () => Promise<unknown>): Promise<void> {
  for (let line = 2; line <= 9; line++) {
    await press();
    const newest = line === 9 ? '.conclusion' : '.newest';
    const box = await shown.page.$eval(`#derivation ${newest}`, (element) => {
      const { top, bottom, height } = element.getBoundingClientRect();
      const bar = document.querySelector('nav')?.getBoundingClientRect().bottom ?? 0;
      return { isShown: height > 0, above: Math.min(0, top - bar), below: Math.min(0, innerHeight + 1 - bottom) };
    });
    expect(box, `line ${line}`).toEqual({ isShown: true, above: 0, below: 0 });
  }
  const focused = await shown.page.evaluate(() => document.activeElement?.textContent);
  expect(focused).toBe('Next line'); // and not thrown to the top, when there is no more
}
