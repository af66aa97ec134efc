import { type Formula, fraction, math, partial, sub } from '../page/mathml.js';
import type { Variable } from '../lesson/program-lines.js';

const w = (index: '1' | '2') => sub('w', index);
const x = (index: '1' | '2') => sub('x', index);

/** The formula that a line of the program is; null for lines that are none. Those of the slides, for two features. */
export function formulaOf(variable: Variable | null): MathMLElement | null {
  switch (variable) {
    case 'y_predict':
      return math('inline', 'h(x)=', w('1'), x('1'), '+', w('2'), x('2'), '+', 'b');
    case 'w1':
      return updateOf(() => w('1'), x('1'));
    case 'w2':
      return updateOf(() => w('2'), x('2'));
    case 'b':
      return updateOf(() => 'b', null);
    default:
      return null;
  }
}

/** w ← w − λ ∂L/∂w, and ∂L/∂w as the derivation found it. */
function updateOf(parameter: () => Formula, feature: Formula | null): MathMLElement {
  const slope = () => {
    const made = partial('L', parameter());
    made.classList.add('derivative');
    return made;
  };
  const product = feature === null ? [] : [feature];
  return math(
    'inline',
    ...[parameter(), '←', parameter(), '−', 'λ', slope(), ','],
    ...[slope(), '=', fraction('1', 'm'), '∑(h(x)−y)', ...product],
  );
}
