import { mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ElementHandle } from 'puppeteer';
import { numberOf, withTeachingPage } from './teaching-page.js';

/** 200 houses, whose price depends on area and rooms and on something that no column holds. */
export const HOUSES = Array.from({ length: 200 }, (_, i) => {
  const area = 40 + ((i * 37) % 101);
  const rooms = 1 + ((i * 13) % 6);
  return { area, rooms, price: 5 + 2.5 * area - 3 * rooms + (((i * 29) % 17) - 8) / 2, town: `T${i % 3}` };
});
export const HOUSES_CSV = `town,area,rooms,price\n${HOUSES.map(({ area, rooms, price, town }) => `${town},${area},${rooms},${price}\n`).join('')}`;

/** The section of the reader's own data, for a file of tests. */
export function withOwnData() {
  const shown = withTeachingPage();

  /** Opens a file with this text in the page that is open. */
  async function openFile(text: string | Uint8Array, name = 'mine.csv'): Promise<void> {
    const path = join(await mkdtemp(join(shown.site.folder, 'file-')), name); // the same path again would be no other file
    await writeFile(path, text);
    const input = await shown.page.waitForSelector('#own input[type="file"]');
    await (input as ElementHandle<HTMLInputElement>).uploadFile(path);
  }

  const predicts = (words: string) => shown.says('#own .status', `h(x) predicts ${words}.`);
  const cells = (parameter: string) =>
    shown.page.$$eval(`#own tr[data-parameter="${parameter}"] td`, (all) => all.map(({ textContent }) => textContent));
  const weight = async (parameter: string) => numberOf((await cells(parameter))[0] ?? '');
  const tick = (feature: string) => shown.page.$eval(`#own input[value="${feature}"]`, (box) => box.click());
  const caption = () => shown.text('#own figure figcaption');

  /** The places of the curve, in pixels. */
  async function curvePlaces(): Promise<(readonly [number, number])[]> {
    const path = await shown.page.$eval('#own .plot .line path', (line) => line.getAttribute('d') ?? '');
    return [...path.matchAll(/[ML] (\S+) (\S+)/g)].map(([, x, y]) => [Number(x), Number(y)]);
  }

  return { shown, openFile, predicts, cells, weight, tick, caption, curvePlaces };
}
