// The first section of the teaching page in headless Chrome, played by mouse and by keys.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { servePages, START_TIMEOUT_MS } from '../support/pages.js';
import { TeachingPage } from '../support/teaching-page.js';

const TIMEOUT_MS = 30_000;

let pages: Awaited<ReturnType<typeof servePages>>;
let shown: TeachingPage;

beforeAll(async () => {
  pages = await servePages('page-problem-test', ['uplot']);
}, START_TIMEOUT_MS);

afterAll(() => pages.close());

beforeEach(async () => {
  const url = pages.server.resolvedUrls?.local[0] ?? '';
  shown = await TeachingPage.open(pages.browser, `${url}demo/`, 'language=en&w=0&b=0&points=-1,1;1,3');
});

afterEach(() => shown.close());

const loss = (check: (value: number) => boolean, meaning: string) => shown.shows('problem', 'loss', check, meaning);

describe('the problem', { timeout: TIMEOUT_MS }, () => {
  it('has half the mean square of the residuals as its loss', async () => {
    // Residuals −1 and −3: squares 1 and 9, their mean 5, half of it 2.5. The best line x + 2 meets both.
    expect(await shown.value('problem', 'mean-square')).toBe(5);
    expect(await shown.value('problem', 'loss')).toBe(2.5);
    await shown.says('#problem .status', 'Loss 2.500. The best line has 0.000.');
  });

  it('follows the sliders to the best line, and says so', async () => {
    await shown.slide('#problem .slider:nth-of-type(1) input', 1);
    await shown.slide('#problem .slider:nth-of-type(2) input', 2);
    await loss((value) => value === 0, '0');
    await shown.says('#problem .status', 'no line fits better');
  });

  it('turns the line by one end, by mouse and by keys', async () => {
    await shown.drag('#problem [data-handle="1"]', { x: 0, y: -100 });
    const dragged = await loss((value) => value < 2.4, 'less than before');
    await shown.page.keyboard.press('ArrowUp');
    await loss((value) => value < dragged, 'less after a key');
  });

  it('moves the whole line', async () => {
    await shown.drag('#problem .line-grip', { x: 0, y: -60 });
    await shown.says('#problem .slider:nth-of-type(1) output', /^0\.000$/);
    await loss((value) => value < 2.4, 'less than before');
  });

  it('adds, moves and removes points', async () => {
    const count = (expected: number) => shown.shows('problem', 'm', (value) => value === expected, String(expected));
    const box = await shown.page.$eval('#problem .ground', (ground) => {
      ground.scrollIntoView({ block: 'center', behavior: 'instant' });
      const { x, y } = ground.getBoundingClientRect();
      return { x, y };
    });
    await shown.page.mouse.click(box.x + 20, box.y + 20);
    await count(3);
    await shown.press('#problem', 'Add a point');
    await count(4);
    await shown.page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Point 4: x 0'),
    );
    await shown.page.keyboard.press('ArrowRight');
    await shown.page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('Point 4: x 0.1'),
    );
    await shown.page.keyboard.press('Delete');
    await count(3);
    const before = await shown.value('problem', 'loss');
    await shown.drag('#problem [data-point="0"]', { x: 0, y: -80 });
    await loss((value) => value > before, 'more, since the point went up');
  });
});
