// 6. At scale: the same loop on up to ten million examples, which the GPU makes, trains on and draws.

import { create } from '../../bench/page/dom.js';
import { MOST_ROWS, ROW_STEPS, gigabytesPerSecond } from '../lesson/scale-data.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { button, choice, freshId, Readout, Slider, status } from '../page/controls.js';
import { csvOf, save } from '../page/export.js';
import { figure } from '../page/figure.js';
import { LossChart } from '../page/loss-chart.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';
import { ScalePicture } from './scale-picture.js';
import { measuresCsv, measuresTable, measuresWords } from './scale-table.js';

const LARGEST_SEED = 2 ** 32;

/** The chart is made anew each time, which takes some milliseconds. */
const CHART_INTERVAL_MS = 250;

export function mountScale(host: HTMLElement, page: Page): void {
  const { text, format, store, scale, signal } = page;
  const words = text.scale;
  let state: ScaleState | undefined;

  const rows = new Slider({
    label: words.rows,
    min: 0,
    max: ROW_STEPS.length - 1,
    step: 1,
    words: () => format.count(store.state.rows),
    onInput: (position) => store.set({ rows: ROW_STEPS[position] ?? MOST_ROWS }),
  });
  const suggestion = create('span', { id: 'scale-suggestion' });
  const take = button('', () => state?.suggestion && store.set({ rows: state.suggestion.rows }));
  const suggested = create('p', { class: 'note' }, suggestion);
  const room = create('p', { class: 'note', id: 'scale-room', role: 'status', hidden: '' });
  const rate = new RateSlider(page, (chosen) => store.set({ scaleRate: chosen }));
  const pace = choice<PageState['pace']>(
    words.pace,
    (['one', 'full'] as const).map((value) => ({ value, label: words.paces[value] })),
    (chosen) => store.set({ pace: chosen }),
  );
  const seed = create('input', { type: 'number', id: freshId(), min: '0', max: String(LARGEST_SEED), step: '1' });
  seed.addEventListener('change', () => {
    if (seed.validity.valid && seed.value !== '') store.set({ scaleSeed: seed.valueAsNumber });
  });
  const draw = button(words.draw, () => store.set({ scaleSeed: store.state.scaleSeed + 1 }));

  const play = button(words.play, () => scale.player.toggle(), 'primary');
  const epoch = button(words.one, () => void scale.stepEpoch());
  const restart = button(words.restart, () => void scale.restart());
  const told = status();
  const problem = create('p', { class: 'banner warning', role: 'alert', hidden: '' });
  const resumed = create('p', { class: 'banner warning', id: 'scale-resumed', role: 'status', hidden: '' });

  const cloud = figure(page, { name: 'points', caption: words.pictureCaption, png: () => picture.png() });
  const drawn = create('p', { class: 'note drawn' });
  const losses = figure(page, { name: 'loss-at-scale', caption: words.lossCaption, csv: () => lossesCsv(state?.run) });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', words.lossLabel);
  const values = new Readout(
    (['epoch', 'loss', 'w', 'b', 'epochsPerSecond', 'gigabytesPerSecond'] as const).map((key) => ({
      key,
      name: words[key],
    })),
  );

  const compare = button(words.compare, () => void scale.compare());
  const compareCpu = button(words.compareCpu, () => void scale.compareCpu());
  const measures = create('div', { class: 'scroll', tabindex: '0' });
  measures.setAttribute('aria-label', words.compareTitle);
  measures.setAttribute('role', 'group');
  const saveMeasures = button(text.saveCsv, () => save(measuresCsv(state?.measured ?? []), 'times.csv'));
  const compared = create('div', { class: 'exports' }, saveMeasures);
  const measuring = status();

  const needs = create('p', { class: 'banner warning', id: 'scale-needs' }, words.needs);
  const works = create(
    'div',
    {},
    create(
      'div',
      { class: 'panel wide' },
      create('div', { class: 'stack' }, rows.element, room, suggested),
      create('div', { class: 'stack' }, rate.element),
      pace.element,
      create('div', { class: 'seed' }, create('label', { for: seed.id }, words.seed), seed, draw),
    ),
    problem,
    resumed,
    create('div', { class: 'buttons' }, play, epoch, restart),
    told.element,
    create(
      'div',
      { class: 'columns even' },
      create('div', { class: 'stack' }, cloud.element, drawn),
      create('div', { class: 'stack' }, create('div', { class: 'panel' }, values.element), losses.element),
    ),
    create('h3', {}, words.compareTitle),
    create('p', {}, words.compareLead),
    create('div', { class: 'buttons' }, compare, compareCpu),
    measuring.element,
    measures,
    compared,
    create('p', { class: 'note' }, words.notes),
  );
  host.append(create('p', {}, words.lead), needs, works);

  // In the document, where they know their width.
  const picture = new ScalePicture(cloud.host, page, (count) => {
    const all = state?.run?.settings.rows ?? 0;
    const isAll = count === all;
    drawn.textContent = isAll ? words.allDrawn(format.count(all)) : words.drawn(format.count(count), format.count(all));
  });
  const chart = new LossChart(losses.host, page);
  const drawChart = paced(CHART_INTERVAL_MS, () => {
    if (signal.aborted) return;
    const line = { kind: 'gradientDescent', width: 3, dash: [], losses: state?.run?.losses ?? [] };
    chart.draw([line], store.state.axis === 'log');
    chart.showEpoch(line.losses.length - 1);
  });

  const showSettings = () => {
    const { rows: count, scaleRate, scaleSeed, pace: chosen } = store.state;
    rows.set(ROW_STEPS.findIndex((step) => step >= count));
    rate.set(scaleRate);
    pace.set(chosen);
    if (document.activeElement !== seed) seed.value = String(scaleSeed);
  };
  let shownEpochs = -1;
  let shownRun: ScaleRun | null | undefined;
  let shownMeasures: ScaleState['measured'] | undefined;
  const show = (now: ScaleState) => {
    state = now;
    const { run, isMissing, problem: wrong, resumedAt, measured } = now;
    needs.hidden = !isMissing;
    works.hidden = isMissing;
    problem.hidden = wrong === '';
    problem.textContent = wrong;
    resumed.hidden = resumedAt === null;
    if (resumedAt !== null) resumed.textContent = words.resumed(resumedAt);
    room.hidden = now.mostRows === null || store.state.rows <= now.mostRows;
    room.textContent = words.room(format.count(now.mostRows ?? 0));
    suggested.hidden = now.suggestion === null;
    if (now.suggestion) {
      const size = format.count(now.suggestion.rows);
      suggestion.textContent = words.suggestion(size, format.significant(now.suggestion.epochMs, 2));
      take.textContent = words.take(size);
      if (!take.isConnected) suggested.append(' ', take); // with a name, and not before
      take.disabled = store.state.rows === now.suggestion.rows;
    }
    const isOver = run === null || run.stopReason !== null;
    const isBusy = now.measuring !== null;
    play.textContent = scale.player.isPlaying ? words.pause : words.play;
    play.disabled = epoch.disabled = isOver || isBusy;
    restart.disabled = run === null || run.epoch === 0 || isBusy;
    compare.disabled = compareCpu.disabled = run === null || isBusy;
    if (run && run.limit !== null && run !== shownRun) rate.mark([{ kind: 'limit', rate: run.limit }]);
    picture.show(run);
    showValues(now);
    told.say(sentence(page, now));
    if (run !== shownRun || (run?.epoch ?? 0) !== shownEpochs) drawChart();
    [shownRun, shownEpochs] = [run, run?.epoch ?? 0];
    measuring.say(now.measuring ? words.measuring[now.measuring] : measuresWords(page, now));
    measures.hidden = compared.hidden = measured.length === 0;
    if (measured !== shownMeasures) measures.replaceChildren(measuresTable(page, measured));
    shownMeasures = measured;
  };
  const showValues = ({ run, epochsPerSecond }: ScaleState) => {
    const number = (value: number | undefined) => format.number(value ?? Number.NaN, 4);
    values.set('epoch', format.count(run?.epoch ?? 0));
    values.set('loss', format.number(run?.losses.at(-1) ?? Number.NaN, 5));
    for (const key of ['w', 'b'] as const) {
      values.set(key, words.valueAndTruth(number(run?.line[key]), number(run?.truth[key])));
    }
    const speed = epochsPerSecond ?? Number.NaN;
    values.set('epochsPerSecond', Number.isNaN(speed) ? '–' : format.significant(speed));
    const read = gigabytesPerSecond(run?.settings.rows ?? 0, speed);
    values.set('gigabytesPerSecond', Number.isNaN(speed) ? '–' : words.gigabytes(format.significant(read)));
  };
  scale.subscribe(show, signal);
  store.subscribe((next, before) => {
    showSettings();
    if (next.axis !== before.axis) drawChart();
    if (state) show(state);
  }, signal);
  showSettings();
  watch(host, () => scale.see(), signal);
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
  return () => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        lastMs = performance.now();
        call();
      },
      Math.max(0, lastMs + intervalMs - performance.now()),
    );
  };
}

/** Calls once when an element is nearly in view. */
function watch(element: HTMLElement, call: () => void, signal: AbortSignal): void {
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
