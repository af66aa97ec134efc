// The first picture waits for the script of sections 1 to 4 alone; the others follow.

import type { HTTPRequest } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

describe('the parts of the script', { timeout: 30_000 }, () => {
  it('draw the first section while the later ones are on their way, and then those', async () => {
    const held: HTTPRequest[] = [];
    let isHeld = true;
    await shown.open('language=en'); // a page that closes as others do
    const page = await shown.site.browser.newPage();
    try {
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (isHeld && /\/later-[^/]*\.js$/.test(request.url())) held.push(request);
        else void request.continue();
      });
      await page.goto(`${shown.site.url}#language=en`);
      await page.waitForSelector('#problem .point');
      await page.waitForSelector('#step svg.plot');
      await page.waitForFunction(() => document.querySelector('#problem [data-value="loss"]')?.textContent !== '');
      expect(await page.$$('#program .code')).toEqual([]);
      expect(await page.$eval('#program h2', ({ textContent }) => textContent)).toMatch(/^5The program/);
      isHeld = false;
      for (const request of held) void request.continue();
      await page.waitForSelector('#program .code');
      await page.waitForSelector('#noise .stage');
    } finally {
      await page.close();
    }
  });

  it('are few files until all sections are drawn: a browser asks for each', async () => {
    await shown.open('language=en');
    for (const drawn of ['#program .plot .run', '#classes .s-curve', '#noise .degree-mark']) {
      await shown.page.waitForSelector(drawn);
    }
    const named = await shown.page.$$eval('link[rel="modulepreload"]', (links) => links.map(({ href }) => href));
    for (const part of ['engine', 'later']) expect(named.join(), part).toContain(`/${part}-`);
    const scripts = new Set(shown.requests.filter((url) => url.endsWith('.js')));
    expect(scripts.size, [...scripts].join('\n')).toBeLessThan(20); // 101 were fetched when each set of importers had one
  });

  it('go to a later section at once where the address names it, and stay there in another language', async () => {
    await shown.open('language=en&section=classes');
    await shown.page.waitForSelector('nav a[data-section="classes"][aria-current]');
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#classes h2', '두 부류');
    await shown.page.waitForSelector('#classes .s-curve');
    const top = await shown.page.$eval('#classes', (section) => section.getBoundingClientRect().top);
    expect(Math.abs(top)).toBeLessThan(200);
  });
});
