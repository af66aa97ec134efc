// Section 6 of the teaching page as it is published: data that the GPU makes, trains on and draws.

import { describe, expect, it } from 'vitest';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { withoutWebGpu } from '../support/built-site.js';
import { eventually } from '../support/eventually.js';
import { dataOf, withScaleSection } from '../support/scale-section.js';
import { numberOf } from '../support/teaching-page.js';

const { shown, open, press, epochOf, reaches, isDrawn, destroyDevice, cell, hide, shareOfChart, expectTwin } =
  withScaleSection();

const FASTER = /An epoch (on the GPU|of the CPU engine) is ([\d.]+) times as fast/;

describe('training', { timeout: 30_000 }, () => {
  it('makes a million examples, draws them, and moves the line over them while the page stays alive', async () => {
    await open('rows=1000000');
    await isDrawn('1,000,000');
    await shown.says('#scale .status', '1,000,000 examples ready');
    await shown.page.evaluate(() => {
      const drawn = { frames: 0 };
      const frame = () => {
        drawn.frames += 1;
        requestAnimationFrame(frame);
      };
      requestAnimationFrame(frame);
      Object.assign(globalThis, { drawn });
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
    const frames = await shown.page.evaluate(
      () => (globalThis as unknown as { drawn: { frames: number } }).drawn.frames,
    );
    expect(frames, 'a frame after each epoch at least').toBeGreaterThanOrEqual(30);
    await shown.page.waitForSelector('#scale .uplot canvas');
    const outside = shown.requests.filter((url) => !url.startsWith(shown.site.url) && !/^(data|blob):/.test(url));
    expect(outside).toEqual([]);
  });

  it('steps as the CPU twin does, to the end at full pace, and past the limit, and goes back to the start', async () => {
    await open('rows=10000&scaleSeed=11&scaleRate=0.5&pace=full');
    await shown.says('#scale .status', '10,000 examples ready');
    const start = await shown.value('scale', 'w');
    await press('One epoch');
    await reaches(1);
    await press('One epoch');
    await reaches(2);
    await expectTwin(10_000, 11, 2, 0.5);
    await press('Play');
    await shown.says('#scale .status', /^All 1000 epochs done/);
    await expectTwin(10_000, 11, 200, 0.5); // it has long converged
    await eventually(async () => expect(await shareOfChart()).toBeGreaterThan(0.6)); // beside the axis and its words
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
    await shown.says('#scale-room', 'There is room for 262,144 examples here');
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

describe('what it takes', { timeout: 30_000 }, () => {
  it('is timed side by side: streaming, moments and the CPU come to the same losses, on a telephone too', async () => {
    await open('rows=20000&scaleSeed=4&scaleRate=0.5');
    await isDrawn('20,000');
    await press('Time streaming and moments');
    await shown.says('#scale .measures thead', 'Streaming, GPUMoments');
    await press('Time the CPU engine');
    await shown.says('#scale .measures thead', 'Streaming, GPUMomentsStreaming, CPU engine');
    const ways = ['streaming', 'moments', 'cpu'];
    const options = { ...SEED_PROGRAM, learningRate: 0.5, seed: 4, backend: 'cpu' } as const;
    const { report } = await fit(dataOf(20_000, 4), options);
    for (const [row, loss] of [
      ['firstLoss', report.lossHistory[1]],
      ['lastLoss', report.lossHistory[99]],
    ] as const) {
      const losses = await Promise.all(ways.map((way) => cell(row, way)));
      expect(losses).toEqual(ways.map(() => loss?.toFixed(5)));
    }
    for (const way of ways) expect(numberOf(await cell('epoch', way))).toBeGreaterThan(0);
    expect(await cell('device', 'streaming')).toMatch(/software adapter/);
    expect(await cell('device', 'cpu')).toMatch(/^CPU \(\d+ threads?\)$/);
    const epochMs = numberOf(await cell('epoch', 'streaming'));
    const bandwidth = numberOf(await cell('bandwidth', 'streaming'));
    expect(Math.abs(bandwidth / ((8 * 20_000) / epochMs / 1e6) - 1)).toBeLessThan(0.11); // of two digits each
    await expectTimesOverGrain();
    await shown.says('#scale', FASTER);
    const [, faster, times = ''] = FASTER.exec(await shown.text('#scale')) ?? [];
    const cpuMs = numberOf(await cell('epoch', 'cpu'));
    const quotient = faster === 'on the GPU' ? cpuMs / epochMs : epochMs / cpuMs;
    expect(Math.abs(numberOf(times) / quotient - 1)).toBeLessThan(0.16); // of two digits each
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
    await shown.says('#scale .status', '2,000 examples ready');
    const [w, truth] = await Promise.all([shown.value('scale', 'w1'), shown.text('#scale [data-value="w1"]')]);
    await press('New seed');
    await shown.shows('scale', 'w1', (value) => value !== w, 'another start');
    await shown.page.waitForFunction(() => location.hash.includes('scaleSeed=9')); // it follows at its own pace
    await shown.page.evaluate(() => (location.hash = location.hash.replace('scaleSeed=9', 'scaleSeed=8')));
    await shown.shows('scale', 'w1', (value) => value === w, 'the first start');
    await shown.page.reload();
    await shown.says('#scale .status', '2,000 examples ready');
    expect(await shown.text('#scale [data-value="w1"]')).toBe(truth);
    expect(await shown.text('#scale .rate-slider .shown')).toBe('0.250');
    expect(await shown.text('#scale .slider:has(input[max="180"]) .shown')).toBe('−45°');
    expect(
      await shown.page.$eval('#scale input[value="full"]:checked', (input) => input.parentElement?.textContent),
    ).toBe('as fast as possible');
  });

  it('trains and draws in a worker where there is no WebGPU, as the CPU twin does, up to a million examples', async () => {
    await open('rows=20000&scaleSeed=4&scaleRate=0.5', withoutWebGpu);
    await shown.page.waitForSelector('#scale-on-cpu:not([hidden])');
    await isDrawn('20,000');
    await press('One epoch');
    await reaches(1);
    await press('One epoch');
    await reaches(2);
    await expectTwin(20_000, 4, 2, 0.5);
    expect(await inkOfCloud()).toBeGreaterThan(0.05);
    await press('Play');
    await reaches(30);
    await press('Pause');
    await press('Back to the start');
    await shown.shows('scale', 'epoch', (value) => value === 0, '0');
    await press('Time streaming and moments');
    await shown.says('#scale .measures thead', /^Moments$/);
    await shown.slide('#scale .slider input[max="15"]', 15);
    await shown.says('#scale-room', 'There is room for 1,000,000 examples here');
    await isDrawn('1,000,000');
  });

  it('trains by batches in a worker, also where there is WebGPU: many updates an epoch, as the library makes them', async () => {
    await open('rows=2000&scaleSeed=4&scaleRate=0.05&scaleBatch=16');
    await isDrawn('2,000');
    await press('One epoch');
    await reaches(1);
    expect(await shown.value('scale', 'updates')).toBe(125); // 2,000/16
    const options = { ...SEED_PROGRAM, epochs: 1, learningRate: 0.05, batchSize: 16, seed: 4, backend: 'cpu' } as const;
    const { weights, bias, report } = await fit(dataOf(2000, 4), options);
    expect(Math.abs((await shown.value('scale', 'w')) - (weights[0] as number))).toBeLessThan(1.5e-4); // four digits shown
    expect(Math.abs((await shown.value('scale', 'b')) - bias)).toBeLessThan(1.5e-4);
    expect(await shown.text('#scale [data-value="loss"]')).toBe(report.lossHistory[0]?.toFixed(5));
    const isExplained = () => shown.page.$eval('#scale-batches', (note) => note.checkVisibility());
    expect(await isExplained()).toBe(true);
    // Back on the device: one update, far less of the way.
    await shown.page.$eval('#scale input[value="all"]', (input) => input.click());
    await shown.says('#scale .status', '2,000 examples ready');
    await press('One epoch');
    await reaches(1);
    await expectTwin(2000, 4, 1, 0.05);
    expect(await isExplained()).toBe(false);
    expect(await shown.text('#scale [data-value="updates"]')).toBe('');
  });

  it('says in the picture that h(x) has left it, and keeps its lines apart from the points', async () => {
    await open('rows=10000&scaleRate=9');
    await isDrawn('10,000');
    await shown.says('#scale .covered', 'The curve begins with the first epoch.');
    const isSaid = () => shown.page.$eval('#scale .cloud .over-picture', (words) => words.checkVisibility());
    expect(await isSaid()).toBe(false);
    await press('Play');
    await shown.says('#scale .status', /^Diverged/);
    await eventually(async () => expect(await isSaid()).toBe(true));
    expect(await shown.text('#scale .cloud .over-picture')).toMatch(/λ must stay under (1\.9|2\.0)\d/);
    const widths = await shown.page.$$eval('#scale .lines path', (all) =>
      all.map((path) => [path.getAttribute('class'), Number.parseFloat(getComputedStyle(path).strokeWidth)] as const),
    );
    const widest = Math.max(...widths.filter(([name]) => name !== 'casing').map(([, width]) => width));
    for (const [name, width] of widths) if (name === 'casing') expect(width).toBeGreaterThan(widest + 2);
    expect(widths.filter(([name]) => name === 'casing')).toHaveLength(2);
  });
});

/** The share of the picture's pixels that have some colour of the points. */
function inkOfCloud(): Promise<number> {
  return shown.page.$eval('#scale .cloud canvas', (canvas) => {
    const { width, height } = canvas;
    const copy = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
    copy.drawImage(canvas, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let ink = 0;
    for (let i = 3; i < data.length; i += 4) if ((data[i] as number) > 0) ink++;
    return ink / (width * height);
  });
}

/** No time is that of a single tick of the clock, a tenth of a millisecond over a hundred epochs. */
async function expectTimesOverGrain(): Promise<void> {
  for (const way of ['streaming', 'moments', 'cpu']) {
    const [digits = ''] = /[\d.]+/.exec(await cell('epoch', way)) ?? [];
    expect(digits.replace(/^[0.]+|\./g, '').length, `${way}: ${digits}`).toBeLessThanOrEqual(2); // what it is measured to
  }
}
