import { create } from '../../pages/dom.js';
import type { OwnState } from '../lesson/own-data.js';
import { announcer, button, freshId } from '../page/controls.js';
import type { Page } from '../page/section.js';

/** A screen reader is told each of so many parts of the way. */
const TOLD_PARTS = 4;

/** The time before a bar is shown: that of quicker work would flash. */
const PATIENCE_MS = 150;

/** The progress of reading and fitting, and a way to stop them. */
export class OwnProgress {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #label = create('label', { for: freshId() });
  readonly #bar = create('progress', { id: this.#label.htmlFor, max: '1' });
  readonly #row: HTMLElement;
  readonly #spoken = announcer();
  #said = '';
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(page: Page) {
    this.#page = page;
    const cancel = button(page.text.own.cancel, () => page.own.cancel());
    this.#row = create('div', { class: 'progress', hidden: '' }, this.#label, this.#bar, cancel);
    this.element = create('div', {}, this.#row, this.#spoken.element);
  }

  show({ work }: OwnState): void {
    const words = this.#page.text.own;
    if (!work) {
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#row.hidden = true;
      return this.#say('');
    }
    this.#timer ??= setTimeout(() => (this.#row.hidden = false), PATIENCE_MS);
    this.#label.textContent = words.working[work.name];
    this.#bar.value = work.share;
    const part = Math.floor(work.share * TOLD_PARTS) / TOLD_PARTS;
    this.#say(`${words.working[work.name]} ${words.share(100 * part)}`);
  }

  /** Only what is new: each word makes the reader wait again for the values to rest. */
  #say(words: string): void {
    if (words === this.#said) return;
    this.#said = words;
    this.#spoken.say(words);
  }
}
