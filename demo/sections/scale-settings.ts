import { create } from '../../pages/dom.js';
import { MOST_ROWS, ROW_STEPS, SCALE_BATCHES, type ScaleBatch, type Shape, SHAPES } from '../lesson/scale-data.js';
import type { ScaleState } from '../lesson/scale-lesson.js';
import type { ScaleRun } from '../lesson/scale-run.js';
import { allow, button, choice, setWords, Slider } from '../page/controls.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import { SeedField } from '../page/seed-field.js';
import type { PageState } from '../page/state.js';

/** Line or plane, batches, rows, λ, pace and seed of section 6, and which size suits the device. */
export class ScaleSettingsPanel {
  readonly #page: Page;
  readonly #shape: { element: HTMLElement; set: (value: Shape) => void };
  readonly #batch: { element: HTMLElement; set: (value: ScaleBatch) => void };
  readonly #rows: Slider;
  readonly #room = create('p', { class: 'note', id: 'scale-room', role: 'status', hidden: '' });
  readonly #suggestion = create('span', { id: 'scale-suggestion' });
  readonly #suggested = create('p', { class: 'note' });
  readonly #take: HTMLButtonElement;
  readonly #rate: RateSlider;
  readonly #pace: { element: HTMLElement; set: (value: PageState['pace']) => void };
  readonly #seed: SeedField;
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
    this.#batch = choice<ScaleBatch>(
      words.batch,
      SCALE_BATCHES.map((value) => ({ value, label: value === 'all' ? words.allAtOnce : value })),
      (scaleBatch) => store.set({ scaleBatch }),
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
    const seedWords = { label: words.seed, draw: words.draw, range: words.seedRange };
    this.#seed = new SeedField(seedWords, format.language, (scaleSeed) => store.set({ scaleSeed }));
    this.#suggested.append(this.#suggestion);
  }

  /** The choices for all of it. */
  get head(): readonly HTMLElement[] {
    return [this.#shape.element, this.#batch.element];
  }

  /** The controls of the picture. */
  get steering(): readonly HTMLElement[] {
    return [this.#rows.element, this.#room, this.#rate.element, this.#pace.element];
  }

  /** The choices that are made once, or seldom. */
  get others(): readonly HTMLElement[] {
    return [this.#suggested, this.#seed.element];
  }

  show({ run, mostRows, suggestion, onCpu }: ScaleState): void {
    const { text, format, store } = this.#page;
    const { shape, rows, scaleRate, scaleSeed, scaleBatch, pace } = store.state;
    this.#shape.set(shape);
    this.#batch.set(scaleBatch);
    this.#rows.set(ROW_STEPS.findIndex((step) => step >= rows));
    this.#rate.set(scaleRate);
    this.#pace.set(pace);
    this.#seed.set(scaleSeed);
    setWords(this.#room, mostRows !== null && rows > mostRows ? text.scale.room(format.count(mostRows)) : '');
    if (run && run.limit !== null && run !== this.#markedFor) {
      this.#rate.mark([{ kind: 'limit', rate: run.limit }]);
      this.#markedFor = run;
    }
    this.#suggested.hidden = suggestion === null || onCpu !== null;
    if (!suggestion) return;
    const size = format.count(suggestion.rows);
    this.#suggestedRows = suggestion.rows;
    this.#suggestion.textContent = text.scale.suggestion(size, format.significant(suggestion.epochMs, 2));
    this.#take.textContent = text.scale.take(size);
    allow(rows !== suggestion.rows, this.#take);
    if (!this.#take.isConnected) this.#suggested.append(' ', this.#take); // with a name, and not before
  }
}
