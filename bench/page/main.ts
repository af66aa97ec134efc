// The benchmark page: choices in, results out, and the address between them.

import { duration } from '../../src/node/report/terminal.js';
import { PAGE_LIBRARIES } from '../library-names.js';
import { HAS_PEERS } from '../peers/index.js';
import { adapterName } from '../report.js';
import { savedResult } from '../saved-result.js';
import { parseBenchResult } from '../validate.js';
import { describeAdapter } from './adapter.js';
import { lockChoices, openChoices, readChoices, showChoices } from './choices.js';
import { element } from '../../pages/dom.js';
import { addExportButtons } from './exports.js';
import { type Shown, showResults } from './results.js';
import type { BenchResult } from '../result.js';
import { fromHash, type PageState, toHash } from './state.js';
import { language, text, writeTexts } from './text.js';
import { addTuneButton } from './tune.js';

const status = element('status', HTMLElement);
const note = element('note', HTMLElement);
const bar = element('done', HTMLProgressElement);
const run = element('run', HTMLButtonElement);
const cancel = element('cancel', HTMLButtonElement);
const features = element('features', HTMLSelectElement);
const fileInput = element('file', HTMLInputElement);
const fileError = element('file-error', HTMLElement);

/** The libraries that can be run from this page: a page that was built where the peers are not installed has none of them. */
const offered = PAGE_LIBRARIES.filter(({ kind }) => HAS_PEERS || !kind.startsWith('peer'));
const shown: Shown = { own: null, file: null };
let state: PageState;
let running: AbortController | null = null;
/** The result that the project keeps, while it is shown. */
let saved: BenchResult | null = null;

function restore(): void {
  const read = fromHash(
    location.hash,
    offered.map(({ name }) => name),
  );
  state = read.state;
  showChoices(state);
  if (read.problems.length > 0) status.textContent = text.address(read.problems.join('; '));
  show();
}

function remember(change: Partial<PageState>): void {
  state = { ...state, ...change };
  // The language stays where it was asked for; elsewhere it is that of whoever opens the link.
  const asked = /[#&]language=/.test(location.hash) ? `&language=${language}` : '';
  history.replaceState(null, '', `${toHash(state)}${asked}`);
}

function show(): void {
  showResults(shown, state.chartFeatures);
}

async function measure(): Promise<void> {
  remember(readChoices());
  const { cases, arms, effort } = state;
  if (cases.length === 0 || arms.length === 0) {
    status.textContent = cases.length === 0 ? text.chooseCase : text.chooseArm;
    return;
  }
  running = new AbortController();
  lock(true);
  shown.own = null;
  dropSaved();
  show();
  const startMs = performance.now();
  let finished = 0;
  status.textContent = text.running(cases.length);
  try {
    const [{ runBenchmark }, { libraries }] = await Promise.all([import('./run.js'), import('../libraries.js')]);
    const chosen = libraries.filter(({ name }) => arms.includes(name));
    await runBenchmark({ cases, effort }, chosen, {
      signal: running.signal,
      onProgress: (words, done) => {
        note.textContent = words;
        bar.value = done;
      },
      onResult: (result) => {
        finished = result.cases.length;
        shown.own = result;
        status.textContent = text.progress(finished, cases.length);
        show();
      },
    });
    status.textContent = text.done(finished, duration(performance.now() - startMs));
  } catch (error) {
    status.textContent = running.signal.aborted
      ? text.cancelled(finished, cases.length)
      : text.stopped(error instanceof Error ? error.message : String(error));
  } finally {
    note.textContent = '';
    bar.value = 0;
    running = null;
    lock(false);
  }
}

/** The focus follows the button that can be pressed. */
function lock(isRunning: boolean): void {
  const [next, last] = isRunning ? [cancel, run] : [run, cancel];
  const hadFocus = document.activeElement === last;
  next.disabled = false;
  if (hadFocus) next.focus();
  last.disabled = true;
  lockChoices(isRunning);
  document.body.classList.toggle('running', isRunning);
}

async function compareWith(file: File): Promise<void> {
  try {
    showFile(parseBenchResult(await file.text()), file.name);
  } catch (error) {
    fileError.textContent = text.noResult(file.name, error instanceof Error ? error.message : String(error));
    fileError.hidden = false;
  }
}

function showFile(result: BenchResult, name: string): void {
  shown.file = result;
  const { adapter, browser, cores, date } = result.environment;
  const adapterWords = adapter && adapterName(adapter);
  const place = adapter?.isSoftware ? text.softwareAdapter(adapterWords ?? '') : (adapterWords ?? text.noAdapter);
  const words = text.fileWords(name, place, browser, cores, date.slice(0, 10));
  element('file-text', HTMLElement).textContent = words;
  element('file-info', HTMLElement).hidden = false;
  fileError.hidden = true;
  show();
}

/** The result that the project keeps, before anything is measured here; a file that is opened meanwhile comes first. */
async function showSaved(): Promise<void> {
  const { name, result } = await savedResult();
  if (shown.file !== null || shown.own !== null || running !== null) return;
  saved = result;
  showFile(result, `${text.saved}, ${name}`);
}

/** It gives way to what the reader measures, and stays only where the reader has opened a file. */
function dropSaved(): void {
  if (shown.file !== saved) return;
  shown.file = null;
  element('file-info', HTMLElement).hidden = true;
}

writeTexts();
element('peers-note', HTMLElement).textContent = HAS_PEERS ? text.peersNote : text.peersMissing;
const other = element('other-language', HTMLAnchorElement);
other.addEventListener('click', (event) => {
  event.preventDefault();
  const words = new URLSearchParams(location.hash.replace(/^#/, ''));
  words.set('language', language === 'en' ? 'ko' : 'en');
  location.hash = words.toString();
  location.reload();
});
openChoices(offered, () => remember(readChoices()));
addExportButtons(element('exports', HTMLElement), element('export-status', HTMLElement), () => shown.own ?? shown.file);

addTuneButton(element('tune', HTMLButtonElement), element('tuning', HTMLElement), () => running !== null);

element('choices', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) void measure();
});
cancel.addEventListener('click', () => {
  running?.abort();
  status.textContent = text.cancelling;
});
features.addEventListener('change', () => {
  remember({ chartFeatures: Number(features.value) });
  show();
});
fileInput.addEventListener('change', () => {
  const [file] = fileInput.files ?? [];
  if (file) void compareWith(file);
  fileInput.value = ''; // so that the same file can be chosen again
});
element('remove', HTMLButtonElement).addEventListener('click', () => {
  shown.file = null;
  element('file-info', HTMLElement).hidden = true;
  fileInput.focus();
  show();
});

// Without these the browser would open a dropped file in place of the page.
addEventListener('dragover', (event) => {
  event.preventDefault();
  document.body.classList.add('dragging');
});
addEventListener('dragleave', () => document.body.classList.remove('dragging'));
addEventListener('drop', (event) => {
  event.preventDefault();
  document.body.classList.remove('dragging');
  const [file] = event.dataTransfer?.files ?? [];
  if (file) void compareWith(file);
});

addEventListener('hashchange', () => {
  if (!running) restore();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', show); // a canvas keeps the colours it was drawn in

restore();
void showSaved();
void describeAdapter().then(({ text: words, warning }) => {
  element('adapter-text', HTMLElement).textContent = words;
  const place = element('adapter-warning', HTMLElement);
  place.textContent = warning === null ? '' : `⚠ ${warning}`;
  place.hidden = warning === null;
});
