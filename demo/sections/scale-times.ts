import { create } from '../../pages/dom.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import { allow, button, status } from '../page/controls.js';
import { save } from '../page/export.js';
import type { Page } from '../page/section.js';
import { measuresCsv, measuresTable, measuresWords } from './scale-table.js';

/** The times of streaming, moments and the CPU, taken when they are asked for. */
export class ScaleTimes {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #buttons: readonly HTMLButtonElement[];
  readonly #told = status();
  readonly #table: HTMLElement;
  readonly #exports: HTMLElement;
  #measured: ScaleState['measured'] = [];

  constructor(page: Page) {
    const { text, scale } = page;
    const words = text.scale;
    this.#page = page;
    this.#buttons = [
      button(words.compare, () => void scale.compare()),
      button(words.compareCpu, () => void scale.compareCpu()),
    ];
    // It may be wider than a telephone, and is then moved by the keys as well.
    this.#table = create('div', { class: 'scroll', role: 'group', tabindex: '0', 'aria-label': words.compareTitle });
    const saved = button(text.saveCsv, () => save(measuresCsv(this.#measured), 'times.csv'));
    this.#exports = create('div', { class: 'exports' }, saved);
    this.element = create(
      'div',
      {},
      create('h3', {}, words.compareTitle),
      create('p', {}, words.compareLead),
      create('div', { class: 'buttons' }, ...this.#buttons),
      this.#told.element,
      this.#table,
      this.#exports,
      create('p', { class: 'note' }, words.notes),
    );
  }

  show(state: ScaleState): void {
    const { run, measured, measuring } = state;
    allow(run !== null && measuring === null, ...this.#buttons);
    this.#told.say(measuring ? this.#page.text.scale.measuring[measuring] : measuresWords(this.#page, state));
    this.#table.hidden = this.#exports.hidden = measured.length === 0;
    if (measured === this.#measured) return;
    this.#table.replaceChildren(measuresTable(this.#page, measured));
    this.#measured = measured;
  }
}
