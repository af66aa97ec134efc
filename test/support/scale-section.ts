import { expect } from 'vitest';
import { fit, SEED_PROGRAM, syntheticRegression } from '../../src/index.js';
import { destroyDevice as destroyDeviceOf, keepDevices } from './built-site.js';
import { type Prepare, withTeachingPage } from './teaching-page.js';

/** The data that the section makes on the device. */
export const dataOf = (rows: number, seed: number, features = 1) =>
  syntheticRegression({ rows, features, noise: 0.3, seed }).dataset;

/** Section 6 of the teaching page, for a file of tests. */
export function withScaleSection() {
  const shown = withTeachingPage();

  /** Opens the section, with the page's devices at hand. */
  async function open(hash: string, prepare?: Prepare): Promise<void> {
    await shown.open(`language=en&section=scale&${hash}`, async (page) => {
      await keepDevices(page);
      await prepare?.(page);
    });
  }

  const press = (name: string) => shown.press('#scale', name);
  const epochOf = () => shown.value('scale', 'epoch');
  const reaches = (epochs: number) => shown.shows('scale', 'epoch', (value) => value >= epochs, `${epochs} or more`);
  const isDrawn = (rows: string) => shown.says('#scale .drawn', `All ${rows} points are drawn.`);
  const destroyDevice = () => destroyDeviceOf(shown.page);
  const cell = (row: string, way: string) => shown.text(`#scale [data-row="${row}"] [data-way="${way}"]`);

  /** Says that the tab is hidden, or shown again. */
  const hide = (hidden: boolean) =>
    shown.page.evaluate((value) => {
      Object.defineProperty(document, 'hidden', { value, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);

  /** The share of the chart's width that the curve of the loss goes along. */
  const shareOfChart = () =>
    shown.page.$eval('#scale .uplot canvas', (canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      copy.drawImage(canvas, 0, 0); // Chrome warns of a canvas that is read again and again
      const { data } = copy.getImageData(0, 0, width, height);
      const columns = new Set<number>();
      for (let i = 0; i < width * height; i++) {
        // Its red; the axis and its words are grey.
        if ((data[4 * i + 3] as number) > 0 && (data[4 * i] as number) - (data[4 * i + 1] as number) > 60)
          columns.add(i % width);
      }
      return columns.size / width;
    });

  /** The page shows four digits after the point, of numbers that f32 has to six. */
  async function expectTwin(
    rows: number,
    seed: number,
    epochs: number,
    learningRate: number,
    names: readonly string[] = ['w'],
  ): Promise<void> {
    const { weights, bias } = await fit(dataOf(rows, seed, names.length), {
      ...SEED_PROGRAM,
      ...{ epochs, learningRate, seed, backend: 'cpu' },
    });
    for (const [j, name] of names.entries())
      expect(Math.abs((await shown.value('scale', name)) - (weights[j] as number)), name).toBeLessThan(1.5e-4);
    expect(Math.abs((await shown.value('scale', 'b')) - bias)).toBeLessThan(1.5e-4);
  }

  return { shown, open, press, epochOf, reaches, isDrawn, destroyDevice, cell, hide, shareOfChart, expectTwin };
}
