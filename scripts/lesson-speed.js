// `node scripts/lesson-speed.js`: when the lesson is readable, its first picture and all of its sections are there, and the frames of a
// drag, in headless Chrome on a CPU made four times slower and in Firefox where it is installed. `--update` writes them to docs/lesson.md.

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer from 'puppeteer';
import { build, preview } from 'vite';
import { buildIfChanged } from './build-if-changed.js';

const PAGE = 'docs/lesson.md';
const BEGIN = '<!-- speed: written by scripts/lesson-speed.js -->';
const END = '<!-- end of speed -->';

/** Whatever else a machine does makes a visit slower and never faster: the best of these counts. */
const VISITS = 7;
const SLOWER = 4;
const FIREFOX = '/usr/bin/firefox-esr';

/** The elements that are there once the first picture is drawn, and once all are. */
const FIRST = ['#problem .point'];
const ALL = [...FIRST, '#loss .loss-curve', '#derivation li', '#step .loss-curve', '#program .plot .run'].concat(
  '#classes .s-curve',
  '#noise .degree-mark',
);

/** Moves of the mouse, one for each frame of a second and a half, and the points of the picture. */
const MOVES = 90;
const POINTS = Array.from({ length: 40 }, (_, i) => `${(-2.8 + 0.14 * i).toFixed(2)},${(2 * Math.sin(i)).toFixed(2)}`);

/** In the page, from its beginning: notes when each selector first finds something. */
function watch(selectors) {
  const seen = {};
  globalThis.seenMs = seen;
  const look = () => {
    for (const selector of selectors) {
      if (!(selector in seen) && document.querySelector(selector)) seen[selector] = performance.now();
    }
    if (Object.keys(seen).length < selectors.length) setTimeout(look, 5);
  };
  look();
}

async function openPage(browser, isSlow) {
  const page = await browser.newPage();
  await page.setViewport({ width: 1366, height: 650 });
  if (isSlow) {
    const session = await page.createCDPSession();
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  }
  return page;
}

/** Milliseconds from the beginning of a visit. */
async function timesOf(browser, url, isSlow) {
  const page = await openPage(browser, isSlow);
  await page.evaluateOnNewDocument(watch, ALL);
  await page.goto(`${url}#language=en`);
  await page.waitForFunction(
    (count) => Object.keys(globalThis.seenMs).length === count,
    { timeout: 60_000 },
    ALL.length,
  );
  const { seen, readable } = await page.evaluate(() => ({
    seen: globalThis.seenMs,
    readable: performance.getEntriesByName('first-contentful-paint')[0]?.startTime,
  }));
  await page.close();
  const last = (selectors) => Math.max(...selectors.map((selector) => seen[selector]));
  return { readable, first: last(FIRST), all: last(ALL) };
}

/** Frames a second while a point of forty is dragged. */
async function framesOf(browser, url) {
  const page = await openPage(browser, true);
  await page.goto(`${url}#language=en&points=${POINTS.join(';')}`);
  for (const selector of ALL) await page.waitForSelector(selector);
  const from = await page.$eval('#problem [data-point="20"]', (point) => {
    point.scrollIntoView({ block: 'center', behavior: 'instant' });
    const { x, y, width, height } = point.getBoundingClientRect();
    return { x: x + width / 2, y: y + height / 2 };
  });
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.evaluate(() => {
    const times = [];
    const note = (now) => {
      times.push(now);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
    globalThis.frameTimes = times;
  });
  const startMs = performance.now();
  for (let i = 1; i <= MOVES; i++) {
    await page.mouse.move(from.x + 20 * Math.sin(i / 8), from.y + 60 * Math.sin(i / 10));
    await new Promise((resolve) => setTimeout(resolve, startMs + (1000 * i) / 60 - performance.now()));
  }
  const times = await page.evaluate(() => globalThis.frameTimes);
  await page.mouse.up();
  await page.close();
  return (1000 * (times.length - 1)) / (times.at(-1) - times[0]);
}

async function bestOf(visits, visit, better) {
  const found = [];
  for (let i = 0; i < visits; i++) found.push(await visit());
  return found.reduce(better);
}

const lowest = (a, b) => Object.fromEntries(Object.keys(a).map((name) => [name, Math.min(a[name], b[name])]));

/** Processes that wanted a core before this one did. */
const load = loadavg()[0] ?? 0;
const dist = join(await buildIfChanged(), 'dist');
const { launchBrowser } = await import(join(dist, 'node/browser/browser.js'));
const folder = await mkdtemp(join(tmpdir(), 'webgpu-descent-speed-'));
await build({ mode: 'site', logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
const server = await preview({
  mode: 'site',
  logLevel: 'error',
  build: { outDir: folder },
  preview: { host: '127.0.0.1' },
});
const url = server.resolvedUrls?.local[0] ?? '';
const rows = [];
try {
  const { browser } = await launchBrowser({ prefer: 'bundled' });
  const slow = await bestOf(VISITS, () => timesOf(browser, url, true), lowest);
  const frames = await bestOf(
    VISITS,
    () => framesOf(browser, url),
    (a, b) => Math.max(a, b),
  );
  await browser.close();
  rows.push(['Chrome, a CPU four times slower', slow, `${frames.toFixed(0)} a second`]);
  if (existsSync(FIREFOX)) {
    const firefox = await puppeteer.launch({ browser: 'firefox', executablePath: FIREFOX, headless: true });
    rows.push(['Firefox', await bestOf(VISITS, () => timesOf(firefox, url, false), lowest), '']);
    await firefox.close();
  }
} finally {
  await server.close();
  await rm(folder, { recursive: true, force: true });
}
const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;
const table = [
  `The best of ${VISITS} visits on ${cpus().length} cores of ${cpus()[0]?.model.trim()}, with a load of ${load.toFixed(0)} from other work, ${new Date().toISOString().slice(0, 10)}:`,
  '',
  '| | words to read | first picture | all sections | frames while one of 40 points is dragged |',
  '| --- | --- | --- | --- | --- |',
  ...rows.map(
    ([name, { readable, first, all }, frames]) =>
      `| ${name} | ${seconds(readable)} | ${seconds(first)} | ${seconds(all)} | ${frames} |`,
  ),
].join('\n');
console.log(table);
if (process.argv.includes('--update')) {
  const page = await readFile(PAGE, 'utf8');
  const [before, rest = ''] = page.split(`${BEGIN}\n`);
  const [, after] = rest.split(`\n${END}`);
  if (after === undefined) throw new TypeError(`${PAGE} has no place between "${BEGIN}" and "${END}"`);
  await writeFile(PAGE, `${before}${BEGIN}\n\n${table}\n\n${END}${after}`);
}
