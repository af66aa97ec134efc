// The benchmark page: choices in, results out, and the address between them.

import { duration } from '../../src/node/report/terminal.js';
import { PAGE_LIBRARIES } from '../library-names.js';
import { adapterName } from '../report.js';
import { parseBenchResult } from '../validate.js';
import { describeAdapter } from './adapter.js';
import { lockChoices, openChoices, readChoices, showChoices } from './choices.js';
import { element } from '../../pages/dom.js';
import { addExportButtons } from './exports.js';
import { type Shown, showResults } from './results.js';
import { fromHash, type PageState, toHash } from './state.js';
import { addTuneButton } from './tune.js';

const status = element('status', HTMLElement);
const note = element('note', HTMLElement);
const bar = element('done', HTMLProgressElement);
const run = element('run', HTMLButtonElement);
const cancel = element('cancel', HTMLButtonElement);
const features = element('features', HTMLSelectElement);
const fileInput = element('file', HTMLInputElement);
const fileError = element('file-error', HTMLElement);

const shown: Shown = { own: null, file: null };
let state: PageState;
let running: AbortController | null = null;

function restore(): void {
  const read = fromHash(
    location.hash,
    PAGE_LIBRARIES.map(({ name }) => name),
  );
  state = read.state;
  showChoices(state);
  if (read.problems.length > 0) status.textContent = `The address names what is not here: ${read.problems.join('; ')}`;
  show();
}

function remember(change: Partial<PageState>): void {
  state = { ...state, ...change };
  history.replaceState(null, '', toHash(state));
}

function show(): void {
  showResults(shown, state.chartFeatures);
}

async function measure(): Promise<void> {
  remember(readChoices());
  const { cases, arms, effort } = state;
  if (cases.length === 0 || arms.length === 0) {
    status.textContent = `Choose at least one ${cases.length === 0 ? 'case' : 'arm'}.`;
    return;
  }
  running = new AbortController();
  lock(true);
  shown.own = null;
  show();
  const startMs = performance.now();
  let finished = 0;
  status.textContent = `Running ${cases.length} ${cases.length === 1 ? 'case' : 'cases'}.`;
  try {
    const [{ runBenchmark }, { libraries }] = await Promise.all([import('./run.js'), import('../libraries.js')]);
    const chosen = libraries.filter(({ name }) => arms.includes(name));
    await runBenchmark({ cases, effort }, chosen, {
      signal: running.signal,
      onProgress: (text, done) => {
        note.textContent = text;
        bar.value = done;
      },
      onResult: (result) => {
        finished = result.cases.length;
        shown.own = result;
        status.textContent = `${finished} of ${cases.length} cases done.`;
        show();
      },
    });
    status.textContent = `Done: ${finished} ${finished === 1 ? 'case' : 'cases'} in ${duration(performance.now() - startMs)}.`;
  } catch (error) {
    status.textContent = running.signal.aborted
      ? `Cancelled after ${finished} of ${cases.length} cases.`
      : `Stopped: ${error instanceof Error ? error.message : String(error)}`;
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
    shown.file = parseBenchResult(await file.text());
    const { adapter, browser, cores, date } = shown.file.environment;
    const place = adapter ? `${adapterName(adapter)}${adapter.isSoftware ? ' (software adapter)' : ''}` : 'no adapter';
    element('file-text', HTMLElement).textContent =
      `${file.name}: ${place}, ${browser}, ${cores} cores, ${date.slice(0, 10)}`;
    element('file-info', HTMLElement).hidden = false;
    fileError.hidden = true;
    show();
  } catch (error) {
    fileError.textContent = `${file.name} is no result file: ${error instanceof Error ? error.message : String(error)}.`;
    fileError.hidden = false;
  }
}

openChoices(PAGE_LIBRARIES, () => remember(readChoices()));
addExportButtons(element('exports', HTMLElement), element('export-status', HTMLElement), () => shown.own ?? shown.file);

addTuneButton(element('tune', HTMLButtonElement), element('tuning', HTMLElement), () => running !== null);

element('choices', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  if (!running) void measure();
});
cancel.addEventListener('click', () => {
  running?.abort();
  status.textContent = 'Cancelling after the step that is under way.';
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
void describeAdapter().then(({ text, warning }) => {
  element('adapter-text', HTMLElement).textContent = text;
  const place = element('adapter-warning', HTMLElement);
  place.textContent = warning === null ? '' : `⚠ ${warning}`;
  place.hidden = warning === null;
});
