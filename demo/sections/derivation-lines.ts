import type { Picture } from '../lesson/line-lesson.js';
import { embraced, type Formula, fraction, lossFormula, marked, partial, squared } from '../page/mathml.js';
import type { Page } from '../page/section.js';

/** A line of the derivation: what it says, why it follows, and the same with the numbers of one example. */
export interface DerivationLine {
  formula: readonly Formula[];
  reason: string;
  numbers: readonly Formula[] | null;
}

/** ∂/∂w of what follows. A function, as an element has one place only. */
const byW = () => fraction('∂', '∂w');

/**
 * The lines in their order, from the loss to (h(x) − y)x. With a picture and the number of an example each has its
 * numbers too: all are known but w, until the derivative by w is taken.
 */
export function derivationLines(
  { text, format }: Page,
  known: { picture: Picture; index: number } | undefined,
): DerivationLine[] {
  const reasons = text.derivation.reasons;
  const half = () => fraction('1', '2');
  const loss = 'L(x)';
  const difference = '(h(x)−y)';
  const numbers = known && numbersOf(known.picture, known.index, (value) => format.number(value));
  return [
    { formula: lossFormula(), reason: reasons.loss, numbers: numbers && ['L=', numbers.loss] },
    {
      formula: [loss, '=', half(), squared(difference)],
      reason: reasons.mean,
      numbers: numbers && [half(), squared(['(', numbers.prediction, '−', numbers.target, ')']), '=', numbers.half],
    },
    {
      formula: [partial(loss, 'w'), '=', byW(), embraced([half(), squared(difference)])],
      reason: reasons.derivative,
      numbers: numbers && [byW(), embraced([half(), squared(['(', ...numbers.inW(), ')'])])],
    },
    {
      formula: ['=', marked(half()), byW(), ['(', squared(difference), ')']],
      reason: reasons.constant,
      numbers: numbers && [half(), byW(), '(', squared(['(', ...numbers.inW(), ')']), ')'],
    },
    {
      formula: ['=', half(), marked(['2', difference]), byW(), difference],
      reason: reasons.outer,
      numbers: numbers && [half(), '·2·', numbers.residual, '·', byW(), '(', ...numbers.inW(), ')'],
    },
    {
      formula: ['=', difference, byW(), difference],
      reason: reasons.cancel,
      numbers: numbers && [numbers.residual, '·', byW(), '(', ...numbers.inW(), ')'],
    },
    {
      formula: ['=', difference, byW(), ['(', marked('wx+b'), '−', 'y)']],
      reason: reasons.hypothesis,
      numbers: numbers && [numbers.residual, '·', byW(), '(', ...numbers.inW(), ')'],
    },
    {
      formula: ['=', difference, marked('x')],
      reason: reasons.inner,
      numbers: numbers && [numbers.residual, '·', numbers.x, '=', numbers.product],
    },
  ].map((line) => ({ ...line, numbers: line.numbers ?? null }));
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
