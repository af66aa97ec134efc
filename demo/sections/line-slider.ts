import { create } from '../../pages/dom.js';
import type { Parameter } from '../lesson/line-lesson.js';
import { Slider } from '../page/controls.js';
import type { Page } from '../page/section.js';

/** The reach of the sliders of w and b; a drag or a step may lead past their ends. */
export const LINE_REACH = 4;
const STEP = 0.01;

/** A slider for one parameter of the line. */
export function lineSlider({ text, lesson, format }: Page, parameter: Parameter): Slider {
  const kind = { w: 'weight', b: 'bias' }[parameter];
  return new Slider({
    label: create('span', { class: kind }, text.parameterNames[parameter]),
    min: -LINE_REACH,
    max: LINE_REACH,
    step: STEP,
    words: (position) => format.number(position),
    onInput: (value) => lesson.setLine({ [parameter]: value }),
  });
}
