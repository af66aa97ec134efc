// Section 6 of the teaching page as it is published: data that the GPU makes, trains on and draws.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { fit, SEED_PROGRAM, syntheticRegression } from '../../src/index.js';
import {
  type BuiltSite,
  buildSite,
  destroyDevice as destroyDeviceOf,
  keepDevices,
  withoutWebGpu,
} from '../support/built-site.js';
import { START_TIMEOUT_MS } from '../support/pages.js';
import { numberOf, TeachingPage } from '../support/teaching-page.js';

let site: BuiltSite;
let shown: TeachingPage;

beforeAll(async () => {
  site = await buildSite();
}, START_TIMEOUT_MS);

afterAll(() => site.close());

afterEach(() => shown.close());

type Prepare = Parameters<typeof TeachingPage.open>[3];

/** Opens the section, with the page's devices at hand. */
async function open(hash: string, prepare?: Prepare): Promise<void> {
  shown = await TeachingPage.open(site.browser, site.url, `language=en&section=scale&${hash}`, async (page) => {
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

const dataOf = (rows: number, seed: number, features = 1) =>
  syntheticRegression({ rows, features, noise: 0.3, seed }).dataset;

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

describe('training', { timeout: 30_000 }, () => {
  it('makes a million examples, draws them, and moves the line over them while the page stays alive', async () => {
    await open('rows=1000000');
    await isDrawn('1,000,000');
    await shown.says('#scale .status', '1,000,000 examples are there');
    await shown.page.evaluate(() => {
      const gaps: number[] = [];
      let last = performance.now();
      const frame = (now: number) => {
        gaps.push(now - last);
        last = now;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      Object.assign(globalThis, { gaps });
    });
    const lineOf = () => shown.page.$eval('#scale path.line', (line) => line.getAttribute('d'));
    const before = await lineOf();
    await press('Play');
    await reaches(3);
    const early = await shown.value('scale', 'loss');
    await reaches(30);
    expect(await shown.value('scale', 'epochsPerSecond')).toBeGreaterThan(0);
    expect(await shown.value('scale', 'gigabytesPerSecond')).toBeGreaterThan(0);
    await press('Pause');
    expect(await shown.value('scale', 'loss')).toBeLessThan(early);
    expect(await lineOf()).not.toBe(before);
    const longest = await shown.page.evaluate(() => Math.max(...(globalThis as unknown as { gaps: number[] }).gaps));
    expect(longest, 'an epoch takes some ms; the rest is a busy machine').toBeLessThan(500);
    await shown.page.waitForSelector('#scale .uplot canvas');
    const outside = shown.requests.filter((url) => !url.startsWith(site.url) && !/^(data|blob):/.test(url));
    expect(outside).toEqual([]);
  });

  it('steps as the CPU twin does, to the end at full pace, and past the limit, and goes back to the start', async () => {
    await open('rows=10000&scaleSeed=11&scaleRate=0.5&pace=full');
    await shown.says('#scale .status', '10,000 examples are there');
    const start = await shown.value('scale', 'w');
    await press('One epoch');
    await reaches(1);
    await press('One epoch');
    await reaches(2);
    await expectTwin(10_000, 11, 2, 0.5);
    await press('Play');
    await shown.says('#scale .status', /^All 1000 epochs done/);
    await expectTwin(10_000, 11, 200, 0.5); // it has long converged
    await vi.waitFor(async () => expect(await shareOfChart()).toBeGreaterThan(0.8)); // beside the axis and its words
    await press('Back to the start');
    await shown.shows('scale', 'epoch', (value) => value === 0, '0');
    expect(await shown.value('scale', 'w')).toBe(start);

    await shown.says('#scale .mark.limit', /^limit λ = (1\.9|2\.0)\d$/);
    await shown.slide('#scale .rate-slider input', Math.log10(9));
    await press('Play');
    await shown.says('#scale .status', /^Diverged after \d+ epochs\. Take λ under the limit (1\.9|2\.0)\d/);
    await shown.slide('#scale .rate-slider input', Math.log10(0.25));
    await press('Back to the start');
    await shown.shows('scale', 'epoch', (value) => value === 0, '0');
    await press('One epoch');
    await reaches(1);
    await expectTwin(10_000, 11, 1, 0.25);
  });

  it('suggests a size by a probe, and makes no more than a buffer holds', async () => {
    await open('rows=5000000', (page) =>
      page.evaluateOnNewDocument(() =>
        Object.defineProperty(GPUSupportedLimits.prototype, 'maxBufferSize', { get: () => 2 ** 20 }),
      ),
    );
    await shown.says('#scale-room', 'room for 262,144 examples');
    await isDrawn('262,144');
    await shown.says(
      '#scale-suggestion',
      /^Up to [\d,]+ examples suit this device: an epoch then takes about [\d.]+ ms/,
    );
    const [, most = ''] = /Up to ([\d,]+)/.exec(await shown.text('#scale-suggestion')) ?? [];
    expect(numberOf(most)).toBeLessThanOrEqual(262_144);
    await press(`Take ${most}`);
    await isDrawn(most);
    expect(await shown.page.$eval('#scale-room', (room) => room.checkVisibility())).toBe(false);
  });
});

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
    await shown.says('#scale figcaption', 'The plane with the grid is h(x)');
    await shown.page.waitForFunction(() => (document.querySelector('#scale .plane')?.getAttribute('d') ?? '') !== '');
    const turned = await numbersIn('#scale .floor');
    await shown.drag('#scale svg.plot', { x: -60, y: 10 });
    await shown.says('#scale .slider:has(input[max="180"]) .shown', /^1\d°$/); // from 30 degrees
    const across = await shown.page.$eval('#scale svg.plot', (drawing) => drawing.clientWidth);
    const turn = 30 - Math.round((60 / across) * 180);
    await vi.waitFor(() => expect(shown.page.url()).toContain(`shape=plane&turn=${turn}`));
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
    await vi.waitFor(() => expectPoints(() => [...places]), { timeout: 5000 }); // what is said of the drawing before holds on
    await press('One epoch');
    await reaches(1);
    await expectTwin(200, 5, 1, 0.1, ['w1', 'w2']);
    await press('Time streaming and moments');
    await shown.says('#scale .measures thead', 'Moments');
    const { report } = await fit(dataOf(200, 5, 2), { ...SEED_PROGRAM, learningRate: 0.1, seed: 5, backend: 'cpu' });
    for (const way of ['streaming', 'moments']) {
      expect(await cell('lastLoss', way)).toBe(report?.lossHistory[99]?.toFixed(5));
    }
  });

  it('is saved with its axes and lines, beside the losses and the times', async () => {
    await open('rows=1000');
    const cdp = await shown.page.createCDPSession();
    const saved = join(site.folder, 'saved');
    await cdp.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: saved });
    await isDrawn('1,000');
    await press('One epoch');
    await reaches(1);
    await press('Time streaming and moments');
    await shown.says('#scale .measures', 'Moments');
    await press('Save PNG');
    for (const place of ['figure:has(.uplot)', '.scroll + .exports']) await shown.press(`#scale ${place}`, 'Save CSV');
    const [png, losses, times] = await vi.waitFor(
      () =>
        Promise.all(
          ['points-at-scale.png', 'loss-at-scale.csv', 'times.csv'].map((name) => readFile(join(saved, name))),
        ),
      { timeout: 10_000 },
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

describe('what it takes', { timeout: 30_000 }, () => {
  it('is timed side by side: streaming, moments and the CPU come to the same losses, on a telephone too', async () => {
    await open('rows=20000&scaleSeed=4&scaleRate=0.5');
    await isDrawn('20,000');
    await press('Time streaming and moments');
    await shown.says('#scale .measures thead', 'StreamingMoments');
    await press('Time the CPU, too');
    await shown.says('#scale .measures thead', 'StreamingMomentsCPU reference');
    const ways = ['streaming', 'moments', 'cpu'];
    const options = { ...SEED_PROGRAM, learningRate: 0.5, seed: 4, backend: 'cpu' } as const;
    const { report } = await fit(dataOf(20_000, 4), options);
    for (const [row, loss] of [
      ['firstLoss', report?.lossHistory[1]],
      ['lastLoss', report?.lossHistory[99]],
    ] as const) {
      const losses = await Promise.all(ways.map((way) => cell(row, way)));
      expect(losses).toEqual(ways.map(() => loss?.toFixed(5)));
    }
    for (const way of ways) expect(numberOf(await cell('epoch', way))).toBeGreaterThan(0);
    expect(await cell('device', 'streaming')).toMatch(/software adapter/);
    expect(await cell('device', 'cpu')).toBe('CPU (a worker, f64)');
    const epochMs = numberOf(await cell('epoch', 'streaming'));
    const bandwidth = numberOf(await cell('bandwidth', 'streaming'));
    expect(bandwidth / ((8 * 20_000) / epochMs / 1e6)).toBeCloseTo(1, 1); // of three digits each
    await shown.says('#scale', /An epoch of (streaming|the CPU reference) is [\d.]+ times as fast/);
    await shown.says('#scale', 'This adapter runs shaders on the CPU');

    await shown.page.setViewport({ width: 375, height: 700 });
    await shown.page.waitForFunction(() => document.documentElement.scrollWidth === 375); // once the figures follow
    await shown.slide('#scale .rate-slider input', Math.log10(0.25)); // which they are not of
    await shown.page.waitForFunction(() => document.querySelector('#scale .measures')?.checkVisibility() === false);
  });
});

describe('whatever happens', { timeout: 30_000 }, () => {
  it('waits in a hidden tab, goes on when it is shown, and plays on in another language and other colours', async () => {
    await open('rows=1000');
    await isDrawn('1,000');
    await press('Play');
    await reaches(3);
    await hide(true);
    await shown.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200))); // what was under way ends
    const epochs = await epochOf();
    await shown.page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(await epochOf()).toBe(epochs);
    await hide(false);
    await reaches(epochs + 10);
    for (const value of ['ko', 'dark']) await shown.page.click(`.switches input[value="${value}"]`);
    await shown.says('#scale .drawn', '점 1,000개를 모두 그렸다.');
    await reaches((await epochOf()) + 10);
    await press('멈춤');
  });

  it('goes on where it was when the device is lost in mid-play, and when it is lost while nothing plays', async () => {
    await open('rows=10000&scaleSeed=6');
    await isDrawn('10,000');
    const start = await shown.value('scale', 'w');
    await press('Play');
    await reaches(10);
    await destroyDevice();
    await shown.says('#scale-resumed', /same examples from their seed, and goes on from where epoch \d+ ended/);
    const resumed = numberOf(/epoch (\d+)/.exec(await shown.text('#scale-resumed'))?.[1] ?? '');
    expect(resumed).toBeGreaterThanOrEqual(10);
    await shown.page.evaluate(() => {
      const said: string[] = [];
      const observer = new MutationObserver((changes) =>
        said.push(...changes.map(({ target }) => target.textContent ?? '')),
      );
      for (const id of ['scale-resumed', 'device-lost'])
        observer.observe(document.getElementById(id) as HTMLElement, { childList: true, characterData: true });
      Object.assign(globalThis, { said });
    });
    await reaches(resumed + 10);
    // What has been said is not read out again with every epoch.
    expect(await shown.page.evaluate(() => (globalThis as unknown as { said: string[] }).said)).toEqual([]);
    await press('Pause');
    await destroyDevice();
    await shown.page.waitForFunction(() => (globalThis as unknown as { devices: unknown[] }).devices.length === 3);
    const epochs = await epochOf();
    await press('One epoch');
    await shown.shows('scale', 'epoch', (value) => value > epochs, 'another epoch');
    await expectTwin(10_000, 6, await epochOf(), 0.1);
    await isDrawn('10,000');
    expect(await shown.text('#device-lost')).toMatch(/opened anew/);
    await press('Back to the start'); // of all epochs, those before the loss too
    await shown.shows('scale', 'epoch', (value) => value === 0, '0');
    expect(await shown.value('scale', 'w')).toBe(start);
  });

  it('comes back from its address', async () => {
    await open('rows=2000&scaleRate=0.25&scaleSeed=8&pace=full&shape=plane&turn=-45');
    await shown.says('#scale .status', '2,000 examples are there');
    const [w, truth] = await Promise.all([shown.value('scale', 'w1'), shown.text('#scale [data-value="w1"]')]);
    await press('Draw anew');
    await shown.shows('scale', 'w1', (value) => value !== w, 'another start');
    await shown.page.waitForFunction(() => location.hash.includes('scaleSeed=9')); // it follows at its own pace
    await shown.page.evaluate(() => (location.hash = location.hash.replace('scaleSeed=9', 'scaleSeed=8')));
    await shown.shows('scale', 'w1', (value) => value === w, 'the first start');
    await shown.page.reload();
    await shown.says('#scale .status', '2,000 examples are there');
    expect(await shown.text('#scale [data-value="w1"]')).toBe(truth);
    expect(await shown.text('#scale .rate-slider .shown')).toBe('0.250');
    expect(await shown.text('#scale .slider:has(input[max="180"]) .shown')).toBe('−45°');
    expect(
      await shown.page.$eval('#scale input[value="full"]:checked', (input) => input.parentElement?.textContent),
    ).toBe('as fast as it can');
  });

  it('says what it needs where there is no WebGPU', async () => {
    await open('', withoutWebGpu);
    await shown.says('#device-missing', 'Section 6 needs it');
    await shown.page.waitForSelector('#scale-needs:not([hidden])');
    expect(await shown.text('#scale-needs')).toMatch(/^This section needs WebGPU/);
    expect(await shown.page.$$eval('#scale button', (all) => all.filter((one) => one.checkVisibility()))).toEqual([]);
  });
});
