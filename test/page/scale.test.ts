// Section 6 of the teaching page as it is published: data that the GPU makes, trains on and draws.

import { describe, expect, it, vi } from 'vitest';
import { fit, SEED_PROGRAM } from '../../src/index.js';
import { withoutWebGpu } from '../support/built-site.js';
import { dataOf, withScaleSection } from '../support/scale-section.js';
import { numberOf } from '../support/teaching-page.js';

const { shown, open, press, epochOf, reaches, isDrawn, destroyDevice, cell, hide, shareOfChart, expectTwin } =
  withScaleSection();

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
    const outside = shown.requests.filter((url) => !url.startsWith(shown.site.url) && !/^(data|blob):/.test(url));
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
