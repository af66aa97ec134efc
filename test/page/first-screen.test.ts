// The first screen of a first visit: what the page is about, and the beginning of its first picture.

import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

describe.each(['en', 'ko'])('the first screen, language %s', { timeout: 30_000 }, (language) => {
  it.each([
    { width: 1366, height: 650, most: 0.6, switches: 0.1 },
    { width: 375, height: 800, most: 1, switches: 0.14 },
  ])(
    'has the title, the switches in few lines and the first picture, at $width pixels',
    async ({ width, height, most, switches }) => {
      await shown.open(`language=${language}`, (page) =>
        page.setViewport({ width, height, isMobile: width < 400, hasTouch: width < 400 }),
      );
      const box = await shown.page.evaluate(() => {
        const of = (selector: string) => document.querySelector(selector)?.getBoundingClientRect() ?? new DOMRect();
        return { title: of('h1').bottom, switches: of('.switches').height, picture: of('#problem .picture').top };
      });
      expect(box.title).toBeLessThan(0.3 * height);
      expect(box.switches).toBeLessThan(switches * height);
      expect(box.picture).toBeLessThan(most * height);
    },
  );
});

it('the reason for the missing device is not in the way of the first picture', { timeout: 30_000 }, async () => {
  await shown.open('language=en', async (page) => {
    await page.setViewport({ width: 375, height: 800 });
    await withoutWebGpu(page);
  });
  const height = await shown.page.$eval('#device-missing', (banner) => banner.getBoundingClientRect().height);
  expect(height).toBeLessThan(200);
});
