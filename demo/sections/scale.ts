// 6. At scale: the same loop on up to ten million examples, which the GPU makes, trains on and draws.

import { create } from '../../pages/dom.js';
import { gigabytesPerSecond, NOISE, type Shape, updatesPerEpoch } from '../lesson/scale-data.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { allow, button, Readout, setWords, Slider, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { LossChart } from '../page/loss-chart.js';
import { ProblemBanner } from '../page/problem.js';
import type { Page } from '../page/section.js';
import { fold, stage } from '../page/stage.js';
import { ScalePicture } from './scale-picture.js';
import { savedTimes } from './scale-saved.js';
import { ScaleSettingsPanel } from './scale-settings.js';
import { ScaleTimes } from './scale-times.js';
import { resetButton } from './undo-buttons.js';

/** The whole chart is drawn each time, which takes some milliseconds. */
const CHART_INTERVAL_MS = 250;

/** The part of the page's state that this section shows. */
const SCALE_NAMES = ['shape', 'turn', 'rows', 'scaleRate', 'scaleSeed', 'scaleBatch', 'pace'] as const;

export function mountScale(host: HTMLElement, page: Page): void {
  const { text, store, scale, signal } = page;
  const words = text.scale;
  let state: ScaleState | undefined;

  const settings = new ScaleSettingsPanel(page);
  const times = new ScaleTimes(page);
  const buttons = runButtons(page);
  const banners = runBanners(page);
  const told = status();
  const cloud = figure(page, { name: 'points-at-scale', caption: '', png: () => picture.png() });
  const turn = turnSlider(page);
  const drawn = create('p', { class: 'note drawn' });
  const losses = lossFigure(page);
  const values = new Readout(VALUES.map((key) => ({ key, name: words[key] })));
  host.append(
    create('p', { class: 'lead' }, words.lead),
    ...banners.above,
    stage({
      head: settings.head,
      pictures: [cloud.element, losses.element],
      controls: [buttons.element, ...settings.steering, told.element, turn.element, values.element, drawn],
    }),
    banners.below,
    fold(words.more, ...settings.others, create('div', { class: 'buttons' }, resetButton(page, SCALE_NAMES))),
    times.element,
    savedTimes(page),
  );
  // In the document, where they know their width.
  const picture = new ScalePicture(cloud.host, page, (said) => (drawn.textContent = said));
  losses.open();

  const show = (now: ScaleState) => {
    state = now;
    const { shape } = store.state;
    banners.show(now);
    buttons.show(now);
    cloud.say(words.pictureCaptions[shape]);
    turn.element.hidden = shape !== 'plane';
    turn.set(store.state.turn);
    settings.show(now);
    times.show(now);
    picture.show(now.run);
    showValues(values, page, now);
    told.say(sentence(page, now));
    losses.show(now.run);
  };
  scale.subscribe(show, signal);
  store.follow(['axis'], () => losses.draw(), signal);
  store.follow(SCALE_NAMES, () => state && show(state), signal);
  whenNear(host, () => scale.see(), signal);
}

/** The buttons that play, make one epoch and begin anew. */
function runButtons({ text, scale }: Page): { element: HTMLElement; show: (now: ScaleState) => void } {
  const words = text.scale;
  const play = button(words.play, () => scale.player.toggle(), 'primary');
  const epoch = button(words.one, () => void scale.stepEpoch());
  const restart = button(words.restart, () => void scale.restart());
  return {
    element: create('div', { class: 'buttons' }, play, epoch, restart),
    show: ({ run, measuring }) => {
      const isBusy = measuring !== null;
      play.textContent = scale.player.isPlaying ? words.pause : words.play;
      allow(run !== null && run.stopReason === null && !isBusy, play, epoch);
      allow(run !== null && run.epoch > 0 && !isBusy, restart);
    },
  };
}

/** The banners: training on the CPU, an error, and the cost of a lost device. */
function runBanners(page: Page) {
  const words = page.text.scale;
  const missing = create('p', { class: 'banner', id: 'scale-on-cpu', hidden: '' }, words.onCpu.missing);
  const batches = create('p', { class: 'note', id: 'scale-batches', hidden: '' }, words.onCpu.batches);
  const problem = new ProblemBanner(page);
  const resumed = create('p', { class: 'banner warning', id: 'scale-resumed', role: 'status', hidden: '' });
  return {
    above: [missing, problem.element, resumed],
    /** Below the picture, which stays where it is when batches are chosen. */
    below: batches,
    show: (now: ScaleState) => {
      missing.hidden = now.onCpu !== 'missing';
      batches.hidden = now.onCpu !== 'batches';
      problem.say(now.problem);
      setWords(resumed, now.resumedAt === null ? '' : words.resumed(now.resumedAt));
    },
  };
}

/** The loss by epoch, drawn now and then while it grows. */
function lossFigure(page: Page) {
  const { text, format, store, signal } = page;
  const words = text.scale;
  let run: ScaleRun | null = null;
  let shownEpochs: number | undefined;
  let chart: LossChart | undefined;
  const caption = words.lossCaption(format.significant(NOISE ** 2 / 2));
  const { element, host } = figure(page, { name: 'loss-at-scale', caption, csv: () => lossesCsv(run) });
  host.setAttribute('role', 'img');
  host.setAttribute('aria-label', words.lossLabel);
  const noLoss = create('p', { class: 'over-picture', 'aria-hidden': 'true' }, words.noLossYet);
  host.classList.add('covered');
  host.append(noLoss);
  const draw = paced(CHART_INTERVAL_MS, () => {
    if (signal.aborted || !chart) return;
    const line = { kind: 'loss', width: 3, dash: [], losses: run?.losses ?? [] };
    chart.draw([line], store.state.axis === 'log');
    chart.showEpoch(line.losses.length - 1);
  });
  return {
    element,
    draw,
    /** Called in the document, where the chart knows its width. */
    open: () => (chart = new LossChart(host, page)),
    show: (next: ScaleRun | null) => {
      const isOther = next !== run || next?.epoch !== shownEpochs;
      run = next;
      shownEpochs = next?.epoch;
      noLoss.hidden = (next?.epoch ?? 0) > 0;
      if (isOther) draw();
    },
  };
}

const VALUES = ['epoch', 'updates', 'loss', 'w', 'w1', 'w2', 'b', 'epochsPerSecond', 'gigabytesPerSecond'] as const;

/** The weights of a line and of a plane, by their names. */
const WEIGHTS: Readonly<Record<Shape, readonly (typeof VALUES)[number][]>> = { line: ['w'], plane: ['w1', 'w2'] };

function showValues(values: Readout, { text, format, store }: Page, { run, epochsPerSecond }: ScaleState): void {
  const words = text.scale;
  const number = (value: number | undefined) => format.number(value ?? Number.NaN, 4);
  const read = run ? gigabytesPerSecond(run.settings, epochsPerSecond ?? 0) : 0;
  const { hypothesis, truth } = run ?? {};
  const weights = WEIGHTS[store.state.shape];
  values.set('epoch', format.count(run?.epoch ?? 0));
  const hasBatches = run !== null && run.settings.batch !== 'all';
  values.set('updates', hasBatches ? format.count(updatesPerEpoch(run.settings)) : '');
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

/** The state of descent, in a sentence. */
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
