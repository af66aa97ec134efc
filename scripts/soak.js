// `npm run soak`: fits of every kind in one page of headless Chrome, for five minutes or `--minutes N`; fails if memory grows, a
// buffer is left, bits differ or the device is held for long.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildIfChanged } from './build-if-changed.js';

/** Milliseconds from one look to the next. */
const LOOK_MS = 5000;

/** Growth from the first to the last third that is no leak: caches of the browser, and kernels compiled late. */
const MOST_GROWTH = 1.25;

/** Bytes of growth that are none in any case. */
const LITTLE = 16e6;

/** The longest that a submit should hold a device; on a software adapter other work holds its cores, too. */
const MOST_SUBMIT_MS = 250;

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '5' }, figures: { type: 'string' } } });

const dist = join(await buildIfChanged(), 'dist');
const { launchBrowser } = await import(join(dist, 'node/browser/browser.js'));
const { serve } = await import(join(dist, 'node/browser/serve.js'));

/** The memory of the page after a collection of garbage, and that of the GPU process. */
async function memoryOf(browserSession, pageSession) {
  await pageSession.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await pageSession.send('Runtime.getHeapUsage');
  const { processInfo } = await browserSession.send('SystemInfo.getProcessInfo');
  const { id } = processInfo.find(({ type }) => type === 'GPU') ?? {};
  const status = id === undefined ? '' : await readFile(`/proc/${id}/status`, 'utf8').catch(() => '');
  return { heap, gpu: 1024 * Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) };
}

async function run(page, browser, minutes) {
  const [browserSession, pageSession] = [await browser.target().createCDPSession(), await page.createCDPSession()];
  const looks = [];
  const endMs = performance.now() + 60_000 * minutes;
  while (performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    looks.push(await memoryOf(browserSession, pageSession));
  }
  const state = await page.evaluate(async () => {
    globalThis.soakEnds = true;
    await globalThis.soaking;
    return globalThis.soakState();
  });
  return { looks, state };
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

/** The medians of the first third of the looks, without the very first, and of the last. */
function growthOf(looks, name) {
  const numbers = looks.slice(1).map((look) => look[name]);
  const third = Math.max(1, Math.floor(numbers.length / 3));
  return [median(numbers.slice(0, third)), median(numbers.slice(-third))];
}

function faultsOf({ looks, state }, [heap, gpu]) {
  const grows = ([first, last]) => last > MOST_GROWTH * first && last - first > LITTLE;
  return [
    ...state.wrong,
    ...(state.live > 0 ? [`${state.live} buffers left`] : []),
    ...(state.fits === 0 ? ['no fit ended'] : []),
    ...(looks.length < 3 ? ['too few looks: more minutes'] : []),
    ...(grows(heap) ? [`the heap grows from ${heap[0]} to ${heap[1]} bytes`] : []),
    ...(grows(gpu) ? [`the GPU process grows from ${gpu[0]} to ${gpu[1]} bytes`] : []),
    ...(state.longestSubmitMs > 4 * MOST_SUBMIT_MS ? [`a submit of ${Math.round(state.longestSubmitMs)} ms`] : []),
  ];
}

const { browser } = await launchBrowser({ prefer: 'bundled' });
const server = await serve([], dist);
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  const text = await readFile(new URL('../test/trust/soak-page.js', import.meta.url), 'utf8');
  const start = `${text}\nglobalThis.soaking = soak(${JSON.stringify(new URL('/dist/index.js', server.url).href)});\n0;`;
  await page.evaluate(start);
  const result = await run(page, browser, Number(values.minutes));
  const growth = [growthOf(result.looks, 'heap'), growthOf(result.looks, 'gpu')];
  const faults = faultsOf(result, growth);
  const { fits, aborted, lost, live, longestSubmitMs, longestTurnMs, submits } = result.state;
  const megabytes = growth.map((pair) => pair.map((bytes) => Number((bytes / 1e6).toFixed(1))));
  const figures = {
    minutes: Number(values.minutes),
    ...{ fits, aborted, lost, live },
    heapMegabytes: megabytes[0].join(' → '),
    gpuProcessMegabytes: megabytes[1].join(' → '),
    longestSubmitMs: Math.round(longestSubmitMs),
    longestTurnMs: Math.round(longestTurnMs),
  };
  console.log(JSON.stringify(figures, null, 2));
  const rounded = Object.entries(submits).map(([kind, ms]) => `${kind}: ${Math.round(ms)}`);
  console.log(`longest submit of each kind of fit, in ms: ${rounded.join(', ')}`);
  if (values.figures) await writeFile(values.figures, `${JSON.stringify(figures, null, 2)}\n`);
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length > 0 ? 1 : 0;
} finally {
  await browser.close();
  await server.close();
}
