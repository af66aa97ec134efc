// A drag changes the pictures of four sections; those that nobody sees follow when it is over, and those of other sections not at all.

import { expect, it } from 'vitest';
import { withoutWebGpu } from '../support/built-site.js';
import { withTeachingPage } from '../support/teaching-page.js';

const shown = withTeachingPage();

it('draws the pictures in view alone while a point is dragged, and the others when it is let go', async () => {
  await shown.open('language=en', async (page) => {
    await page.setViewport({ width: 1366, height: 650 });
    await withoutWebGpu(page);
  });
  await shown.page.$eval('#problem .stage', (stage) => stage.scrollIntoView({ block: 'start', behavior: 'instant' }));
  for (const last of ['#program .run', '#classes .s-curve', '#noise .degree-mark', '#noise .line'])
    await shown.page.waitForSelector(last); // their first pictures may be late
  await shown.page.evaluate(() => {
    const drawn: Record<string, number> = {};
    Object.assign(globalThis, { drawn });
    for (const section of document.querySelectorAll('main > section')) {
      drawn[section.id] = 0;
      const observer = new MutationObserver(() => (drawn[section.id] = (drawn[section.id] ?? 0) + 1));
      for (const plot of section.querySelectorAll('svg.plot, .live, .gradient-check table'))
        observer.observe(plot, { subtree: true, childList: true, attributes: true });
    }
  });
  const drawn = () =>
    shown.page.evaluate(() => ({ ...(globalThis as unknown as { drawn: Record<string, number> }).drawn }));
  await untilStill();
  const { x, y } = await shown.page.$eval('#problem [data-point="0"]', (point) => {
    const box = point.getBoundingClientRect();
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  });
  const { mouse } = shown.page;
  await mouse.move(x, y);
  await mouse.down();
  await mouse.move(x + 10, y - 40, { steps: 5 });
  await shown.shows('step', 'loss', (value) => value < 1.745, 'another: numbers are always kept');
  await new Promise((resolve) => setTimeout(resolve, 600)); // three times as long as pictures wait once all is quiet
  const { problem, ...others } = await drawn();
  expect(problem).toBeGreaterThan(0);
  expect(Object.entries(others).filter(([, count]) => count > 0)).toEqual([]);
  await mouse.up();
  await shown.page.waitForFunction(() => (globalThis as unknown as { drawn: { step: number } }).drawn.step > 0);
  expect((await drawn())['classes']).toBe(0);
});

it('changes the point that is dragged and what follows from it, and leaves the other thirty-nine as they are', async () => {
  const points = Array.from({ length: 40 }, (_, i) => `${(-2.8 + 0.14 * i).toFixed(2)},${(i % 5) - 2}`);
  await shown.open(`language=en&points=${points.join(';')}`, withoutWebGpu);
  await shown.page.waitForSelector('#noise .degree-mark');
  await shown.page.$eval('#problem .stage', (stage) => stage.scrollIntoView({ block: 'start', behavior: 'instant' }));
  await shown.page.evaluate(() => {
    const changed = { added: 0, elements: new Set<Node>() };
    Object.assign(globalThis, { changed });
    const observer = new MutationObserver((records) => {
      for (const { type, target, addedNodes } of records) {
        if (type === 'attributes') changed.elements.add(target);
        else changed.added += addedNodes.length;
      }
    });
    const plot = document.querySelector('#problem svg.plot') as Element;
    observer.observe(plot, { subtree: true, childList: true, attributes: true });
  });
  const before = await shown.value('problem', 'loss');
  await shown.drag('#problem [data-point="20"]', { x: 10, y: -40 });
  await shown.shows('problem', 'loss', (value) => value !== before, 'another');
  const [added, changed] = await shown.page.evaluate(() => {
    const { added: count, elements } = (globalThis as unknown as { changed: { added: number; elements: Set<Node> } })
      .changed;
    const kinds = [...elements].map((element) => (element as Element).getAttribute('class') ?? element.nodeName);
    return [count, kinds.toSorted()] as const;
  });
  expect(added).toBe(0);
  expect(changed).toEqual(['point', 'rect', 'residual']);
});

/** Resolves once no picture was drawn for three times as long as pictures wait, with the counts at 0 again. */
const untilStill = () =>
  shown.page.evaluate(async () => {
    const { drawn } = globalThis as unknown as { drawn: Record<string, number> };
    const all = () => Object.values(drawn).reduce((sum, count) => sum + count, 0);
    for (let last = -1; last !== all();) {
      last = all();
      await new Promise((resolve) => setTimeout(resolve, 600));
    }
    for (const name of Object.keys(drawn)) drawn[name] = 0;
  });
