import { create } from '../../pages/dom.js';
import { MOST_ROWS, ROW_STEPS, type Shape, SHAPES } from '../lesson/scale-data.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { button, choice, freshId, setWords, Slider } from '../page/controls.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';

const LARGEST_SEED = 2 ** 32;

/** Line or plane, rows, λ, pace and seed of section 6, and which size suits the device. */
export class ScaleSettingsPanel {
  readonly element: HTMLElement;
  readonly #page: Page;
  readonly #shape: { element: HTMLElement; set: (value: Shape) => void };
  readonly #rows: Slider;
  readonly #room = create('p', { class: 'note', id: 'scale-room', role: 'status', hidden: '' });
  readonly #suggestion = create('span', { id: 'scale-suggestion' });
  readonly #suggested = create('p', { class: 'note' }, this.#suggestion);
  readonly #take: HTMLButtonElement;
  readonly #rate: RateSlider;
  readonly #pace: { element: HTMLElement; set: (value: PageState['pace']) => void };
  readonly #seed = create('input', { type: 'number', id: freshId(), min: '0', max: String(LARGEST_SEED), step: '1' });
  #suggestedRows = 0;
  #markedFor: ScaleRun | undefined;

  constructor(page: Page) {
    const { text, format, store } = page;
    const words = text.scale;
    this.#page = page;
    this.#shape = choice<Shape>(
      words.shape,
      SHAPES.map((value) => ({ value, label: words.shapes[value] })),
      (chosen) => store.set({ shape: chosen }),
    );
    this.#rows = new Slider({
      label: words.rows,
      min: 0,
      max: ROW_STEPS.length - 1,
      step: 1,
      words: () => format.count(store.state.rows),
      onInput: (position) => store.set({ rows: ROW_STEPS[position] ?? MOST_ROWS }),
    });
    this.#take = button('', () => store.set({ rows: this.#suggestedRows }));
    this.#rate = new RateSlider(page, (chosen) => store.set({ scaleRate: chosen }));
    this.#pace = choice<PageState['pace']>(
      words.pace,
      (['one', 'full'] as const).map((value) => ({ value, label: words.paces[value] })),
      (chosen) => store.set({ pace: chosen }),
    );
    const seed = this.#seed;
    seed.addEventListener('change', () => {
      if (seed.validity.valid && seed.value !== '') store.set({ scaleSeed: seed.valueAsNumber });
    });
    const draw = button(words.draw, () => store.set({ scaleSeed: store.state.scaleSeed + 1 }));
    this.element = create(
      'div',
      { class: 'panel wide' },
      this.#shape.element,
      create('div', { class: 'stack' }, this.#rows.element, this.#room, this.#suggested),
      create('div', { class: 'stack' }, this.#rate.element),
      this.#pace.element,
      create('div', { class: 'seed' }, create('label', { for: seed.id }, words.seed), seed, draw),
    );
  }

  show({ run, mostRows, suggestion }: ScaleState): void {
    const { text, format, store } = this.#page;
    const { shape, rows, scaleRate, scaleSeed, pace } = store.state;
    this.#shape.set(shape);
    this.#rows.set(ROW_STEPS.findIndex((step) => step >= rows));
    this.#rate.set(scaleRate);
    this.#pace.set(pace);
    if (document.activeElement !== this.#seed) this.#seed.value = String(scaleSeed);
    setWords(this.#room, mostRows !== null && rows > mostRows ? text.scale.room(format.count(mostRows)) : '');
    if (run && run.limit !== null && run !== this.#markedFor) {
      this.#rate.mark([{ kind: 'limit', rate: run.limit }]);
      this.#markedFor = run;
    }
    this.#suggested.hidden = suggestion === null;
    if (!suggestion) return;
    const size = format.count(suggestion.rows);
    this.#suggestedRows = suggestion.rows;
    this.#suggestion.textContent = text.scale.suggestion(size, format.significant(suggestion.epochMs, 2));
    this.#take.textContent = text.scale.take(size);
    this.#take.disabled = rows === suggestion.rows;
    if (!this.#take.isConnected) this.#suggested.append(' ', this.#take); // with a name, and not before
  }
}
