import { create } from '../../pages/dom.js';
import type { Parameter } from '../lesson/line-lesson.js';
import { Slider } from '../page/controls.js';
import type { Page } from '../page/section.js';

/** How far the sliders of w and b reach; a drag or a step may lead past their ends. */
const REACH = 4;
const STEP = 0.01;

/** A slider for one parameter of the line. */
export function lineSlider({ text, lesson, format }: Page, parameter: Parameter): Slider {
  const kind = { w: 'weight', b: 'bias' }[parameter];
  return new Slider({
    label: create('span', { class: kind }, text.parameterNames[parameter]),
    min: -REACH,
    max: REACH,
    step: STEP,
    words: (position) => format.number(position),
    onInput: (value) => lesson.setLine({ [parameter]: value }),
  });
}
