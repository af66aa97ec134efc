// Section 8 of the teaching page: two classes, by mouse, keys and finger, with the steps of the library.

import type { CDPSession } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { classDataset } from '../../demo/lesson/class-data.js';
import { classPresetPoints } from '../../demo/lesson/class-names.js';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { numberOf, withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();
const START = { weights: [-0.6, 0.8], bias: 0.5 };

const open = (more = '') => shown.open(`language=en&section=classes&${more}`);
const press = (name: string) => shown.press('#classes', name);
const isDrawn = () => shown.page.waitForSelector('#classes .s-curve');
const countOf = async (selector: string) => (await shown.page.$$(`#classes ${selector}`)).length;
const POINTS = '.class-points .class-point';

async function trained(epochs: number, preset: 'mixed' | 'apart', learningRate = 1) {
  return fit(classDataset(classPresetPoints(preset)), {
    ...{ ...SEED_PROGRAM, loss: 'logistic', epochs, learningRate, initialParameters: START, backend: 'cpu' },
  });
}

describe('two classes', { timeout: 30_000 }, () => {
  it('step as the library does, over the plane and along the S curve', async () => {
    await open();
    await isDrawn();
    const lineOf = () => shown.page.$eval('#classes path.boundary', (line) => line.getAttribute('d'));
    const before = await lineOf();
    await press('One step');
    await shown.shows('classes', 'epoch', (value) => value === 1, '1');
    await press('One step');
    await shown.shows('classes', 'epoch', (value) => value === 2, '2');
    const { weights, bias } = await trained(2, 'mixed');
    const parameters = { w1: weights[0] as number, w2: weights[1] as number, b: bias };
    // Three digits after the point are shown; the address, from which the next step begins, has six.
    for (const [name, value] of Object.entries(parameters))
      expect(Math.abs((await shown.value('classes', name)) - value), name).toBeLessThan(1e-3);
    expect(await lineOf()).not.toBe(before);
    await press('Play');
    await shown.shows('classes', 'epoch', (value) => value > 20, 'more than 20');
    await press('Pause');
    const steps = await shown.value('classes', 'epoch');
    const { report } = await trained(steps + 1, 'mixed');
    expect(Math.abs((await shown.value('classes', 'class-loss')) - (report.lossHistory[steps] ?? 0))).toBeLessThan(
      1e-3,
    );
    // An S: flat at both ends, steep in the middle.
    const heights = await shown.page.$eval('#classes .s-curve', (curve) =>
      [...(curve.getAttribute('d') ?? '').matchAll(/[ML] \S+ (\S+)/g)].map(([, y]) => Number(y)),
    );
    const falls = heights.slice(1).map((y, i) => (heights[i] as number) - y);
    expect(Math.max(...falls)).toBeGreaterThan(5 * Math.max(falls[0] as number, falls.at(-1) as number));
    await press('Back to the start');
    await shown.shows('classes', 'w1', (value) => value === -0.6, '-0.6');
  });

  it('says that larger weights are always better where a boundary separates all', async () => {
    await open('classPreset=apart&boundary=1,1,0');
    await isDrawn();
    await press('One step');
    await shown.says('#classes .status', 'Every point is on its side. Where a boundary separates all, larger weights');
    const loss = await shown.value('classes', 'class-loss');
    await press('Play');
    await shown.shows('classes', 'epoch', (value) => value > 30, 'more than 30');
    await press('Pause');
    expect(await shown.value('classes', 'class-loss')).toBeLessThan(loss);
  });

  it('has points that are dragged, added and removed by the mouse, and says why not', async () => {
    await open();
    await isDrawn();
    const count = await countOf(POINTS);
    const at = await shown.placeOf(`#classes ${POINTS}`);
    await shown.page.mouse.move(at.x, at.y);
    await shown.page.mouse.down();
    await shown.page.mouse.move(at.x + 40, at.y - 30, { steps: 4 });
    await shown.page.mouse.up();
    await eventually(async () => {
      const [x = 0, y = 0] = await shown.page.$eval(`#classes ${POINTS}`, (point) => {
        const box = point.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
      });
      expect(Math.hypot(x - at.x - 40, y - at.y + 30)).toBeLessThan(1.5); // points lie on hundredths of a unit
    });
    const ground = await shown.page.$eval('#classes .ground', (rect) => {
      const { left, bottom } = rect.getBoundingClientRect();
      return { x: left + 12, y: bottom - 12 };
    });
    await shown.page.mouse.click(ground.x, ground.y);
    await eventually(async () => expect(await countOf(POINTS)).toBe(count + 1));
    const last = await shown.placeOf(`#classes ${POINTS}:last-child`);
    await shown.page.mouse.click(last.x, last.y, { count: 2 });
    await eventually(async () => expect(await countOf(POINTS)).toBe(count));

    await shown.goTo('language=en&section=classes&classPoints=0,0,0;1,1,1');
    await eventually(async () => expect(await countOf(POINTS)).toBe(2));
    await shown.page.$eval(`#classes ${POINTS}`, (point) => (point as SVGElement).focus());
    await shown.page.keyboard.press('Delete');
    await shown.says('#classes .status', 'A point of each class has to stay.');
    await shown.page.keyboard.press('ArrowRight');
    await shown.page.waitForFunction(() => location.hash.includes('classPoints=0.1,0,0;1,1,1'));
  });

  it('has points that are sliders to a screen reader, and leaves the focus on a neighbour when one is removed', async () => {
    await open('classPoints=0,0,0;1,1,1;-1,-1,0');
    await isDrawn();
    const { keyboard } = shown.page;
    await shown.page.$eval(`#classes ${POINTS}:last-child`, (point) => (point as SVGElement).focus());
    const focused = (name: string) => shown.page.evaluate((of) => document.activeElement?.getAttribute(of), name);
    expect(await focused('role')).toBe('slider');
    for (const [key, expected] of [
      ['ArrowUp', '-0.9'],
      ['PageUp', '0.1'],
      ['Home', '-3'],
      ['End', '3'],
    ] as const) {
      await keyboard.press(key);
      await eventually(async () => expect(await focused('aria-valuenow')).toBe(expected));
    }
    await keyboard.press('Delete');
    await eventually(async () => expect(await countOf(POINTS)).toBe(2));
    expect(await focused('data-point')).toBe('1');
  });

  it('has points that are added and moved by keys alone, up to the most', async () => {
    await open('classPoints=0,0,0;1,1,1');
    await isDrawn();
    await press('Add a point');
    await eventually(async () => expect(await countOf(POINTS)).toBe(3));
    await shown.page.waitForFunction(() => document.activeElement?.getAttribute('data-point') === '2');
    await shown.page.keyboard.press('End');
    await shown.page.waitForFunction(() => /classPoints=0,0,0;1,1,1;-?[\d.]+,3,1$/.test(location.hash));
    for (let i = 3; i < 60; i++) await press('Add a point');
    await eventually(async () => expect(await countOf(POINTS)).toBe(60));
    await press('Add a point');
    await shown.says('#classes .status', 'There are many points already.');
    expect(await countOf(POINTS)).toBe(60);
  });

  it('takes changes of its points back, and no others', async () => {
    await open('w=0.25&classPoints=0,0,0;1,1,1;-1,-1,0');
    await isDrawn();
    await shown.slide('#problem .slider:nth-of-type(1) input', 0.75); // another section's, with an Undo of its own
    const { keyboard } = shown.page;
    await shown.page.$eval(`#classes ${POINTS}`, (point) => (point as SVGElement).focus());
    await keyboard.press('Delete');
    await eventually(async () => expect(await countOf(POINTS)).toBe(2));
    await keyboard.down('Control');
    await keyboard.press('z');
    await keyboard.press('z'); // there is nothing more to take back here
    await keyboard.up('Control');
    await eventually(async () => expect(await countOf(POINTS)).toBe(3));
    await shown.says('#problem .slider .shown', /^0\.750$/);
    await press('Reset');
    await eventually(async () => expect(await countOf(POINTS)).toBeGreaterThan(10)); // those of the data that are chosen
    await press('Undo');
    await eventually(async () => expect(await countOf(POINTS)).toBe(3));
  });

  it('steps also where all points are in one place', async () => {
    await open('classPoints=0,0,0;0,0,1&boundary=1,1,1');
    await isDrawn();
    await press('One step');
    await shown.shows('classes', 'epoch', (value) => value === 1, '1');
    expect(await shown.value('classes', 'w1')).toBe(1); // both x are 0: there is no slope
  });

  it('has points that a finger drags up without scrolling the page', async () => {
    await shown.open('language=en&section=classes', async (page) => {
      await page.setViewport({ width: 375, height: 800, hasTouch: true, isMobile: true });
      await withoutWebGpu(page); // a device that answers late would have the sections above grow meanwhile
    });
    await isDrawn();
    const { scrolled, ...at } = await shown.placeOf(`#classes ${POINTS}`);
    const cdp: CDPSession = await shown.page.createCDPSession();
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', y?: number) =>
      cdp.send('Input.dispatchTouchEvent', { type, touchPoints: y === undefined ? [] : [{ x: at.x, y }] });
    await touch('touchStart', at.y);
    for (let step = 1; step <= 6; step++) await touch('touchMove', at.y - 10 * step);
    await touch('touchEnd');
    await eventually(async () => {
      const after = await shown.page.$eval(`#classes ${POINTS}`, (point) => {
        const { y, height } = point.getBoundingClientRect();
        return y + height / 2;
      });
      expect(Math.abs(after - (at.y - 60))).toBeLessThan(3);
    });
    expect(await shown.page.evaluate(() => scrollY)).toBe(scrolled);
    expect(await shown.page.evaluate(() => document.documentElement.scrollWidth)).toBe(375);
  });

  it('comes back from its address, and knows an address of points that mean nothing', async () => {
    await open('classRate=0.5&boundary=1,-2,0.25&classPoints=0.5,0.5,0;1,2,1;-1,0,0');
    await isDrawn();
    expect(await countOf(POINTS)).toBe(3);
    expect([await shown.value('classes', 'w1'), await shown.value('classes', 'w2')]).toEqual([1, -2]);
    expect(numberOf(await shown.text('#classes .rate-slider .shown'))).toBe(0.5);
    await shown.goTo('language=en&section=classes&classPoints=0.5,0.5,0;9,2,1');
    await shown.says('#address-banner', 'classPoints');
  });
});
