import { create } from '../../pages/dom.js';
import { isLost } from '../lesson/descent.js';
import type { Picture } from '../lesson/line-lesson.js';
import { allow, button, choice, Readout, setText, status } from '../page/controls.js';
import { type Drawing, whileInView } from '../page/in-view.js';
import { math } from '../page/mathml.js';
import { RateSlider } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import { defaultState, type PageState } from '../page/state.js';
import { curvatureRange, factorOf, rateMarks, substituted, verdict } from './step-words.js';
import { undoButtons } from './undo-buttons.js';

/** The buttons that make steps, the update in numbers, and the effect of λ. */
export class StepPanel {
  readonly controls: readonly Node[];
  readonly #page: Page;
  readonly #buttons;
  readonly #moves;
  readonly #rate: RateSlider;
  readonly #formula = create('div', { class: 'live' });
  readonly #values: Readout;
  readonly #told = status();
  readonly #drawing: Drawing;
  #update: Pick<Picture, 'line' | 'gradient'> | undefined;

  constructor(page: Page) {
    const { text, descent, store } = page;
    const words = text.step;
    this.#page = page;
    const options = (['w', 'both'] as const).map((value) => ({ value, label: words.movesNames[value] }));
    this.#moves = choice<PageState['moves']>(words.moves, options, (chosen) => {
      descent.restart();
      store.set({ moves: chosen });
    });
    this.#rate = new RateSlider(page, (chosen) => store.set({ rate: chosen }));
    const one = button(words.one, () => void descent.step(), 'primary');
    const play = button(words.play, () => descent.player.toggle());
    const restart = button(words.restart, () => descent.restart());
    this.#buttons = { one, play, restart };
    const reset = () => {
      const { rate, moves } = defaultState();
      store.set({ rate, moves });
    };
    this.#values = new Readout([
      { key: 'epoch', name: words.epoch },
      { key: 'w', name: text.parameterNames.w },
      { key: 'b', name: text.parameterNames.b },
      { key: 'slope', name: math('inline', '∂L/∂w') },
      { key: 'loss', name: words.loss },
      { key: 'factor', name: words.factor },
    ]);
    this.#drawing = whileInView(this.#formula, () => this.#drawUpdate(), page.signal);
    this.controls = [
      create('div', { class: 'buttons' }, one, play, restart, ...undoButtons(page, reset)),
      this.#moves.element,
      this.#rate.element,
      this.#formula,
      this.#told.element,
      this.#values.element,
    ];
  }

  show({ line, loss, gradient, curvature }: Picture): void {
    const { text, format, descent, store } = this.#page;
    const words = text.step;
    const { rate, moves } = store.state;
    const range = curvatureRange(curvature, moves);
    const { one, play, restart } = this.#buttons;
    this.#moves.set(moves);
    this.#rate.set(rate);
    this.#rate.mark(rateMarks(range));
    setText(play, descent.player.isPlaying ? words.pause : words.play);
    allow(!isLost(line), one, play);
    allow(descent.trail.length > 0, restart);
    const number = (value: number) => format.number(value);
    this.#update = { line, gradient };
    this.#drawing.request();
    this.#values.set('epoch', format.count(descent.trail.length));
    this.#values.set('w', number(line.w));
    this.#values.set('b', number(line.b));
    this.#values.set('slope', number(gradient.w));
    this.#values.set('loss', number(loss));
    this.#values.set('factor', number(factorOf(rate, range)));
    const sentence = isLost(line)
      ? words.lost(format.significant(2 / range.largest))
      : verdict(this.#page, rate, range, gradient, moves);
    this.#told.say(sentence, words.spoken(number(line.w), number(loss), sentence));
  }

  /** The update in numbers. */
  #drawUpdate(): void {
    if (!this.#update) return;
    const { line, gradient } = this.#update;
    const { format, store } = this.#page;
    const { rate, moves } = store.state;
    const names = moves === 'both' ? (['w', 'b'] as const) : (['w'] as const);
    const number = (value: number) => format.number(value);
    this.#formula.replaceChildren(
      ...names.map((name) => math('block', ...substituted(name, line[name], rate, gradient[name], number))),
    );
  }
}
