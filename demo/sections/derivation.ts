// 3. The derivation: ∂L/∂w by the chain rule, a line at a time, and a check by differences.

import { create } from '../../pages/dom.js';
import type { Picture } from '../lesson/line-lesson.js';
import { announcer, button, checkbox, freshId } from '../page/controls.js';
import { type Formula, fraction, math, marked, ofExample, partial, squared, sumOverExamples } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { derivationLines, type DerivationLine } from './derivation-lines.js';
import { mountGradientCheck } from './gradient-check.js';

export function mountDerivation(host: HTMLElement, page: Page): void {
  const { text, store, lesson, signal } = page;
  const words = text.derivation;
  let picture: Picture | undefined;
  let areNumbersShown = false;

  const spoken = announcer();
  const list = create('ol', { class: 'derivation' });
  const rule = create(
    'aside',
    { class: 'panel' },
    create('h3', {}, words.chainRule),
    math('block', 'y=f(g(x))'),
    math('block', ['y', '′'], '=', ['f', '′'], '(g(x))', ['g', '′'], '(x)'),
    create('p', {}, words.chainRuleHere),
    math('block', 'f(x)=', squared('g(x)')),
    math('block', 'g(x)=h(x)−y'),
  );
  const result = conclusion(page);
  const stepCount = derivationLines(page, undefined).length + 1; // the lines, and the conclusion
  const next = button(words.next, () => open(store.state.line + 1), 'primary');
  const back = button(words.back, () => open(store.state.line - 1));
  const all = button(words.all, () => open(stepCount));
  const example = create('select', { id: freshId() });
  const numbers = checkbox(words.numbers, (isTicked) => {
    areNumbersShown = isTicked;
    show();
  });
  example.addEventListener('change', () => show());
  const open = (count: number) => {
    store.set({ line: Math.max(1, Math.min(stepCount, count)) });
    show();
    spoken.say(list.querySelector('.newest')?.textContent ?? words.reasons.meanAgain);
    list.children[store.state.line - 1]?.scrollIntoView({ block: 'nearest' });
  };
  host.append(
    create('p', {}, words.lead),
    create(
      'div',
      { class: 'buttons' },
      next,
      back,
      all,
      numbers,
      create('label', { class: 'checkbox', for: example.id }, words.example),
      example,
    ),
    create('div', { class: 'columns' }, create('div', {}, list, spoken.element), rule),
    result.element,
  );
  mountGradientCheck(host, page);

  const show = () => {
    const lines = derivationLines(
      page,
      areNumbersShown && picture ? { picture, index: example.selectedIndex } : undefined,
    );
    const { line: count } = store.state;
    list.replaceChildren(...lines.slice(0, count).map((line, i) => lineElement(line, i === count - 1)));
    next.disabled = count === stepCount;
    back.disabled = count === 1;
    all.disabled = count === stepCount;
    rule.hidden = count < CHAIN_RULE_LINE;
    result.element.hidden = count < stepCount;
    result.show(areNumbersShown ? picture : undefined);
  };
  show();
  lesson.subscribe((drawn) => {
    picture = drawn;
    const { length } = drawn.points;
    if (example.length !== length) {
      const options = drawn.points.map((_, i) => create('option', {}, words.exampleNumber(i + 1)));
      example.replaceChildren(...options);
    }
    show();
  }, signal);
}

/** From the line on at which the function is seen to be one of a function. */
const CHAIN_RULE_LINE = 4;

function lineElement({ formula, reason, numbers }: DerivationLine, isNewest: boolean): HTMLElement {
  const item = create('li', isNewest ? { class: 'newest' } : {}, math('block', ...formula), create('p', {}, reason));
  if (numbers) item.append(create('div', { class: 'numbers' }, math('block', ...numbers)));
  return item;
}

/** The mean again, for w and for b; with a picture, its gradient too. */
function conclusion({ text, format }: Page): { element: HTMLElement; show: (picture: Picture | undefined) => void } {
  const words = text.derivation;
  const residual = () => ['(h(', ofExample('x'), ')−', ofExample('y'), ')'];
  const meanOf = (...terms: readonly Formula[]) => [fraction('1', 'm'), sumOverExamples(), ...terms];
  const host = create('div', { class: 'conclusion' });
  const element = create('div', {}, create('h3', {}, words.conclusion), create('p', {}, words.reasons.meanAgain), host);
  element.append(create('p', {}, words.forBias));
  return {
    element,
    show: (picture) => {
      const equals = (value: number | undefined) => (value === undefined ? [] : ['=', format.number(value)]);
      host.replaceChildren(
        math(
          'block',
          partial('L', 'w'),
          '=',
          ...meanOf(residual(), marked(ofExample('x'))),
          ...equals(picture?.gradient.w),
        ),
        math('block', partial('L', 'b'), '=', ...meanOf(residual()), ...equals(picture?.gradient.b)),
      );
    },
  };
}
