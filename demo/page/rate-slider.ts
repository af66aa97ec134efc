import { create } from '../../pages/dom.js';
import { setText, Slider } from './controls.js';
import type { Page } from './section.js';

/** The slider is logarithmic: from a thousandth to ten, by rates of two digits, which are good to say in class. */
const LOWEST_POWER = -3;
const HIGHEST_POWER = 1;
const POWER_STEP = 0.005;
const RATE_DIGITS = 2;

/** Half of the knob, by which a browser keeps its middle from the ends of the track. */
const KNOB_INSET_PX = 8;

/** From here on a mark's words are on its left. */
const TURN_SHARE = 0.5;

/** Just beyond a limit. */
const BEYOND = 1.02;

export interface RateMark {
  kind: 'limit' | 'best';
  rate: number;
}

/** λ on a slider, with the rates that matter marked below it. */
export class RateSlider {
  readonly element: HTMLElement;
  readonly #slider: Slider;
  readonly #marks = create('div', { class: 'marks' });
  readonly #page: Page;
  readonly #onRate: (rate: number) => void;
  readonly #buttons: HTMLButtonElement[] = [];
  #rates: readonly RateMark[] = [];
  #rate = 1;

  constructor(page: Page, onRate: (rate: number) => void) {
    const { text, format } = page;
    this.#page = page;
    this.#onRate = onRate;
    this.#slider = new Slider({
      label: create('span', { class: 'rate' }, text.rate.label),
      min: LOWEST_POWER,
      max: HIGHEST_POWER,
      step: POWER_STEP,
      words: () => format.significant(this.#rate),
      onInput: (power) => {
        this.#rate = Number((10 ** power).toPrecision(RATE_DIGITS));
        onRate(this.#rate);
      },
    });
    this.element = create('div', { class: 'rate-slider' }, this.#slider.element, this.#marks);
  }

  set(rate: number): void {
    this.#rate = rate;
    this.#slider.set(Math.log10(rate));
  }

  /** Each mark is also a button that puts λ there; a limit puts it just beyond. The buttons stay: one may have the focus. */
  mark(marks: readonly RateMark[]): void {
    const { text, format } = this.#page;
    while (this.#buttons.length < marks.length) this.#addButton(this.#buttons.length);
    this.#rates = marks;
    this.#buttons.forEach((made, row) => {
      const { kind, rate } = marks[row] ?? {};
      made.hidden = kind === undefined;
      if (kind === undefined || rate === undefined) return;
      const share = (Math.log10(rate) - LOWEST_POWER) / (HIGHEST_POWER - LOWEST_POWER);
      const at = Math.max(0, Math.min(1, share));
      setText(made, text.rate.marks[kind](format.significant(rate)));
      made.className = share > TURN_SHARE ? `mark ${kind} before` : `mark ${kind}`; // its words would leave the page
      made.style.setProperty('--at', `calc(${KNOB_INSET_PX}px + ${at} * (100% - ${2 * KNOB_INSET_PX}px))`);
      made.style.setProperty('--row', String(row));
    });
    this.#marks.style.setProperty('--rows', String(marks.length));
  }

  #addButton(row: number): void {
    const made = create('button', { type: 'button' });
    made.addEventListener('click', () => {
      const { kind, rate } = this.#rates[row] ?? {};
      if (rate !== undefined) this.#onRate(Number((kind === 'limit' ? BEYOND * rate : rate).toPrecision(6)));
    });
    this.#buttons.push(made);
    this.#marks.append(made);
  }
}
