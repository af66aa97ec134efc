import { DescentError } from '../../base/errors.js';

/** A feature before powers and products are added: one of numbers, or one of 0 and 1. */
export interface BaseFeature {
  name: string;
  /** Index of its column in the table. */
  column: number;
  /** True if it holds 0 and 1 only, so that its square is itself. */
  isIndicator: boolean;
}

/** A product of features: their indices, in rising order; an index that occurs twice is a square. */
export type Term = readonly number[];

/** So many features are a matrix of their products that no machine solves. */
const MOST_TERMS = 10_000;

/**
 * All products of 2 to `degree` features. The square of 0 and 1 is itself, and two levels of one category never are 1 at
 * once: such products are left out.
 */
export function termsOf(base: readonly BaseFeature[], degree: number): Term[] {
  const terms: number[][] = [];
  let last: number[][] = base.map((_, j) => [j]);
  for (let size = 2; size <= degree; size++) {
    last = last.flatMap((term) => {
      const from = term.at(-1) as number;
      const next: number[][] = [];
      for (let j = from; j < base.length; j++) if (isNew(base, term, j)) next.push([...term, j]);
      if (terms.length + next.length > MOST_TERMS) throw tooMany(base.length, degree);
      return next;
    });
    terms.push(...last);
    if (terms.length > MOST_TERMS) throw tooMany(base.length, degree);
  }
  return terms;
}

function isNew(base: readonly BaseFeature[], term: Term, j: number): boolean {
  const { isIndicator, column } = base[j] as BaseFeature;
  return !isIndicator || !term.some((k) => base[k]?.column === column);
}

/** Names such as area^2 and area*rooms. */
export function polynomialNames(base: readonly BaseFeature[], terms: readonly Term[]): string[] {
  return terms.map((term) =>
    [...new Set(term)]
      .map((j) => {
        const power = term.filter((k) => k === j).length;
        return `${base[j]?.name}${power > 1 ? `^${power}` : ''}`;
      })
      .join('*'),
  );
}

function tooMany(count: number, degree: number): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `polynomial ${degree} of ${count} features, which makes more than ${MOST_TERMS} products`,
    expected: 'fewer products',
    fix: 'Choose a lower degree, or fewer features.',
    where: { option: 'polynomial' },
  });
}
