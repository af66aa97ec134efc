// The teaching page as it is published: built, served from a folder, under its own content security policy.

import type { Page } from 'puppeteer';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messages } from '../../demo/text/messages-ko.js';
import { remedyFor } from '../../src/base/webgpu-hints.js';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

const shown = withTeachingPage();

describe('the site', { timeout: TIMEOUT_MS }, () => {
  it('asks nobody but its own folder, and its policy would not let it', async () => {
    await shown.open('language=en');
    await shown.says('#adapter', /^GPU: .*software adapter/);
    expect(shown.requests.filter((url) => !url.startsWith(shown.site.url) && !url.startsWith('data:'))).toEqual([]);
    const answer = await shown.page.evaluate(() => fetch('https://example.com/').then(String, String));
    expect(answer).toContain('Failed to fetch');
    expect(shown.problems.join()).toContain('Content Security Policy');
    shown.problems.length = 0;
  });

  it('has a policy that no script or style in the page itself gets past', async () => {
    await shown.open('language=en');
    const [isRun, isStyled] = await shown.page.evaluate(() => {
      const script = document.createElement('script');
      script.append(document.createTextNode('document.title = "run"')); // trusted types forbid to set its text
      const style = document.createElement('style');
      style.textContent = 'h1 { color: rgb(1, 2, 3) }';
      document.head.append(script, style);
      const { color } = getComputedStyle(document.querySelector('h1') as Element);
      return [document.title === 'run', color === 'rgb(1, 2, 3)'];
    });
    expect([isRun, isStyled]).toEqual([false, false]);
    expect(shown.problems.join()).toContain('TrustedScript');
    expect(shown.problems.join()).toContain('inline style');
    shown.problems.length = 0;
  });

  it('takes no text for markup or for a script: trusted types', async () => {
    await shown.open('language=en');
    const outcomes = await shown.page.evaluate(() => {
      const attempts = [() => (document.createElement('p').innerHTML = '<b>bold</b>'), () => new Worker('./script.js')];
      return attempts.map((attempt) => {
        try {
          attempt();
          return 'taken';
        } catch (error) {
          return (error as Error).name;
        }
      });
    });
    expect(outcomes).toEqual(['TypeError', 'TypeError']);
    expect(shown.problems).toHaveLength(2);
    shown.problems.length = 0;
  });

  it("speaks the browser's language, and the other one at a switch, with everything where it was", async () => {
    const inKorean = (page: Page) =>
      page.evaluateOnNewDocument(() => Object.defineProperty(navigator, 'languages', { value: ['fr', 'ko-KR', 'en'] }));
    await shown.open('w=0.25', inKorean);
    expect(await shown.text('h1')).toBe('경사하강법, 눈으로 이해하기');
    expect(await shown.page.$eval('html', ({ lang }) => lang)).toBe('ko');
    await shown.page.evaluate(() => document.getElementById('step')?.scrollIntoView());
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
    const placeOfStep = () => shown.page.$eval('#step', (step) => Math.abs(step.getBoundingClientRect().top));
    expect(await placeOfStep()).toBeLessThan(100);
    await shown.page.$eval('.switches input[value="en"]', (input) => input.click());
    expect(await placeOfStep()).toBeLessThan(100); // the reader is where the reader was
    expect(await shown.text('h1')).toBe('See gradient descent at work');
    expect(await shown.page.evaluate(() => [document.documentElement.lang, document.title])).toEqual([
      'en',
      'See gradient descent at work',
    ]);
    await shown.says('#problem .slider .shown', /^0\.250$/);
  });

  it('keeps its state in the address: a link brings back the same picture', async () => {
    await shown.open('language=en');
    await shown.page.click('#problem .choice label:nth-of-type(3)'); // one point off
    await shown.slide('#problem .slider:nth-of-type(1) input', 0.75);
    await shown.slide('#step .rate-slider input', Math.log10(0.25));
    await shown.page.click('nav a[data-section="step"]');
    await shown.page.waitForSelector('nav a[data-section="step"][aria-current]');
    await shown.page.$eval('.switches input[value="dark"]', (input) => input.click()); // from where the reader is
    await eventually(() => {
      const hash = decodeURIComponent(new URL(shown.page.url()).hash);
      expect(hash).toBe('#language=en&theme=dark&section=step&preset=outlier&w=0.75&rate=0.25');
    });
    await shown.rest(); // the loss of the last line is shown
    const loss = await shown.value('step', 'loss');
    await shown.page.reload();
    await shown.page.waitForSelector('#step .here');
    await shown.shows('step', 'loss', (value) => value === loss, String(loss));
    await shown.says('#step .rate-slider .shown', /^0\.250$/);
    await shown.page.waitForFunction(() => {
      const top = document.querySelector('#step h2')?.getBoundingClientRect().top ?? -1;
      return top >= 0 && top < innerHeight / 2;
    });
    const scheme = await shown.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(scheme).toBe('rgb(18, 19, 22)');
    await shown.page.keyboard.press('Home'); // to where the first section begins under the line of what is read
    await shown.page.waitForSelector('nav a[data-section="problem"][aria-current]');
  });

  it('follows a new address, also one that is written over before it is heard of', async () => {
    await shown.open('language=en&w=0.25');
    await shown.page.evaluate(() => {
      const before = location.hash;
      location.hash = '#language=en&w=2&section=loss';
      history.replaceState(null, '', before); // as the page does a moment after every change
    });
    await shown.says('#problem .slider .shown', /^2\.000$/);
    await shown.page.waitForSelector('nav a[data-section="loss"][aria-current]');
  });

  it('says which words of an address mean nothing', async () => {
    await shown.open('language=en&preset=steep&rate=fast&colour=red');
    expect(await shown.text('#address-banner')).toMatch(/preset=steep, rate=fast, colour=red$/);
    expect(await shown.page.$eval('#address-banner', (banner) => banner.checkVisibility())).toBe(true);
  });

  it('works without WebGPU, and says what is missing and how to get it', async () => {
    await shown.open('language=en', withoutWebGpu);
    await shown.says(
      '#device-missing',
      /no WebGPU in this browser.*The reason: This browser has no WebGPU, or it is turned off\./,
    );
    await shown.says('#device-missing', `What to do in this browser: ${remedyFor('NO_WEBGPU', 'chromium-linux')}`);
    expect(await shown.page.$eval('#device-missing details', ({ open }) => open)).toBe(false); // for those who ask
    expect(await shown.text('#adapter')).toBe('Calculated on the CPU, without a GPU.');
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await shown.page.waitForSelector('#program .run');
    await shown.press('#program', 'Run an epoch');
    await shown.press('#program', 'Run an epoch');
    await shown.says('#program .status', /^1 epoch done/);
  });

  it('says in Korean why a browser has no adapter and what helps there, with the words of the library behind it', async () => {
    await shown.open('language=ko', (page) =>
      page.evaluateOnNewDocument(() =>
        Object.defineProperty(GPU.prototype, 'requestAdapter', { value: () => Promise.resolve(null) }),
      ),
    );
    await shown.says('#device-missing', `이유: ${messages.support.NO_ADAPTER}`);
    await shown.says('#device-missing', `할 일: ${messages.remedy('NO_ADAPTER', 'chromium-linux')}`);
    const originals = await shown.page.$$eval('#device-missing details details q[lang="en"]', (all) =>
      all.map(({ textContent }) => textContent),
    );
    expect(originals).toEqual(['There is no adapter.', remedyFor('NO_ADAPTER', 'chromium-linux')]);
  });

  it('is read by keys and a screen reader: a way past the head, names for all there is to press', async () => {
    await shown.open('language=en&w=0.25');
    await shown.page.keyboard.press('Tab');
    await shown.page.keyboard.press('Enter');
    expect(await shown.page.evaluate(() => document.activeElement?.id)).toBe('main');
    await shown.says('#problem .slider .shown', /^0\.250$/); // the state is as it was
    const nameless = await shown.page.$$eval('input, select, button, [role="slider"], [role="button"]', (all) =>
      all.flatMap((element) => {
        const { labels } = element as HTMLInputElement;
        const label = [...((labels as NodeListOf<HTMLElement> | null | undefined) ?? [])].map(
          ({ textContent }) => textContent,
        );
        const name = element.getAttribute('aria-label') ?? (label.join('') || element.textContent);
        return name.trim() === '' ? [element.outerHTML] : [];
      }),
    );
    expect(nameless).toEqual([]);
    const levels = await shown.page.$$eval('h1, h2, h3', (all) => all.map(({ localName }) => Number(localName[1])));
    levels.forEach((level, i) => expect(level - (levels[i - 1] ?? 0)).toBeLessThanOrEqual(1));
  });

  it('fits a telephone, with the section that is read among the links', async () => {
    await shown.open('language=en&runs=optimizers', (page) => page.setViewport({ width: 375, height: 700 }));
    await shown.page.waitForSelector('#program .run.adam');
    const isWide = () => shown.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await isWide()).toBe(375);
    await shown.page.$$eval('details', (all) => all.forEach((details) => (details.open = true)));
    expect(await isWide()).toBe(375);
    await shown.page.evaluate(() => document.documentElement.style.setProperty('font-size', '34px')); // twice as large
    await eventually(async () => expect(await isWide()).toBeLessThanOrEqual(375));
    await shown.page.evaluate(() => document.documentElement.style.removeProperty('font-size'));
    await shown.page.evaluate(() => document.getElementById('program')?.scrollIntoView());
    await shown.page.waitForSelector('nav a[data-section="program"][aria-current]');
    const right = () => shown.page.$eval('nav a[aria-current]', (link) => link.getBoundingClientRect().right);
    await eventually(async () => expect(await right()).toBeLessThanOrEqual(375));
    await shown.goTo('language=en&section=own');
    await shown.page.waitForSelector('nav a[data-section="own"][aria-current]');
    await eventually(async () => expect(await right()).toBeLessThanOrEqual(375)); // once the links have their widths
  });

  it('keeps the section that the address names in view while what is above it grows, until the reader goes on', async () => {
    const onTallScreen = (page: Page) => page.setViewport({ width: 1280, height: 1700 });
    await shown.open('language=en&section=own', onTallScreen);
    const isRead = () => shown.page.waitForSelector('nav a[data-section="own"][aria-current]');
    await isRead();
    const top = () => shown.page.$eval('#own', (section) => Math.round(section.getBoundingClientRect().top));
    const before = await top();
    // A browser holds some pages still by itself, when it has drawn them before.
    const grow = (pixels: number) =>
      shown.page.evaluate((height) => {
        for (const element of document.querySelectorAll('*')) (element as HTMLElement).style.overflowAnchor = 'none';
        const block = document.createElement('div');
        block.style.height = `${height}px`;
        document.getElementById('problem')?.prepend(block);
        return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
      }, pixels);
    await grow(700);
    await eventually(async () => expect(Math.abs((await top()) - before)).toBeLessThanOrEqual(1)); // of rounding
    await isRead();
    // From here on the page may have grown by itself, too, so that only the reader's own scrolling is counted.
    const scrolled = () => shown.page.evaluate(() => Math.round(scrollY));
    const held = await scrolled();
    await shown.page.mouse.wheel({ deltaY: -50 });
    await eventually(async () => expect(await scrolled()).toBe(held - 50));
    await grow(300);
    expect(await scrolled()).toBe(held - 50);
  });

  it('saves a picture and its numbers', async () => {
    await shown.open('language=en');
    const cdp = await shown.page.createCDPSession();
    const saved = join(shown.site.folder, 'saved');
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await shown.press('#step', 'Save CSV');
    await shown.press('#step', 'Save PNG');
    const [picture, numbers] = await eventually(async () => {
      expect((await readdir(saved)).toSorted()).toEqual(['descent.csv', 'descent.png']);
      return [await readFile(join(saved, 'descent.png')), await readFile(join(saved, 'descent.csv'), 'utf8')] as const;
    });
    expect(picture.subarray(1, 4).toString()).toBe('PNG');
    // Twice as wide as on the page.
    const width = await shown.page.$eval('#step svg.plot', (drawing) => drawing.viewBox.baseVal.width);
    expect(picture.readUInt32BE(16)).toBe(2 * width);
    const [head, first, second = ''] = numbers.split('\n');
    expect([head, first?.split(',').slice(0, 3)]).toEqual(['epoch,w,b,loss', ['0', '-0.5', '0.5']]);
    expect(Number(second.split(',')[1]).toFixed(3)).toBe((await shown.value('step', 'w')).toFixed(3));

    await shown.page.waitForSelector('#program .run');
    await shown.page.click('.switches input[value="dark"]');
    await shown.page.waitForSelector('#program .uplot canvas');
    await shown.page.$$eval('#program figure', (figures) =>
      figures
        .filter((figure) => figure.checkVisibility())
        .forEach((figure) => figure.querySelector<HTMLButtonElement>('.exports button')?.click()),
    );
    const painted = await eventually(() =>
      Promise.all(['loss-surface.png', 'loss-by-epoch.png'].map((name) => readFile(join(saved, name)))),
    );
    for (const png of painted) expect(await cornerOf(png)).toEqual([18, 19, 22, 255]); // the ground of the dark page
  });
});

/** Red, green, blue and opacity of the first pixel of a PNG, as the browser reads it. */
function cornerOf(png: Buffer): Promise<number[]> {
  return shown.page.evaluate(async (encoded) => {
    const image = new Image();
    image.src = `data:image/png;base64,${encoded}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    return Array.from(context?.getImageData(0, 0, 1, 1).data ?? []);
  }, png.toString('base64'));
}
