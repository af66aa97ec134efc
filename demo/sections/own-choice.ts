// Which columns of the reader's file are fitted, and how.

import { create } from '../../pages/dom.js';
import type { OwnState } from '../lesson/own-data.js';
import { choice, freshId } from '../page/controls.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';

export class OwnChooser {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #features: HTMLFieldSetElement;
  readonly #target: Select;
  readonly #loss: ReturnType<typeof choice<PageState['fitLoss']>>;
  readonly #others = create('p', { class: 'note' });
  #offered: readonly string[] = [];

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
    this.element = create(
      'div',
      { class: 'panel' },
      this.#target.element,
      this.#features,
      this.#loss.element,
      this.#others,
    );
  }

  show({ columns: { numeric, others }, choice: { features, target }, result }: OwnState): void {
    const { text, store } = this.#page;
    this.element.hidden = numeric.length < 2;
    if (this.#offered !== numeric) {
      this.#offered = numeric;
      this.#target.offer(numeric.map((value) => ({ value, label: value })));
      this.#features.replaceChildren(
        create('legend', {}, text.own.features),
        ...numeric.map((name) => this.#box(name)),
      );
    }
    this.#target.set(target);
    for (const box of this.#features.querySelectorAll('input')) {
      box.checked = features.includes(box.value);
      // The target is no feature, and without any feature there is nothing to fit.
      box.disabled = box.value === target || (box.checked && features.length === 1);
    }
    this.#loss.element.hidden = !result?.areLabels;
    this.#loss.set(store.state.fitLoss);
    this.#others.hidden = others.length === 0;
    this.#others.textContent = text.own.notOffered(others.join(', '));
  }

  #box(name: string): HTMLElement {
    const box = create('input', { type: 'checkbox', name: 'feature', value: name });
    box.addEventListener('change', () => {
      const ticked = [...this.#features.querySelectorAll('input')].filter(({ checked }) => checked);
      this.#page.own.choose({ features: ticked.map(({ value }) => value) });
    });
    return create('label', {}, box, create('bdi', {}, name));
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
