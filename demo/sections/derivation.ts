// 3. The derivation: ∂L/∂w by the chain rule, a line at a time, and a check by differences.

import { create } from '../../pages/dom.js';
import type { Picture } from '../lesson/line-lesson.js';
import { allow, announcer, button, checkbox, freshId } from '../page/controls.js';
import { whileInView } from '../page/in-view.js';
import { type Formula, fraction, math, marked, ofExample, partial, squared, sumOverExamples } from '../page/mathml.js';
import type { Page } from '../page/section.js';
import { stage } from '../page/stage.js';
import { CHAIN_RULE_LINE, derivationLines, type DerivationLine } from './derivation-lines.js';
import { mountGradientCheck } from './gradient-check.js';

export function mountDerivation(host: HTMLElement, page: Page): void {
  const { text, store, lesson, presenter, signal } = page;
  const words = text.derivation;
  let picture: Picture | undefined;

  const spoken = announcer();
  const list = create('ol', { class: 'derivation' });
  const rule = chainRule(page);
  const result = conclusion(page);
  const stepCount = derivationLines(page, 1, undefined).length + 1; // the lines, and the conclusion
  const open = (count: number) => {
    const before = store.state.line;
    holdStill(turn.element);
    store.set({ line: Math.max(1, Math.min(stepCount, count)) });
    const newest = list.children[store.state.line - 1] ?? result.element;
    spoken.say(newest.textContent);
    newest.scrollIntoView({ block: 'nearest' });
    return store.state.line !== before;
  };
  const turn = turnButtons(page, stepCount, open);
  const numbers = numbersChoice(page, () => show());
  presenter.register('derivation', {
    next: () => open(store.state.line + 1),
    back: () => open(store.state.line - 1),
  });
  const lines = create('div', { class: 'lines' }, list, result.element, spoken.element);
  host.append(
    create('p', { class: 'lead' }, words.lead),
    stage({ pictures: [lines], controls: [turn.element, numbers.element, rule] }),
  );
  mountGradientCheck(host, page);

  const show = () => {
    const { line: count } = store.state;
    const index = numbers.example();
    const known = picture && index !== undefined ? { picture, index } : undefined;
    list.replaceChildren(...derivationLines(page, count, known).map((line, i) => lineElement(line, i + 1, count)));
    turn.show(count);
    rule.hidden = count < CHAIN_RULE_LINE;
    result.element.hidden = count < stepCount;
    result.show(known?.picture);
  };
  show();
  const drawing = whileInView(lines, show, signal);
  store.subscribe((state, before) => {
    if (state.line !== before.line) show();
  }, signal);
  lesson.subscribe((drawn) => {
    picture = drawn;
    numbers.offer(drawn.points.length);
    if (numbers.example() !== undefined) drawing.request();
  }, signal);
}

/** Opens lines, and closes them. */
function turnButtons({ text, store }: Page, stepCount: number, open: (count: number) => void) {
  const words = text.derivation;
  const next = button(words.next, () => open(store.state.line + 1), 'primary');
  const back = button(words.back, () => open(store.state.line - 1));
  const all = button(words.all, () => open(stepCount));
  const reset = button(text.reset, () => open(1));
  return {
    element: create('div', { class: 'buttons turn' }, next, back, all, reset),
    show: (count: number) => {
      allow(count < stepCount, next, all);
      allow(count > 1, back, reset);
    },
  };
}

/** The choice of the example whose numbers are put in, if any; `onChange` is called after it is made. */
function numbersChoice({ text }: Page, onChange: () => void) {
  const words = text.derivation;
  const chooser = create('select', { id: freshId() });
  let areShown = false;
  const box = checkbox(words.numbers, (isTicked) => {
    areShown = isTicked;
    onChange();
  });
  chooser.addEventListener('change', onChange);
  return {
    element: create(
      'div',
      { class: 'buttons' },
      box,
      create('label', { class: 'checkbox', for: chooser.id }, words.example),
      chooser,
    ),
    /** The place of the example in hand, where numbers are asked for. */
    example: () => (areShown ? chooser.selectedIndex : undefined),
    offer: (count: number) => {
      if (chooser.length === count) return;
      const chosen = Math.max(0, Math.min(chooser.selectedIndex, count - 1));
      const options = Array.from({ length: count }, (_, i) => create('option', {}, words.exampleNumber(i + 1)));
      chooser.replaceChildren(...options);
      chooser.selectedIndex = chosen;
    },
  };
}

/** The lowest place at which a panel sticks, as a share of the window: what is below it has to be seen too. */
const LOWEST_SHARE = 0.5;

/** Lets the panel of a button stick where it is now, so that the next press hits it although the page scrolls by a line. */
function holdStill(pressed: HTMLElement): void {
  const panel = pressed.closest<HTMLElement>('.panel');
  const top = panel?.getBoundingClientRect().top ?? 0;
  if (top > 0) panel?.style.setProperty('top', `${Math.min(top, LOWEST_SHARE * innerHeight)}px`);
}

/** z = f(g(w)), and what f and g are here. */
function chainRule({ text }: Page): HTMLElement {
  const words = text.derivation;
  const reference = create('a', { href: words.reference.href, rel: 'noreferrer' }, words.reference.label);
  return create(
    'aside',
    {},
    create('h3', {}, words.chainRule),
    math('block', 'z=f(g(w))'),
    math('block', fraction('dz', 'dw'), '=', ['f', '′'], '(g(w))', '·', ['g', '′'], '(w)'),
    create('p', {}, words.chainRuleHere),
    math('block', 'f(u)=', squared('u')),
    math('block', 'g(w)=h(x)−y'),
    create('p', { class: 'note' }, reference),
  );
}

/** All lines are there, for print; those that are not open yet are hidden. */
function lineElement({ formula, reason, numbers }: DerivationLine, line: number, open: number): HTMLElement {
  const item = create('li', line === open ? { class: 'newest' } : {}, math('block', ...formula));
  item.append(create('p', {}, reason));
  if (numbers) item.append(create('div', { class: 'numbers' }, math('block', ...numbers)));
  item.hidden = line > open;
  return item;
}

/** The mean again, for w and for b; with a picture, its gradient too. */
function conclusion({ text, format }: Page): { element: HTMLElement; show: (picture: Picture | undefined) => void } {
  const words = text.derivation;
  const residual = () => ['(h(', ofExample('x'), ')−', ofExample('y'), ')'];
  const meanOf = (...terms: readonly Formula[]) => [fraction('1', 'm'), sumOverExamples(), ...terms];
  const host = create('div', {});
  const element = create(
    'div',
    { class: 'conclusion' },
    create('h3', {}, words.conclusion),
    create('p', {}, words.reasons.meanAgain),
    host,
    create('p', {}, words.forBias),
  );
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
