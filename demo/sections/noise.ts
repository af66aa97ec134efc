// 9. Noise: which degree is too simple and which too complex, and what batches do to the steps.

import { create } from '../../pages/dom.js';
import {
  BATCH_NAMES,
  type BatchName,
  FEWEST_EXAMPLES,
  HIGHEST_DEGREE,
  LARGEST_NOISE,
  MOST_EXAMPLES,
} from '../lesson/noise-names.js';
import type { BatchPicture, CurvePicture } from '../lesson/noise-lesson.js';
import { allow, button, choice, Readout, Slider, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { LossChart } from '../page/loss-chart.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import { SeedField } from '../page/seed-field.js';
import { stage } from '../page/stage.js';
import { DegreePlot, ExamplesPlot } from './noise-plots.js';
import { resetButton } from './undo-buttons.js';

/** The part of the page's state that each half of this section shows. */
const DEGREE_NAMES = ['degree', 'noiseSigma', 'examples', 'noiseSeed'] as const;
const BATCH_FIELDS = ['batch', 'batchRate'] as const;

/** A held-out loss this near to the lowest one is as good. */
const AS_GOOD = 1.1;

export function mountNoise(host: HTMLElement, page: Page): void {
  host.append(create('p', { class: 'lead' }, page.text.noise.lead));
  mountDegrees(host, page);
  mountBatches(host, page);
  host.append(create('div', { class: 'buttons' }, resetButton(page, [...DEGREE_NAMES, ...BATCH_FIELDS])));
}

function mountDegrees(host: HTMLElement, page: Page): void {
  const { store, noise, text, signal } = page;
  const words = text.noise;
  const curve = figure(page, { name: 'polynomial', caption: words.curveCaption, csv: () => degreesCsv(noise.curve) });
  const degrees = figure(page, { name: 'degrees', caption: words.degreesCaption });
  const panel = degreePanel(page);
  host.append(
    create('h3', {}, words.degreesTitle),
    create('p', {}, words.degreesLead),
    stage({ pictures: [curve.element, degrees.element], controls: panel.controls }),
  );
  // In the document, where they know their width.
  const plot = new ExamplesPlot(curve.host, page, words.curveLabel);
  const overDegrees = new DegreePlot(degrees.host, page);
  const show = () => {
    const { degree } = store.state;
    const picture = noise.curve;
    panel.show(picture);
    if (!picture) return;
    plot.showCurve(picture, degree);
    overDegrees.show(picture, degree);
  };
  noise.subscribe(show, signal);
  store.follow(DEGREE_NAMES, show, signal);
}

/** The controls of the polynomial, and its losses. */
function degreePanel(page: Page): { controls: readonly Node[]; show: (picture: CurvePicture | null) => void } {
  const { text, store, format } = page;
  const words = text.noise;
  const sliders = degreeSliders(page);
  const seedWords = { label: text.program.seed, draw: text.program.draw, range: text.program.seedRange };
  const seed = new SeedField(seedWords, format.language, (noiseSeed) => store.set({ noiseSeed }));
  const values = new Readout([
    { key: 'train-loss', name: words.trainLoss },
    { key: 'held-out-loss', name: words.heldOutLoss },
    { key: 'best-degree', name: words.bestDegree },
  ]);
  const told = status();
  const { degree, noise: sigma, examples } = sliders;
  return {
    controls: [degree.element, sigma.element, examples.element, told.element, values.element, seed.element],
    show: (picture) => {
      const { state } = store;
      degree.set(state.degree);
      sigma.set(state.noiseSigma);
      examples.set(state.examples);
      seed.set(state.noiseSeed);
      const shown = picture?.polynomials[state.degree - 1];
      if (!picture || !shown) return;
      values.set('train-loss', format.number(shown.trainLoss, 4));
      values.set('held-out-loss', format.number(shown.heldOutLoss, 4));
      values.set('best-degree', String(bestDegree(picture)));
      told.say(verdict(page, picture));
    },
  };
}

function degreeSliders({ text, store, format }: Page): Record<'degree' | 'noise' | 'examples', Slider> {
  const words = text.noise;
  return {
    degree: new Slider({
      label: words.degree,
      ...{ min: 1, max: HIGHEST_DEGREE, step: 1 },
      words: String,
      onInput: (degree) => store.set({ degree }),
    }),
    noise: new Slider({
      label: words.sigma,
      ...{ min: 0, max: LARGEST_NOISE, step: 0.05 },
      words: (sigma) => format.number(sigma, 2),
      onInput: (noiseSigma) => store.set({ noiseSigma }),
    }),
    examples: new Slider({
      label: words.examples,
      ...{ min: FEWEST_EXAMPLES, max: MOST_EXAMPLES, step: 1 },
      words: String,
      onInput: (examples) => store.set({ examples }),
    }),
  };
}

function bestDegree({ polynomials }: CurvePicture): number {
  return polynomials.reduce((a, b) => (b.heldOutLoss < a.heldOutLoss ? b : a)).degree;
}

function verdict({ text, store }: Page, picture: CurvePicture): string {
  const words = text.noise.verdicts;
  const { degree } = store.state;
  const best = bestDegree(picture);
  const lossOf = (of: number) => picture.polynomials[of - 1]?.heldOutLoss ?? Number.NaN;
  if (lossOf(degree) <= AS_GOOD * lossOf(best)) return words.right;
  return degree < best ? words.tooSimple : words.tooComplex;
}

function mountBatches(host: HTMLElement, page: Page): void {
  const { text, store, noise, signal } = page;
  const words = text.noise;
  const line = figure(page, { name: 'line-by-batches', caption: words.lineCaption });
  const losses = figure(page, { name: 'loss-by-batches', caption: words.lossesCaption, csv: () => batchesCsv(page) });
  losses.host.setAttribute('role', 'img');
  losses.host.setAttribute('aria-label', text.program.lossLabel);
  const panel = batchPanel(page);
  host.append(
    create('h3', {}, words.batchesTitle),
    create('p', {}, words.batchesLead),
    stage({ pictures: [line.element, losses.element], controls: panel.controls }),
  );
  const plot = new ExamplesPlot(line.host, page, words.lineLabel);
  const chart = new LossChart(losses.host, page);
  const show = () => {
    const picture = noise.batches;
    panel.show(picture);
    if (!picture) return;
    plot.showLine(picture);
    const lines = [
      { kind: 'train-loss', width: 3, dash: [], losses: picture.trainLosses },
      { kind: 'held-out-loss', width: 2, dash: [8, 4], losses: picture.heldOutLosses },
    ];
    chart.draw(lines, true);
  };
  noise.subscribe(show, signal);
  store.follow(BATCH_FIELDS, show, signal);
}

const BATCH_VALUES = ['epoch', 'batch-train', 'batch-held-out', 'batch-w', 'batch-b'] as const;

/** The controls of descent by batches, and its progress. */
function batchPanel(page: Page): { controls: readonly Node[]; show: (picture: BatchPicture | null) => void } {
  const { text, store, noise, format } = page;
  const words = text.noise;
  const batch = choice<BatchName>(
    words.batch,
    BATCH_NAMES.map((value) => ({ value, label: words.batchNames[value] })),
    (chosen) => store.set({ batch: chosen }),
  );
  const rate = new RateSlider(page, (batchRate) => store.set({ batchRate }));
  const one = button(words.one, () => void noise.step(), 'primary');
  const play = button(words.play, () => noise.player.toggle());
  const restart = button(words.restart, () => void noise.restart());
  const buttons = create('div', { class: 'buttons' }, one, play, restart);
  const values = new Readout(BATCH_VALUES.map((key) => ({ key, name: words.batchValues[key] })));
  const note = create('p', { class: 'note' }, words.batchesNote);
  return {
    controls: [batch.element, buttons, rate.element, values.element, note],
    show: (picture) => {
      batch.set(store.state.batch);
      rate.set(store.state.batchRate);
      play.textContent = noise.player.isPlaying ? words.pause : words.play;
      if (!picture) return;
      const { trainLosses, heldOutLosses, weights, bias, isOver } = picture;
      allow(!isOver, one, play);
      allow(trainLosses.length > 1, restart);
      values.set('epoch', format.count(trainLosses.length - 1));
      values.set('batch-train', format.number(trainLosses.at(-1) ?? Number.NaN, 5));
      values.set('batch-held-out', format.number(heldOutLosses.at(-1) ?? Number.NaN, 5));
      values.set('batch-w', format.number(weights[0] ?? Number.NaN));
      values.set('batch-b', format.number(bias));
    },
  };
}

function degreesCsv(picture: CurvePicture | null): Blob {
  const rows = (picture?.polynomials ?? []).map((one) => [one.degree, one.trainLoss, one.heldOutLoss]);
  return csvOf(['degree', 'train_loss', 'held_out_loss'], rows);
}

function batchesCsv({ noise }: Page): Blob {
  const { trainLosses = [], heldOutLosses = [] } = noise.batches ?? {};
  const rows = trainLosses.map((loss, epoch) => [epoch, loss, heldOutLosses[epoch] ?? '']);
  return csvOf(['epoch', 'train_loss', 'held_out_loss'], rows);
}
