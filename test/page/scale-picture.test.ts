// The picture of section 6 of the teaching page: every point of the data in its place, and saved.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { dataOf, withScaleSection } from '../support/scale-section.js';

const { shown, open, press, reaches, isDrawn, cell, expectTwin } = withScaleSection();

describe('the picture', { timeout: 30_000 }, () => {
  /** Compares the canvas with discs of three pixels at the places of the points. */
  async function expectPoints(placesIn: (width: number, height: number) => (readonly [number, number])[]) {
    const { width, height, painted } = await shown.page.$eval('#scale canvas', (canvas) => {
      const copy = new OffscreenCanvas(canvas.width, canvas.height);
      const context = copy.getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(canvas, 0, 0); // Chrome warns of a canvas that is read again and again
      const { data } = context.getImageData(0, 0, copy.width, copy.height);
      const opacities = Array.from({ length: data.length / 4 }, (_, i) => data[4 * i + 3] as number);
      return { width: canvas.width, height: canvas.height, painted: opacities.map((opacity) => opacity > 0) };
    });
    const expected = new Set<number>();
    for (const [right, down] of placesIn(width, height)) {
      for (let row = Math.max(0, Math.floor(down) - 3); row <= Math.min(height - 1, Math.floor(down) + 3); row++) {
        for (let column = Math.max(0, Math.floor(right) - 3); column <= Math.min(width - 1, right + 3); column++) {
          if (Math.hypot(column + 0.5 - right, row + 0.5 - down) <= 3) expected.add(row * width + column);
        }
      }
    }
    const wrong = painted.filter((isPainted, i) => isPainted !== expected.has(i)).length;
    expect(expected.size).toBeGreaterThan(2000);
    expect(wrong, 'pixels whose middle is three from a point, to a rounding').toBeLessThan(expected.size / 100);
  }

  const numbersIn = async (selector: string) => {
    const path = await shown.page.$eval(selector, (drawn) => drawn.getAttribute('d') ?? '');
    return path.match(/-?[\d.]+/g)?.map(Number) ?? [];
  };

  it('has every point of the data where it belongs, and nothing else: of a line, and of a plane that is turned', async () => {
    await open('rows=200&scaleSeed=5');
    await isDrawn('200');
    await expectPoints((width, height) => {
      const { columns, targets } = dataOf(200, 5);
      return Array.from(columns[0] ?? [], (x, i) => [
        ((x + 1) / 2) * width,
        ((2.5 - (targets[i] as number)) / 5) * height,
      ]);
    });

    await shown.page.click('#scale input[value="plane"]');
    await shown.says('#scale figcaption', 'The plane with the grid is the current h(x)');
    await shown.page.waitForFunction(() => (document.querySelector('#scale .plane')?.getAttribute('d') ?? '') !== '');
    const widthOf = (selector: string) =>
      shown.page.$eval(`#scale .lines ${selector}`, (path) => Number.parseFloat(getComputedStyle(path).strokeWidth));
    expect((await numbersIn('#scale .lines .casing')).length).toBeGreaterThan(8); // under both planes, of four corners each
    expect(await widthOf('.casing')).toBeGreaterThan((await widthOf('.plane')) + 2);
    const turned = await numbersIn('#scale .floor');
    await shown.drag('#scale svg.plot', { x: -35, y: 10 });
    await shown.says('#scale .slider:has(input[max="180"]) .shown', /^1\d°$/); // from 30 degrees
    const across = await shown.page.$eval('#scale svg.plot', (drawing) => drawing.clientWidth);
    const turn = 30 - Math.round((35 / across) * 180);
    await eventually(() => expect(shown.page.url()).toContain(`shape=plane&turn=${turn}`));
    expect(await numbersIn('#scale .floor')).not.toEqual(turned);
    // Where the axes that are drawn say: two edges of the floor, which begin at (−1, −1), and the one upright line.
    const [left = 0, top = 0] = await shown.page.$eval('#scale .ground', (ground) =>
      ['x', 'y'].map((name) => Number(ground.getAttribute(name))),
    );
    const [x = 0, y = 0, x1x = 0, x1y = 0, , , x2x = 0, x2y = 0] = await numbersIn('#scale .floor');
    const [, low = 0, , high = 0] = await numbersIn('#scale .zero');
    const { columns, targets } = dataOf(200, 5, 2);
    const places = Array.from(targets, (target, i) => {
      const [a = 0, b = 0] = columns.map((column) => ((column[i] as number) + 1) / 2);
      return [
        x - left + a * (x1x - x) + b * (x2x - x),
        y - top + a * (x1y - y) + b * (x2y - y) + ((target + 3) / 6) * (high - low),
      ] as const;
    });
    await eventually(() => expectPoints(() => [...places])); // what is said of the drawing before holds on
    await press('One epoch');
    await reaches(1);
    await expectTwin(200, 5, 1, 0.1, ['w1', 'w2']);
    await press('Time streaming and moments');
    await shown.says('#scale .measures thead', 'Moments');
    const { report } = await fit(dataOf(200, 5, 2), { ...SEED_PROGRAM, learningRate: 0.1, seed: 5, backend: 'cpu' });
    for (const way of ['streaming', 'moments']) {
      expect(await cell('lastLoss', way)).toBe(report.lossHistory[99]?.toFixed(5));
    }
  });

  it('is saved with its axes and lines, beside the losses and the times', async () => {
    await open('rows=1000');
    const cdp = await shown.page.createCDPSession();
    const saved = join(shown.site.folder, 'saved');
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
    await isDrawn('1,000');
    await press('One epoch');
    await reaches(1);
    await press('Time streaming and moments');
    await shown.says('#scale .measures', 'Moments');
    await press('Save PNG');
    for (const place of ['figure:has(.uplot)', '.scroll + .exports']) await shown.press(`#scale ${place}`, 'Save CSV');
    const [png, losses, times] = await eventually(() =>
      Promise.all(['points-at-scale.png', 'loss-at-scale.csv', 'times.csv'].map((name) => readFile(join(saved, name)))),
    );
    const bluest = await shown.page.evaluate(
      async (encoded) => {
        const image = new Image();
        image.src = `data:image/png;base64,${encoded}`;
        await image.decode();
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.width, image.height];
        const context = canvas.getContext('2d') as CanvasRenderingContext2D;
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
        return Array.from({ length: data.length / 4 }, (_, i) => (data[4 * i + 2] as number) - (data[4 * i] as number));
      },
      png?.toString('base64') ?? '',
    );
    expect(bluest.filter((difference) => difference > 100).length, 'pixels in the colour of points').toBeGreaterThan(
      1000,
    );
    const [head, first = ''] = String(losses).split('\n');
    expect([head, Number(first.split(',')[1]).toFixed(5)]).toEqual([
      'epoch,loss',
      (await shown.value('scale', 'loss')).toFixed(5),
    ]);
    expect(String(times)).toMatch(/^way,device,.*\nstreaming,google swiftshader,true,.*\nmoments,/);
  });
});
