// Which columns of the reader's file are fitted, and how the file is read.

import { create } from '../../pages/dom.js';
import type { FileColumns } from '../lesson/own-file.js';
import type { OwnState } from '../lesson/own-data.js';
import { type Encoding, ENCODINGS } from '../lesson/own-names.js';
import { checkbox, choice, freshId } from '../page/controls.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';

export class OwnChooser {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #features: HTMLFieldSetElement;
  readonly #target: Select;
  readonly #loss: ReturnType<typeof choice<PageState['fitLoss']>>;
  readonly #words: HTMLElement;
  readonly #gaps: HTMLLabelElement;
  readonly #encoding: Select;
  #offered: FileColumns | undefined;
  /** The file is not in UTF-8: its encoding is a guess, which the reader may correct. */
  #isGuessed = false;

  constructor(page: Page) {
    const { text, own, store } = page;
    const words = text.own;
    this.#page = page;
    this.#features = create('fieldset', { class: 'choice features' });
    this.#target = new Select(words.target, 'target', (target) => own.choose({ target }));
    this.#loss = choice<PageState['fitLoss']>(
      words.fitLoss,
      (['squared', 'logistic'] as const).map((value) => ({ value, label: words.fitLosses[value] })),
      (fitLoss) => store.set({ fitLoss }),
    );
    this.#words = create('p', { class: 'note' }, words.wordsNote);
    this.#gaps = checkbox(words.leaveOut, (isTicked) => store.set({ gaps: isTicked ? 'drop' : 'error' }));
    this.#encoding = new Select(words.encoding, 'encoding', (value) => void own.readAs(value as Encoding));
    this.#encoding.offer(ENCODINGS.map((value) => ({ value, label: words.encodings[value] })));
    this.element = create(
      'div',
      { class: 'panel' },
      this.#encoding.element,
      this.#target.element,
      this.#features,
      this.#words,
      this.#loss.element,
      this.#gaps,
    );
  }

  show({ columns, encoding, choice: { features, target }, result, problem }: OwnState): void {
    const { text, store } = this.#page;
    const { numeric, others } = columns;
    this.element.hidden = numeric.length + others.length < 2;
    if (this.#offered !== columns) this.#offer(columns);
    if (encoding !== 'auto') this.#isGuessed = true;
    this.#encoding.element.hidden = !this.#isGuessed;
    this.#encoding.set(encoding);
    this.#target.set(target);
    for (const box of this.#features.querySelectorAll('input')) {
      box.checked = features.includes(box.value);
      // The target is no feature, and without any feature there is nothing to fit.
      box.disabled = box.value === target || (box.checked && features.length === 1);
    }
    this.#words.hidden = others.length === 0;
    this.#loss.element.hidden = !result?.areLabels || others.includes(target);
    this.#loss.set(store.state.fitLoss);
    const { gaps } = store.state;
    this.#gaps.hidden = gaps === 'error' && problem?.code !== 'MISSING_VALUE';
    (this.#gaps.querySelector('input') as HTMLInputElement).checked = gaps === 'drop';
    this.#gaps.classList.toggle('asked', problem?.code === 'MISSING_VALUE');
    this.#features.title = text.own.features;
  }

  #offer(columns: FileColumns): void {
    const { own } = this.#page.text;
    const { numeric, others } = columns;
    const labelOf = (name: string) => (others.includes(name) ? own.words(name) : name);
    const all = [...numeric, ...others];
    if (!this.#offered || all.join() !== [...this.#offered.numeric, ...this.#offered.others].join())
      this.#isGuessed = false;
    this.#offered = columns;
    this.#target.offer(all.map((value) => ({ value, label: labelOf(value) })));
    this.#features.replaceChildren(
      create('legend', {}, own.features),
      ...all.map((name) => this.#box(name, labelOf(name))),
    );
  }

  #box(name: string, label: string): HTMLElement {
    const box = create('input', { type: 'checkbox', name: 'feature', value: name });
    box.addEventListener('change', () => {
      const ticked = [...this.#features.querySelectorAll('input')].filter(({ checked }) => checked);
      this.#page.own.choose({ features: ticked.map(({ value }) => value) });
    });
    return create('label', {}, box, create('bdi', {}, label));
  }
}

/** A list to choose one thing from. */
export class Select {
  readonly element: HTMLElement;
  readonly #select: HTMLSelectElement;

  constructor(label: string, name: string, onChoose: (value: string) => void) {
    this.#select = create('select', { id: freshId(), name });
    this.#select.addEventListener('change', () => onChoose(this.#select.value));
    this.element = create('div', { class: 'select' }, create('label', { for: this.#select.id }, label), this.#select);
  }

  offer(options: readonly { value: string; label: string }[]): void {
    this.#select.replaceChildren(...options.map(({ value, label }) => create('option', { value }, label)));
  }

  set(value: string): void {
    this.#select.value = value;
  }
}
