// The files that come with the page, each with its source.

import { create } from '../../pages/dom.js';
import type { OwnState } from '../lesson/own-data.js';
import { SAMPLE_NAMES } from '../lesson/own-samples.js';
import { button } from '../page/controls.js';
import type { Page } from '../page/section.js';

export class OwnSamples {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #source = create('p', { class: 'note source' });

  constructor(page: Page) {
    const { text, own } = page;
    this.#page = page;
    const buttons = SAMPLE_NAMES.map((name) => button(text.own.sampleNames[name], () => void own.sample(name)));
    this.element = create(
      'div',
      { class: 'samples', role: 'group', 'aria-label': text.own.samples },
      create('p', {}, `${text.own.samples}:`),
      create('div', { class: 'buttons' }, ...buttons),
      this.#source,
    );
  }

  show({ file }: OwnState): void {
    const { own } = this.#page.text;
    const name = SAMPLE_NAMES.find((one) => `${one}.csv` === file?.name);
    this.#source.hidden = name === undefined;
    this.#source.textContent = name === undefined ? '' : own.source(own.sampleSources[name]);
  }
}
