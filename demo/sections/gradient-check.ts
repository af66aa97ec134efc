import { create } from '../../pages/dom.js';
import { type Line, lossesOf } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import { Slider } from '../page/controls.js';
import { fraction, math } from '../page/mathml.js';
import type { Page } from '../page/section.js';

/** h from 1 down to 10⁻¹²; the slider moves its exponent. */
const SMALLEST_POWER = -12;
const FIRST_POWER = -4;

const PARAMETERS = ['w', 'b'] as const;
const COLUMNS = ['formula', 'difference', 'error'] as const;

/** The formula beside (L(w + h) − L(w)) / h, for w and for b. */
export function mountGradientCheck(host: HTMLElement, page: Page): void {
  const { text, format, lesson, signal } = page;
  const words = text.derivation.check;
  let picture: Picture | undefined;
  const h = new Slider({
    label: words.h,
    min: SMALLEST_POWER,
    max: 0,
    step: 1,
    words: (power) => (power === 0 ? '1' : format.power(10 ** power).replace('1.0×', '')),
    onInput: () => void check(),
  });
  h.set(FIRST_POWER);
  const cells = PARAMETERS.map((parameter) =>
    COLUMNS.map((column) => create('td', { 'data-value': `${column}-${parameter}` })),
  );
  const rows = PARAMETERS.map((parameter, i) =>
    create(
      'tr',
      {},
      create('th', { scope: 'row' }, math('inline', fraction('∂L', `∂${parameter}`))),
      ...(cells[i] ?? []),
    ),
  );
  const head = ['', words.formula, words.difference, words.error].map((name) => create('th', { scope: 'col' }, name));
  const table = create(
    'table',
    { class: 'check' },
    create('thead', {}, create('tr', {}, ...head)),
    create('tbody', {}, ...rows),
  );
  host.append(
    create('h3', {}, words.title),
    create('p', {}, words.lead),
    math('block', fraction('∂L', '∂w'), '≈', fraction('L(w+h)−L(w)', 'h')),
    create(
      'div',
      { class: 'panel' },
      h.element,
      create('div', { class: 'scroll' }, table),
      create('p', { class: 'note' }, words.note),
    ),
  );

  const check = async () => {
    if (!picture) return;
    const { data, line, gradient } = picture;
    const step = 10 ** h.input.valueAsNumber;
    const beyond: Line[] = [
      { ...line, w: line.w + step },
      { ...line, b: line.b + step },
    ];
    const [here = Number.NaN, ...there] = await lossesOf(data, [line, ...beyond]);
    if (signal.aborted) return;
    PARAMETERS.forEach((parameter, i) => {
      const formula = gradient[parameter];
      const difference = ((there[i] as number) - here) / step;
      const values = [
        format.number(formula, 6),
        format.number(difference, 6),
        format.power(Math.abs(difference - formula)),
      ];
      values.forEach((value, column) => ((cells[i]?.[column] as HTMLElement).textContent = value));
    });
  };
  lesson.subscribe((next) => {
    picture = next;
    void check();
  }, signal);
}
