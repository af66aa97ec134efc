// 6. At scale: the same loop on up to ten million examples, which the GPU makes, trains on and draws.

import { create } from '../../pages/dom.js';
import { gigabytesPerSecond, type Shape } from '../lesson/scale-data.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { button, problemBanner, Readout, setWords, Slider, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { LossChart } from '../page/loss-chart.js';
import type { Page } from '../page/section.js';
import { ScalePicture } from './scale-picture.js';
import { ScaleSettingsPanel } from './scale-settings.js';
import { ScaleTimes } from './scale-times.js';

/** The whole chart is drawn each time, which takes some milliseconds. */
const CHART_INTERVAL_MS = 250;

export function mountScale(host: HTMLElement, page: Page): void {
  const { text, store, scale, signal } = page;
  const words = text.scale;
  let state: ScaleState | undefined;

  const settings = new ScaleSettingsPanel(page);
  const times = new ScaleTimes(page);
  const play = button(words.play, () => scale.player.toggle(), 'primary');
  const epoch = button(words.one, () => void scale.stepEpoch());
  const restart = button(words.restart, () => void scale.restart());
  const told = status();
  const problem = problemBanner(text.failed);
  const resumed = create('p', { class: 'banner warning', id: 'scale-resumed', role: 'status', hidden: '' });
  const cloud = figure(page, { name: 'points-at-scale', caption: '', png: () => picture.png() });
  const turn = turnSlider(page);
  const drawn = create('p', { class: 'note drawn' });
  const losses = figure(page, { name: 'loss-at-scale', caption: words.lossCaption, csv: () => lossesCsv(state?.run) });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', words.lossLabel);
  const values = new Readout(VALUES.map((key) => ({ key, name: words[key] })));
  const needs = create('p', { class: 'banner warning', id: 'scale-needs' }, words.needs);
  const works = create(
    'div',
    {},
    settings.element,
    problem.element,
    resumed,
    create('div', { class: 'buttons' }, play, epoch, restart),
    told.element,
    create(
      'div',
      { class: 'columns even' },
      create('div', { class: 'stack' }, cloud.element, turn.element, drawn),
      create('div', { class: 'stack' }, create('div', { class: 'panel' }, values.element), losses.element),
    ),
    times.element,
  );
  host.append(create('p', {}, words.lead), needs, works);

  // In the document, where they know their width.
  const picture = new ScalePicture(cloud.host, page, (said) => (drawn.textContent = said));
  const chart = new LossChart(losses.host, page);
  const drawChart = paced(CHART_INTERVAL_MS, () => {
    if (signal.aborted) return;
    const line = { kind: 'loss', width: 3, dash: [], losses: state?.run?.losses ?? [] };
    chart.draw([line], store.state.axis === 'log');
    chart.showEpoch(line.losses.length - 1);
  });

  const show = (now: ScaleState) => {
    const before = state?.run;
    state = now;
    const { run, resumedAt } = now;
    needs.hidden = !now.isMissing;
    works.hidden = now.isMissing;
    problem.say(now.problem);
    setWords(resumed, resumedAt === null ? '' : words.resumed(resumedAt));
    const isBusy = now.measuring !== null;
    play.textContent = scale.player.isPlaying ? words.pause : words.play;
    play.disabled = epoch.disabled = run === null || run.stopReason !== null || isBusy;
    restart.disabled = run === null || run.epoch === 0 || isBusy;
    const { shape } = store.state;
    cloud.say(words.pictureCaptions[shape]);
    turn.element.hidden = shape !== 'plane';
    turn.set(store.state.turn);
    settings.show(now);
    times.show(now);
    picture.show(run);
    showValues(values, page, now);
    told.say(sentence(page, now));
    if (run !== before || run?.epoch !== shownEpochs) drawChart();
    shownEpochs = run?.epoch;
  };
  let shownEpochs: number | undefined;
  scale.subscribe(show, signal);
  store.subscribe((next, before) => {
    if (next.axis !== before.axis) drawChart();
    if (state) show(state);
  }, signal);
  whenNear(host, () => scale.see(), signal);
}

const VALUES = ['epoch', 'loss', 'w', 'w1', 'w2', 'b', 'epochsPerSecond', 'gigabytesPerSecond'] as const;

/** The weights of a line and of a plane, by their names. */
const WEIGHTS: Readonly<Record<Shape, readonly (typeof VALUES)[number][]>> = { line: ['w'], plane: ['w1', 'w2'] };

function showValues(values: Readout, { text, format, store }: Page, { run, epochsPerSecond }: ScaleState): void {
  const words = text.scale;
  const number = (value: number | undefined) => format.number(value ?? Number.NaN, 4);
  const read = run ? gigabytesPerSecond(run.settings, epochsPerSecond ?? 0) : 0;
  const { hypothesis, truth } = run ?? {};
  const weights = WEIGHTS[store.state.shape];
  values.set('epoch', format.count(run?.epoch ?? 0));
  values.set('loss', format.number(run?.losses.at(-1) ?? Number.NaN, 5));
  for (const name of ['w', 'w1', 'w2'] as const) {
    const j = weights.indexOf(name);
    values.set(name, j < 0 ? '' : words.valueAndTruth(number(hypothesis?.weights[j]), number(truth?.weights[j])));
  }
  values.set('b', words.valueAndTruth(number(hypothesis?.bias), number(truth?.bias)));
  values.set('epochsPerSecond', epochsPerSecond === null ? '–' : format.significant(epochsPerSecond));
  values.set('gigabytesPerSecond', epochsPerSecond === null ? '–' : words.gigabytes(format.significant(read)));
}

/** Turns the box of a plane by the keys, as a pointer does on the picture. */
function turnSlider({ text, format, store }: Page): Slider {
  const { turn, degrees } = text.scale;
  const words = (to: number) => degrees(format.number(to, 0));
  const range = { min: -180, max: 180, step: 1 };
  return new Slider({ label: turn, ...range, words, onInput: (to) => store.set({ turn: to }) });
}

/** How descent stands, in a sentence. */
function sentence({ text, format, store }: Page, { run }: ScaleState): string {
  const words = text.scale;
  if (!run) return words.preparing(format.count(store.state.rows));
  const { epoch, stopReason, losses, limit, settings } = run;
  if (epoch === 0) return words.ready(format.count(settings.rows));
  if (stopReason === 'diverged') return words.diverged(epoch, format.significant(limit ?? Number.NaN));
  const loss = format.number(losses.at(-1) ?? Number.NaN, 5);
  return stopReason === null ? words.stand(epoch, loss) : words.ended(epoch, loss);
}

function lossesCsv(run: ScaleRun | null | undefined): Blob {
  return csvOf(
    ['epoch', 'loss'],
    (run?.losses ?? []).map((loss, epoch) => [epoch, loss]),
  );
}

/** Calls at most so often, and always once more after the last time it was asked. */
function paced(intervalMs: number, call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let lastMs = -Infinity;
  const callNow = () => {
    timer = undefined;
    lastMs = performance.now();
    call();
  };
  return () => {
    timer ??= setTimeout(callNow, Math.max(0, lastMs + intervalMs - performance.now()));
  };
}

/** Calls once when an element is nearly in view. */
function whenNear(element: HTMLElement, call: () => void, signal: AbortSignal): void {
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
      observer.disconnect();
      call();
    },
    { rootMargin: '300px' },
  );
  observer.observe(element);
  signal.addEventListener('abort', () => observer.disconnect(), { once: true });
}
