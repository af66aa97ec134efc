// What steers section 5: data, runs, λ, momentum, seed.

import { create } from '../../pages/dom.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import {
  LARGEST_MOMENTUM,
  LARGEST_RATIO,
  LEAST_RATIO,
  RATE_KINDS,
  RUN_KINDS,
  type RunKind,
  type Spread,
  SPREADS,
} from '../lesson/program-names.js';
import { choice, setWords, Slider } from '../page/controls.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import { SeedField } from '../page/seed-field.js';
import type { PageState } from '../page/state.js';

/** The slider of the ratio is logarithmic, by numbers of two digits. */
const RATIO_STEP = 0.01;
const RATIO_DIGITS = 2;
const MOMENTUM_STEP = 0.01;

export class ProgramChoices {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #spread: ReturnType<typeof choice<Spread>>;
  readonly #runs: ReturnType<typeof choice<RunKind>>;
  readonly #rates: ReturnType<typeof choice<PageState['rates']>>;
  /** λ, which has its place beside the picture. */
  readonly rate: RateSlider;
  readonly #ratio: Slider;
  readonly #momentum: Slider;
  readonly #seed: SeedField;
  readonly #batches = create('p', { class: 'note' });

  constructor(page: Page) {
    const { text, store, format } = page;
    const words = text.program;
    this.#page = page;
    this.#spread = choice<Spread>(
      words.spread,
      SPREADS.map((value) => ({ value, label: words.spreads[value] })),
      (spread) => store.set({ spread }),
    );
    this.#runs = choice<RunKind>(
      words.runs,
      RUN_KINDS.map((value) => ({ value, label: words.runKinds[value] })),
      (runs) => store.set({ runs }),
    );
    this.#rates = choice<PageState['rates']>(
      words.rates,
      RATE_KINDS.map((value) => ({ value, label: words.rateKinds[value] })),
      (rates) => store.set({ rates }),
    );
    this.rate = new RateSlider(page, (programRate) => store.set({ programRate }));
    this.#ratio = new Slider({
      label: words.ratio,
      min: Math.log10(LEAST_RATIO),
      max: Math.log10(LARGEST_RATIO),
      step: RATIO_STEP,
      words: () => format.significant(store.state.ratio, RATIO_DIGITS),
      onInput: (power) => store.set({ ratio: Number((10 ** power).toPrecision(RATIO_DIGITS)) }),
    });
    this.#momentum = new Slider({
      label: words.momentum,
      min: 0,
      max: LARGEST_MOMENTUM,
      step: MOMENTUM_STEP,
      words: () => format.number(store.state.momentum, 2),
      onInput: (momentum) => store.set({ momentum }),
    });
    const seedWords = { label: words.seed, draw: words.draw, range: words.seedRange };
    this.#seed = new SeedField(seedWords, format.language, (seed) => store.set({ seed }));
    this.element = create(
      'div',
      { class: 'panel wide' },
      this.#spread.element,
      this.#runs.element,
      this.#rates.element,
      create('div', { class: 'stack' }, this.#ratio.element, this.#batches),
      create('div', { class: 'stack' }, this.#momentum.element, this.#seed.element),
    );
  }

  show(picture: ProgramPicture | null): void {
    const { state } = this.#page.store;
    const isComparison = state.runs === 'optimizers';
    this.#spread.set(state.spread);
    this.#runs.set(state.runs);
    this.#rates.set(state.rates);
    this.rate.set(state.programRate);
    this.#ratio.set(Math.log10(state.ratio));
    this.#momentum.set(state.momentum);
    this.#seed.set(state.seed);
    this.#rates.element.hidden = this.#momentum.element.hidden = !isComparison;
    this.#ratio.element.hidden = state.spread !== 'correlated';
    this.rate.element.hidden = isComparison && state.rates === 'own'; // nothing follows it there
    if (picture) this.rate.mark([{ kind: 'limit', rate: picture.limit }]);
    setWords(this.#batches, state.runs === 'batches' && picture ? this.#batchWords(picture) : '');
  }

  /** An update by a single example diverges over 2/‖[x 1]‖² of that example. */
  #batchWords({ data: { columns, exampleCount } }: ProgramPicture): string {
    const { text, format } = this.#page;
    const squares = Array.from({ length: exampleCount }, (_, i) =>
      columns.reduce((sum, column) => sum + (column[i] as number) ** 2, 1),
    );
    return text.program.batchLimit(format.significant(2 / Math.max(...squares)));
  }
}
