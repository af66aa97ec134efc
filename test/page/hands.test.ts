// Points and line in the hand, by mouse, by finger and by keys.

import type { Page } from 'puppeteer';
import { describe, expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { withTeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

const shown = withTeachingPage();

const open = (hash: string) => shown.open(`language=en&${hash}`, withoutWebGpu);

const asTelephone = async (page: Page) => {
  await page.setViewport({ width: 375, height: 800, isMobile: true, hasTouch: true });
  await withoutWebGpu(page);
};

/** Drags by a finger, in steps as the browser reports them; says how far the page scrolled meanwhile. */
async function dragByFinger(selector: string, by: { x: number; y: number }): Promise<number> {
  const from = await shown.placeOf(selector);
  const { touchscreen } = shown.page;
  const steps = 10;
  await touchscreen.touchStart(from.x, from.y);
  for (let i = 1; i <= steps; i++) {
    await touchscreen.touchMove(from.x + (by.x * i) / steps, from.y + (by.y * i) / steps);
  }
  await touchscreen.touchEnd();
  await shown.rest();
  return (await shown.page.evaluate(() => scrollY)) - from.scrolled;
}

/** Sent at once: between answers of a busy page there may be more time than between the taps of a double tap. */
async function tapTwice(x: number, y: number): Promise<void> {
  const session = await shown.page.createCDPSession();
  const tap = [
    { type: 'touchStart', touchPoints: [{ x, y }] },
    { type: 'touchEnd', touchPoints: [] },
  ] as const;
  const taps = [...tap, ...tap];
  await Promise.all(
    taps.map((event) => session.send('Input.dispatchTouchEvent', { ...event, touchPoints: [...event.touchPoints] })),
  );
}

const focus = (selector: string) => shown.page.$eval(selector, (element) => (element as SVGElement).focus());

const pointLabel = (index: number) =>
  shown.page.$eval(`#problem [data-point="${index}"]`, (point) => point.getAttribute('aria-label'));
const count = (expected: number) => shown.shows('problem', 'm', (value) => value === expected, `${expected} points`);

describe('by finger', { timeout: TIMEOUT_MS }, () => {
  const w = () => shown.value('step', 'w');

  it.each([0, 1])('turns the line by its end %i, and the page stays', async (end) => {
    await shown.open('language=en&w=0&b=0', asTelephone);
    expect(await dragByFinger(`#problem [data-handle="${end}"]`, { x: 0, y: 60 })).toBe(0);
    const sign = end === 0 ? 1 : -1; // down on the left is up on the right
    await eventually(async () => expect(sign * (await w())).toBeGreaterThan(0.05));
  });

  it('moves a point up and down, and the page stays', async () => {
    await shown.open('language=en&points=-1,1;1,-1', asTelephone);
    expect(await dragByFinger('#problem [data-point="0"]', { x: 0, y: 50 })).toBe(0);
    await eventually(async () => expect(await pointLabel(0)).toMatch(/^Point 1: x −1\.0\d, y (−|0\.[0-4])/));
  });

  it('takes hold of a point that it touches nearly', async () => {
    await shown.open('language=en&points=-1,1;1,-1', asTelephone);
    const { x, y } = await shown.placeOf('#problem [data-point="0"]');
    const { touchscreen } = shown.page;
    await touchscreen.touchStart(x + 16, y);
    for (let i = 1; i <= 5; i++) await touchscreen.touchMove(x + 16, y + 10 * i);
    await touchscreen.touchEnd();
    await eventually(async () => expect(await pointLabel(0)).not.toContain('y 1.00'));
    await count(2); // and adds none
  });

  it('moves the whole line', async () => {
    await shown.open('language=en&w=0.5&b=0&points=-2,2;2,-2', asTelephone);
    expect(await dragByFinger('#problem .line-grip', { x: 0, y: -40 })).toBe(0);
    await eventually(async () => expect(await shown.value('step', 'b')).toBeGreaterThan(0.3));
    expect(await w()).toBe(0.5);
  });

  it('moves the point on the loss curve', async () => {
    await shown.open('language=en&w=-0.5&b=0.5', asTelephone);
    await dragByFinger('#loss .here', { x: 40, y: 0 });
    await eventually(async () => expect(await w()).toBeGreaterThan(-0.4));
  });

  it('turns the plane of section 6', async () => {
    await shown.open('language=en&section=scale&rows=1000&shape=plane', asTelephone);
    await shown.says('#scale .drawn', 'All 1,000 points are drawn.');
    const turned = () => shown.text('#scale .slider:has(input[max="180"]) .shown');
    expect(await turned()).toBe('30°');
    expect(await dragByFinger('#scale svg.plot', { x: 60, y: 0 })).toBe(0);
    await eventually(async () => expect(await turned()).toMatch(/^[4-9]\d°$/));
  });

  it('scrolls the page where nothing is taken hold of', async () => {
    await shown.open('language=en', asTelephone);
    expect(await dragByFinger('#problem .lead', { x: 0, y: -120 })).toBeGreaterThan(50);
  });

  it('adds a point by a tap, and removes it by two', async () => {
    await shown.open('language=en&w=0&b=0&points=-1,1;1,-1', asTelephone);
    const { x, y } = await shown.placeOf('#problem .ground');
    await shown.page.touchscreen.tap(x + 60, y - 60);
    await count(3);
    await shown.rest();
    await tapTwice(x + 60, y - 60);
    await count(2);
  });
});

describe('by mouse', { timeout: TIMEOUT_MS }, () => {
  it.each(['w', 'b'])(
    'keeps the axis of the loss curve still while its point is dragged to and fro at the edge, over %s',
    async (name) => {
      await open('w=-0.5&b=0.5');
      await shown.page.$eval(`#loss input[value="${name}"]`, (input) => (input as HTMLElement).click());
      await shown.placeOf('#loss .here');
      const { right } = await shown.placeOf('#loss .ground');
      const { x, y } = await shown.placeOf('#loss .here');
      const { mouse } = shown.page;
      await mouse.move(x, y);
      await mouse.down();
      for (let i = 0; i < 8; i++) await mouse.move(right - 1 - (i % 2), y);
      const held = await shown.value('step', name);
      await mouse.up();
      const released = await shown.value('step', name);
      expect(released).toBeGreaterThan(1);
      expect(Math.max(held, released)).toBeLessThan(4); // the axis ended at 3.5 or before when the drag began
      expect(Math.abs(released - held)).toBeLessThan(0.05); // the last move, of a pixel or two, may come late
    },
  );

  it('goes to the ends of the curve by Home and End, and no farther', async () => {
    await open('w=-0.5&b=0.5');
    await focus('#loss .here');
    for (let i = 0; i < 4; i++) await shown.page.keyboard.press('End');
    const end = await shown.shows('step', 'w', (value) => value > 3, 'the right end');
    expect(end).toBeLessThan(4);
    await shown.page.keyboard.press('Home');
    await shown.shows('step', 'w', (value) => value < -1, 'the left end');
  });

  it('removes a point by a double click', async () => {
    await open('points=-1,1;1,-1;0,0');
    const { x, y } = await shown.placeOf('#problem [data-point="1"]');
    await shown.page.mouse.click(x, y, { count: 2 });
    await count(2);
    await eventually(async () => expect(await pointLabel(1)).toContain('x 0.00')); // a picture follows a frame later
  });

  it('adds points inside the axes only', async () => {
    await open('points=-1,1;1,-1');
    const box = await shown.placeOf('#problem svg.plot');
    const outside = [
      [box.left + 5, (box.top + box.bottom) / 2],
      [(box.left + box.right) / 2, box.bottom - 5],
    ] as const;
    for (const [x, y] of outside) await shown.page.mouse.click(x, y);
    await shown.page.mouse.click(box.right - 80, box.top + 40);
    await count(3); // the last one alone
  });

  it('puts added points beside one another, and says so at the most', async () => {
    await open('points=-1,1;1,-1');
    for (let i = 0; i < 38; i++) await shown.press('#problem', 'Add a point');
    await count(40);
    const places = await shown.page.$$eval('#problem .point', (points) =>
      points.map((point) => [Number(point.getAttribute('cx')), Number(point.getAttribute('cy'))] as const),
    );
    for (const [i, [x, y]] of places.entries()) {
      const near = places.slice(i + 1).filter(([otherX, otherY]) => Math.hypot(otherX - x, otherY - y) < 20);
      expect(near).toEqual([]);
    }
    await shown.press('#problem', 'Add a point');
    await shown.says('#problem .status', 'There are 40 points already');
    await count(40);
  });

  it('keeps its size with other data, and begins anew with a line that had left the picture', async () => {
    await open('w=7.4&b=0');
    const height = () => shown.page.$eval('#problem svg.plot', (plot) => plot.getBoundingClientRect().height);
    const before = await height();
    await shown.page.click('#problem .choice label:nth-of-type(5)'); // large x
    await shown.shows('problem', 'loss', (value) => value < 50, 'that of a line in the picture');
    expect(await height()).toBe(before);
  });
});

describe('Undo and Reset', { timeout: TIMEOUT_MS }, () => {
  it('take back a drag as a whole, and a removed point, in every section of the line', async () => {
    await open('w=0&b=0&points=-1,1;1,-1;0,0');
    const isOff = () =>
      shown.page.$$eval(
        '#problem button',
        (all) => all.find(({ textContent }) => textContent === 'Undo')?.ariaDisabled,
      );
    expect(await isOff()).toBe('true');
    const before = await shown.value('problem', 'loss');
    await shown.drag('#problem [data-handle="1"]', { x: 0, y: -80 });
    await shown.shows('problem', 'loss', (value) => value !== before, 'another');
    await shown.press('#problem', 'Undo');
    await shown.shows('problem', 'loss', (value) => value === before, String(before));
    expect(await isOff()).toBe('true');
    await focus('#problem [data-point="2"]');
    await shown.page.keyboard.press('Delete');
    await count(2);
    await shown.press('#loss', 'Undo');
    await count(3);
    await shown.page.waitForSelector('#problem [data-point="2"]'); // out of view, where pictures follow a little later
    await focus('#problem [data-point="2"]');
    await shown.page.keyboard.press('Delete');
    await count(2);
    await shown.page.keyboard.down('Control');
    await shown.page.keyboard.press('z');
    await shown.page.keyboard.up('Control');
    await count(3);
    await shown.slide('#loss .slider:nth-of-type(2) input', 2);
    await shown.press('#step', 'Reset');
    await count(9); // those of the data that are chosen
    await shown.shows('step', 'w', (value) => value === -0.5, 'that of the beginning');
  });

  it('take back a slow drag as a whole, too', async () => {
    await open('w=0&b=0&points=-1,1;1,-1;0,0');
    const before = await shown.value('problem', 'loss');
    const { x, y } = await shown.placeOf('#problem [data-handle="1"]');
    await shown.page.mouse.move(x, y);
    await shown.page.mouse.down();
    await shown.page.mouse.move(x, y - 30);
    await new Promise((resolve) => setTimeout(resolve, 700)); // longer than changes rest between two
    await shown.page.mouse.move(x, y - 60);
    await shown.page.mouse.up();
    await shown.shows('problem', 'loss', (value) => value !== before, 'another');
    await shown.press('#problem', 'Undo');
    await shown.shows('problem', 'loss', (value) => value === before, String(before));
  });

  it('take back steps, and leave those before', async () => {
    await open('w=0&b=0&points=-1,1;1,3&rate=0.5');
    for (let done = 1; done <= 3; done++) {
      await shown.press('#step', 'One step');
      await shown.shows('step', 'epoch', (value) => value === done, String(done));
    }
    await shown.press('#step', 'Undo');
    await shown.shows('step', 'epoch', (value) => value === 2, '2');
    expect(await shown.value('step', 'w')).toBe(0.75); // half of the way to 1, twice
  });
});
