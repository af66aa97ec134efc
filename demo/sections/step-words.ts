// What λ makes of the steps, in numbers and in words.

import type { Curvature, Line } from '../lesson/calculate.js';
import type { Formula } from '../page/mathml.js';
import type { RateMark } from '../page/rate-slider.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';

/** The curvature along the steepest and the flattest of the directions in which a step can go. */
export interface CurvatureRange {
  largest: number;
  smallest: number;
}

/** A direction that is flatter than the steepest one by this factor has no slope: no step goes there. */
const LEVEL = 1e-12;

export function curvatureRange({ w, largest, smallest }: Curvature, moves: PageState['moves']): CurvatureRange {
  if (moves === 'w') return { largest: w, smallest: w };
  return { largest, smallest: smallest <= LEVEL * largest ? largest : smallest };
}

/** The factor by which a step changes the distance to the lowest point, in the direction in which it does least for it. */
export function factorOf(rate: number, { largest, smallest }: CurvatureRange): number {
  const [steep, flat] = [1 - rate * largest, 1 - rate * smallest];
  return Math.abs(steep) >= Math.abs(flat) ? steep : flat;
}

/** The fastest λ, and its limit; a level curve has neither. */
export function rateMarks({ largest, smallest }: CurvatureRange): RateMark[] {
  if (largest === 0) return [];
  return [
    { kind: 'best', rate: 2 / (largest + smallest) },
    { kind: 'limit', rate: 2 / largest },
  ];
}

/** A rate within this share of another is that one: the slider has no finer steps. */
const SAME_RATE = 0.01;

export function verdict(
  { text, format }: Page,
  rate: number,
  range: CurvatureRange,
  gradient: Line,
  moves: PageState['moves'],
): string {
  const words = text.step.verdicts;
  if (range.largest === 0) return words.level;
  const slope = moves === 'both' ? Math.hypot(gradient.w, gradient.b) : Math.abs(gradient.w);
  if (slope < FLATTEST) return words.atRest;
  const factor = factorOf(rate, range);
  const shown = format.number(Math.abs(factor));
  const percent = format.number(100 * Math.abs(factor), 0);
  const limit = format.significant(2 / range.largest);
  if (rate * range.largest >= 2) return words.diverges(limit, shown);
  if (Math.abs(factor) < SAME_RATE) return words.arrives;
  if (rate * range.largest > 1 + SAME_RATE) return words.overshoots(percent);
  return words.approaches(percent);
}

/** A slope that moves nothing which the page shows. */
const FLATTEST = 1e-6;

/** w ← −0.5 − 0.1 · (−2.1) = −0.29 */
export function substituted(
  name: 'w' | 'b',
  value: number,
  rate: number,
  slope: number,
  format: (value: number) => string,
): Formula[] {
  const inner = slope < 0 ? `(${format(slope)})` : format(slope);
  const next = format(value - rate * slope);
  return [`${name}←`, format(value), '−', String(Number(rate.toPrecision(3))), '·', inner, '=', next];
}
