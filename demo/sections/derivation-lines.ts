import type { Picture } from '../lesson/line-lesson.js';
import {
  boxed,
  embraced,
  type Formula,
  fraction,
  halvedMean,
  leftSide,
  marked,
  partial,
  squared,
  squaredResidual,
  struck,
} from '../page/mathml.js';
import type { Page } from '../page/section.js';

/** A line of the derivation: what it says, why it follows, and the same with the numbers of one example. */
export interface DerivationLine {
  formula: readonly Formula[];
  reason: string;
  numbers: readonly Formula[] | null;
}

/** ∂/∂w of what follows. A function, as an element has one place only. */
const byW = () => fraction('∂', '∂w');

/** The lines by the order in which they open. */
export const MEAN_LINE = 2;
export const CHAIN_RULE_LINE = 4;
const CANCEL_LINE = 6;

/**
 * The lines in their order, from the loss to (h(x) − y)x; `open` of them are shown, and a line says what the next one does
 * to it. With a picture and the number of an example each has its numbers too: all are known but w, until the derivative
 * with respect to w is taken.
 */
export function derivationLines(
  { text, format }: Page,
  open: number,
  known: { picture: Picture; index: number } | undefined,
): DerivationLine[] {
  const reasons = text.derivation.reasons;
  const half = () => fraction('1', '2');
  const difference = '(h(x)−y)';
  const mean = open === MEAN_LINE ? marked(halvedMean()) : halvedMean();
  const cancel = open >= CANCEL_LINE ? struck : (formula: Formula) => formula;
  const equals = () => [leftSide(''), '='] as const;
  const numbers = known && numbersOf(known.picture, known.index, (value) => format.number(value));
  const inW = () => ['(', ...(numbers?.inW() ?? []), ')'];
  const lines: (readonly [keyof typeof reasons, readonly Formula[], readonly Formula[] | undefined])[] = [
    ['loss', [leftSide('L'), '=', mean, squaredResidual()], numbers && ['L=', numbers.loss]],
    [
      'mean',
      [leftSide('L(x)'), '=', half(), squared(difference)],
      numbers && [half(), squared(['(', numbers.prediction, '−', numbers.target, ')']), '=', numbers.half],
    ],
    [
      'derivative',
      [leftSide(partial('L(x)', 'w')), '=', byW(), embraced([half(), squared(difference)])],
      numbers && [byW(), embraced([half(), squared(inW())])],
    ],
    [
      'constant',
      [...equals(), marked(half()), byW(), ['(', squared(difference), ')']],
      numbers && [half(), byW(), '(', squared(inW()), ')'],
    ],
    [
      'outer',
      [...equals(), boxed([cancel(half()), '·', cancel('2'), difference]), byW(), difference],
      numbers && [half(), '·2·', numbers.residual, '·', byW(), ...inW()],
    ],
    ['cancel', [...equals(), difference, byW(), difference], numbers && [numbers.residual, '·', byW(), ...inW()]],
    [
      'hypothesis',
      [...equals(), difference, byW(), ['(', marked('wx+b'), '−', 'y)']],
      numbers && [numbers.residual, '·', byW(), ...inW()],
    ],
    [
      'inner',
      [...equals(), difference, marked('x')],
      numbers && [numbers.residual, '·', numbers.x, '=', numbers.product],
    ],
  ];
  return lines.map(([reason, formula, shown]) => ({ formula, reason: reasons[reason], numbers: shown ?? null }));
}

/** The parts of a line for one example, as words; negative ones in parentheses where they follow an operator. */
function numbersOf({ points, predictions, line, loss }: Picture, index: number, format: (value: number) => string) {
  const { x, y } = points[index] as { x: number; y: number };
  const prediction = predictions[index] as number;
  const inner = (value: number) => (value < 0 ? `(${format(value)})` : format(value));
  return {
    loss: format(loss),
    prediction: format(prediction),
    target: inner(y),
    residual: inner(prediction - y),
    half: format((prediction - y) ** 2 / 2),
    x: inner(x),
    product: format((prediction - y) * x),
    /** x·w + b − y with everything but w as a number. */
    inW: (): Formula[] => [format(x), 'w', '+', inner(line.b), '−', inner(y)],
  };
}
