import { create } from '../../pages/dom.js';
import type { Parameter, Picture } from '../lesson/line-lesson.js';
import { button, choice, Readout, setText, status } from '../page/controls.js';
import type { Page } from '../page/section.js';
import { lineSlider } from './line-slider.js';
import { undoButtons } from './undo-buttons.js';

/** The λ of a step downhill before λ is a subject; less where that would go farther than half of the way to the lowest point. */
const FIRST_RATE = 0.1;
const MOST_OF_THE_WAY = 0.5;

/** The controls of the loss curve, and its numbers. */
export class LossPanel {
  readonly controls: readonly Node[];
  /** The parameter along the curve. */
  parameter: Parameter = 'w';
  readonly #page: Page;
  readonly #along;
  readonly #sliders;
  readonly #values: Readout;
  readonly #told = status();
  readonly #way = create('p', { class: 'way' });
  #picture: Picture | undefined;

  /** `onChoose` is called when another parameter is chosen. */
  constructor(page: Page, onChoose: () => void) {
    const { text, lesson } = page;
    const words = text.loss;
    this.#page = page;
    const choose = (chosen: Parameter) => {
      this.parameter = chosen;
      onChoose();
    };
    const options = (['w', 'b'] as const).map((value) => ({ value, label: words.alongNames[value] }));
    this.#along = choice<Parameter>(words.along, options, choose);
    this.#sliders = { w: lineSlider(page, 'w'), b: lineSlider(page, 'b') };
    this.#values = new Readout([
      { key: 'loss', name: words.here },
      { key: 'lowest', name: words.lowest },
      { key: 'slope', name: words.slope },
    ]);
    const stepDown = () => this.#picture && lesson.setLine(stepDownhill(this.#picture, this.parameter));
    const buttons = [button(words.downhill, stepDown, 'primary'), ...undoButtons(page, () => choose('w'))];
    this.controls = [
      this.#along.element,
      this.#sliders.w.element,
      this.#sliders.b.element,
      this.#values.element,
      this.#told.element,
      this.#way,
      create('div', { class: 'buttons' }, ...buttons),
    ];
  }

  show(picture: Picture): void {
    this.#picture = picture;
    const { line, loss, curves, gradient, curvature } = picture;
    const { parameter } = this;
    const { format, text } = this.#page;
    const { lowest } = curves[parameter];
    const slope = gradient[parameter];
    this.#along.set(parameter);
    for (const name of ['w', 'b'] as const) this.#sliders[name].set(line[name]);
    this.#values.set('loss', format.number(loss));
    this.#values.set('lowest', format.number(lowest.loss));
    this.#values.set('slope', format.number(slope));
    const [here = '', there = ''] = [line[parameter], lowest.position].map((position) => format.number(position, 2));
    const words = text.loss;
    const isLevel = curvature[parameter] === 0;
    this.#told.say(isLevel ? words.level(parameter) : words.stand(parameter, here, format.number(loss), there));
    setText(this.#way, wayDown(this.#page, parameter, slope));
  }
}

/** In which direction the loss falls, as far as the digits shown can tell. */
function wayDown({ text, format }: Page, parameter: Parameter, slope: number): string {
  const words = text.loss.ways;
  if (Number(slope.toFixed(3)) === 0) return words.none;
  return slope > 0 ? words.down(parameter, format.number(slope)) : words.up(parameter, format.number(slope));
}

function stepDownhill(
  { line, gradient, curvature }: Picture,
  parameter: Parameter,
): Partial<Record<Parameter, number>> {
  const rate = Math.min(FIRST_RATE, MOST_OF_THE_WAY / curvature[parameter]);
  return { [parameter]: line[parameter] - rate * gradient[parameter] };
}
