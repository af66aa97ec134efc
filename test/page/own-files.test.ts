// Your own data in files: what is wrong with one, one that is dropped, a large one, and what the page saves.

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { solveExact } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { withOwnData } from '../support/own-data.js';

const { shown, openFile, predicts, weight, tick, caption } = withOwnData();

describe('files of the reader’s own data', { timeout: 30_000 }, () => {
  it('says in the library’s words what is wrong with a file, and leaves the picture as it was', async () => {
    await shown.open();
    await openFile('a,b\n0,1\n1,3\n2,5\n', 'good.csv');
    await predicts('b from a');
    const isAsBefore = async () => {
      expect(await caption()).toBe('good.csv, 3 examples. The line is h(x).');
      expect(await weight('a')).toBeCloseTo(2, 2);
      expect(await shown.page.$eval('#own figure', (figure) => figure.checkVisibility())).toBe(true);
    };
    const says: Record<string, RegExp> = {
      '': /bad\.csv without any row/,
      'p,q\n': /bad\.csv without any row below its header/,
      'p\n1\n2\n': /bad\.csv with no column but the target "p"/,
      'p,p\n1,2\n': /bad\.csv: column name "p" twice/,
      'p,q\n1,2\n3\n': /bad\.csv, row 3: 1 cell/,
      'p,q\n1,2\n2,3\n3,1;5\n': /bad\.csv, row 4, column "q": "1;5"/,
      'p,q\n"1,2\n': /bad\.csv, row 2: a quoted cell that is not closed/,
    };
    for (const [text, words] of Object.entries(says)) {
      await openFile(text, 'bad.csv');
      await shown.says('#own .problem q[lang="en"]', words);
      await isAsBefore();
    }
    await shown.page.$eval('.switches input[value="ko"]', (input) => input.click());
    await shown.says('#own .problem', /^계산할 수 없다\. .*bad\.csv, row 2: a quoted cell/);
  });

  it('takes another column of a file with one that is wrong', async () => {
    await shown.open();
    await openFile('a,b,c\n0,x,1\n1,3,4\n2,1,7\n');
    await predicts('c from a');
    await tick('b');
    await shown.says('#own .problem', /mine\.csv, row 2, column "b": "x"/);
    await tick('b');
    await predicts('c from a');
    expect(await shown.page.$eval('#own .problem', (banner) => banner.checkVisibility())).toBe(false);
  });

  it('takes a file that is dropped anywhere on the section, and stays where it is for one that misses it', async () => {
    await shown.open();
    const drag = (kind: string, selector: string) =>
      shown.page.$eval(
        selector,
        (target, type) => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(['x,y\n0,2\n1,4\n'], 'dropped.csv'));
          const event = new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true });
          target.dispatchEvent(event);
          return [event.defaultPrevented, document.querySelector('#own')?.classList.contains('dropping')];
        },
        kind,
      );
    expect(await drag('dragover', '#own h2')).toEqual([true, true]);
    expect(await drag('dragover', '#step h2')).toEqual([true, false]);
    expect(await drag('drop', '#step h2')).toEqual([true, false]); // the browser does not open the file
    expect(await shown.text('#own .status')).toBe('');
    expect(await drag('drop', '#own h2')).toEqual([true, false]);
    await predicts('y from x');
    expect(await weight('x')).toBeCloseTo(2, 2);
  });

  it('saves every row with its prediction, and the picture', async () => {
    await shown.open();
    const cdp = await shown.page.createCDPSession();
    const saved = join(shown.site.folder, 'saved');
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
    await openFile('"a,b",c\n0,1\n1,4\n2,7\n');
    await predicts('c from a,b');
    await shown.press('#own', 'Save CSV');
    await shown.press('#own', 'Save PNG');
    await eventually(async () => expect((await readdir(saved)).toSorted()).toEqual(['own-data.csv', 'own-data.png']));
    const [head, ...rows] = (await readFile(join(saved, 'own-data.csv'), 'utf8')).trim().split('\n');
    expect(head).toBe('"a,b",c,h(x)');
    expect(rows.map((row) => row.split(',').slice(0, 2).join())).toEqual(['0,1', '1,4', '2,7']);
    rows.forEach((row, i) => expect(Number(row.split(',')[2])).toBeCloseTo(3 * i + 1, 2));
    const png = await readFile(join(saved, 'own-data.png'));
    expect(png.subarray(1, 4).toString()).toBe('PNG');
  });

  it('reads a million rows while the page goes on, and is stopped and begun again', async () => {
    // A thousand rows a thousand times: quick to write, and known by the thousand.
    const block = Array.from({ length: 1000 }, (_, i) => [(i * 7) % 100, (i * 3) % 11, ((i * 29) % 17) - 8] as const);
    const rows = block.map(([a, b, noise]) => `${a},${b},${2 * a - 3 * b + 1 + noise / 4}\n`).join('');
    await shown.open();
    await shown.page.evaluate(() => {
      let last = performance.now();
      const gapsMs: number[] = [];
      const shares = new Set<number>();
      const labels = new Set<string>();
      Object.assign(globalThis, { gapsMs, shares, labels });
      // Reading passes: it is looked at, and cancelled, from within the page, which no other process can be too late for.
      let isCancelled = false;
      setInterval(() => {
        gapsMs.push(performance.now() - last);
        last = performance.now();
        const bar = document.querySelector('progress');
        shares.add(bar?.value ?? 0);
        if (!bar?.checkVisibility() || bar.value < 0.02) return; // shown only after a moment of patience
        labels.add(document.querySelector('#own .progress label')?.textContent ?? '');
        if (isCancelled) return;
        isCancelled = true;
        const buttons = [...document.querySelectorAll<HTMLButtonElement>('#own button')];
        const cancel = buttons.find(({ textContent }) => textContent.trim() === 'Cancel');
        cancel?.focus();
        cancel?.click();
      }, 5);
    });
    const labels = () => shown.page.evaluate(() => [...(globalThis as unknown as { labels: Set<string> }).labels]);
    await openFile(`a,b,c\n${rows.repeat(1000)}`, 'million.csv');
    await shown.says('#own .status', 'Cancelled.');
    // A button that goes leaves the focus beside it, and not at the top of the page.
    expect(await shown.page.evaluate(() => document.activeElement?.textContent)).toBe('Start again');
    expect(await labels()).toEqual(['Reading']);
    const sharesRead = () => shown.page.evaluate(() => (globalThis as unknown as { shares: Set<number> }).shares.size);
    const before = await sharesRead();
    await new Promise((resolve) => setTimeout(resolve, 200)); // several pieces long
    expect(await sharesRead()).toBe(before);
    expect(await shown.page.$eval('#own progress', (bar) => bar.checkVisibility())).toBe(false);
    await shown.press('#own', 'Start again');
    expect(await shown.page.evaluate(() => document.activeElement?.getAttribute('type'))).toBe('file');
    await shown.press('#step', 'One step');
    await shown.shows('step', 'epoch', (value) => value === 1, '1');
    await predicts('c from a');
    await tick('b');
    await predicts('c from a, b');
    expect((await labels()).every((label) => label.trim() !== '')).toBe(true);
    const [longestShare, turns] = await shown.page.evaluate(() => {
      const { gapsMs, shares } = globalThis as unknown as { gapsMs: number[]; shares: Set<number> };
      return [Math.max(...gapsMs) / gapsMs.reduce((sum, gap) => sum + gap), shares.size];
    });
    // Some 40 pieces are read two and a half times, a turn of the page after each; read at once there would be five or so.
    expect(turns).toBeGreaterThan(20);
    // Nor does anything hold the page for most of that time, however busy the machine is with other work.
    expect(longestShare).toBeLessThan(0.5);

    expect(await shown.value('own', 'count')).toBe(1_000_000);
    await shown.says('#own figcaption', /One row in 500 is drawn; all of them are fitted\.$/);
    expect(await shown.page.$$('#own .plot circle')).toHaveLength(2000);
    const columns = { a: block.map(([a]) => a), b: block.map(([, b]) => b) };
    const targets = block.map(([a, b, noise]) => 2 * a - 3 * b + 1 + noise / 4);
    const { weights } = await solveExact({ columns, targets });
    // Descent ends at 1e-8 of the loss, and moments are in f32 on a device; the page shows four digits.
    expect(Math.abs((await weight('a')) - (weights[0] as number))).toBeLessThan(2e-3);
    expect(Math.abs((await weight('b')) - (weights[1] as number))).toBeLessThan(3e-3);
  });
});
