// An example that its reader edits and runs. It runs in a worker of its own: the page stays as it is whatever the code
// does, Stop ends it, and the page needs no leave for scripts that are made from text.

import { create } from '../../dom.js';
import { openWorker } from '../../open-worker.js';
import { workerText } from './worker-text.js';

/** A message of the worker: a line that was printed, or the end. */
type Message = { print: string } | { error: string } | { done: number };

const MOST_LINES = 500;

const WORDS = {
  en: {
    ...{ run: 'Run', stop: 'Stop', edit: 'Edit', reset: 'Reset', code: 'Code', output: 'Output', stopped: 'stopped' },
    unread:
      "The code cannot be read: look at its syntax, and at its imports, which are import { … } from 'webgpu-descent' or 'webgpu-descent/csv'.",
    done: (ms: string) => `done in ${ms} ms`,
  },
  ko: {
    ...{
      run: '실행',
      stop: '멈춤',
      edit: '고치기',
      reset: '처음으로',
      code: '코드',
      output: '출력',
      stopped: '멈췄습니다',
    },
    unread:
      "코드를 읽을 수 없습니다. 문법과 import를 살펴보세요. import { … } from 'webgpu-descent' 또는 'webgpu-descent/csv'만 쓸 수 있습니다.",
    done: (ms: string) => `${ms} ms 걸렸습니다`,
  },
};

const words = () => WORDS[document.documentElement.lang === 'ko' ? 'ko' : 'en'];

/** Puts buttons and a place for output behind a block of code. */
export function makeEditable(block: HTMLElement): void {
  const code = block.querySelector('code');
  const before = block.querySelector('pre');
  if (!code || !before) return;
  const text = words();
  const original = code.textContent.trimEnd();
  const area = create('textarea', {
    spellcheck: 'false',
    autocapitalize: 'off',
    'aria-label': text.code,
  });
  const run = create('button', { type: 'button', class: 'run' }, text.run);
  const edit = create('button', { type: 'button' }, text.edit);
  const reset = create('button', { type: 'button', hidden: '' }, text.reset);
  const output = create('pre', {
    class: 'output',
    'aria-live': 'polite',
    'aria-label': text.output,
    tabindex: '0',
    hidden: '',
  });
  block.append(create('div', { class: 'buttons' }, run, edit, reset), output);
  area.value = original;
  area.rows = original.split('\n').length + 1;
  edit.addEventListener('click', () => {
    before.replaceWith(area);
    [edit.hidden, reset.hidden] = [true, false];
    area.focus();
  });
  reset.addEventListener('click', () => (area.value = original));
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) run.click();
  });
  let end: (() => void) | null = null;
  run.addEventListener('click', () => {
    if (end) {
      end();
      output.append(create('span', { class: 'quiet' }, `${text.stopped}\n`));
      return;
    }
    output.hidden = false;
    output.replaceChildren();
    run.textContent = text.stop;
    const stop = start(area.value, output);
    end = () => {
      stop.now();
      run.textContent = text.run;
      end = null;
    };
    void stop.ended.then(() => end?.());
  });
}

/** Runs code, and writes what it prints. */
function start(code: string, output: HTMLElement): { now: () => void; ended: Promise<void> } {
  const { library = '', csv = '' } = document.body.dataset;
  const address = (file: string) => new URL(file, location.href).href;
  const text = workerText(code, {
    'webgpu-descent': address(library),
    'webgpu-descent/csv': address(csv),
  });
  const url = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
  const worker = openWorker(url);
  const write = (line: string, kind = '') => {
    if (output.childElementCount < MOST_LINES) output.append(create('span', { class: kind }, `${line}\n`));
  };
  const ended = new Promise<void>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Message>) => {
      if ('print' in data) {
        write(data.print);
        return;
      }
      if ('error' in data) write(data.error, 'error');
      else write(words().done(data.done.toFixed(0)), 'quiet');
      resolve();
    };
    worker.onerror = (event) => {
      event.preventDefault();
      write(event.message || words().unread, 'error');
      resolve();
    };
  });
  const now = () => {
    worker.terminate();
    URL.revokeObjectURL(url);
  };
  return { now, ended };
}
