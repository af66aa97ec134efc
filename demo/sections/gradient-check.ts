import { create } from '../../pages/dom.js';
import { type Line, lossesOf } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import { setText, Slider } from '../page/controls.js';
import { whileInView } from '../page/in-view.js';
import { fraction, math } from '../page/mathml.js';
import type { Page } from '../page/section.js';

/** ε from 1 down to 10⁻¹²; the slider moves its exponent. */
const SMALLEST_POWER = -12;
const FIRST_POWER = -4;

const PARAMETERS = ['w', 'b'] as const;
const COLUMNS = ['formula', 'difference', 'error'] as const;

/** The formula beside (L(w + ε) − L(w)) / ε, for w and for b. */
export function mountGradientCheck(host: HTMLElement, page: Page): void {
  const { text, format, lesson, signal } = page;
  const words = text.derivation.check;
  let picture: Picture | undefined;
  const size = new Slider({
    label: words.size,
    min: SMALLEST_POWER,
    max: 0,
    step: 1,
    words: (power) => (power === 0 ? '1' : format.power(10 ** power).replace('1.0×', '')),
    onInput: () => drawing.request(),
  });
  size.set(FIRST_POWER);
  const { table, cells } = checkTable(page);
  const part = create(
    'div',
    { class: 'gradient-check' },
    create('h3', {}, words.title),
    create('p', {}, words.lead),
    math('block', fraction('∂L', '∂w'), '≈', fraction('L(w+ε)−L(w)', 'ε')),
    create(
      'div',
      { class: 'panel' },
      size.element,
      create('div', { class: 'scroll' }, table),
      create('p', { class: 'note' }, words.note),
    ),
  );
  host.append(part);

  const check = async () => {
    if (!picture) return;
    const { data, line, gradient } = picture;
    const step = 10 ** size.input.valueAsNumber;
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
      values.forEach((value, column) => setText(cells[i]?.[column] as HTMLElement, value));
    });
  };
  const drawing = whileInView(table, () => void check(), signal);
  lesson.subscribe((next) => {
    picture = next;
    drawing.request();
  }, signal);
}

/** A row for each parameter, and the cells that change. */
function checkTable({ text }: Page): { table: HTMLElement; cells: readonly HTMLElement[][] } {
  const words = text.derivation.check;
  const cells = PARAMETERS.map((parameter) =>
    COLUMNS.map((column) => create('td', { 'data-value': `${column}-${parameter}` })),
  );
  const rows = PARAMETERS.map((parameter, i) =>
    create('tr', {}, create('th', { scope: 'row' }, `∂L/∂${parameter}`), ...(cells[i] ?? [])),
  );
  const head = COLUMNS.map((column) => create('th', { scope: 'col' }, words[column]));
  const table = create(
    'table',
    { class: 'check' },
    create('thead', {}, create('tr', {}, create('td'), ...head)),
    create('tbody', {}, ...rows),
  );
  return { table, cells };
}
