import { curvatureOf, datasetOf, gradientAt, type Line, lossesOf, momentsOf, stepFrom } from '../lesson/calculate.js';
import type { Picture } from '../lesson/line-lesson.js';
import { type Point, presetOf } from '../lesson/presets.js';
import type { Page } from '../page/section.js';
import type { Task, TaskCheck } from './task.js';

/** The line x + 2 meets both; 1/m Σ x² is 1. */
const TWO_POINTS: readonly Point[] = [
  { x: -1, y: 1 },
  { x: 1, y: 3 },
];

const ONE_POINT: readonly Point[] = [{ x: 2, y: 1 }];

/** The loss that is asked for by hand: twice the least one of these points, which is 0.026. */
const LOSS_BY_HAND = 0.05;

/** The distance to the lowest point of a curve that a hand and the sliders' hundredths reach. */
const NEAR = 0.02;

/** A number that the page shows to three digits after the point is right to two of them. */
const TWO_PLACES = 0.005;

const byHand = { preset: 'line', w: -0.5, b: 0.5 } as const;
const atZero = { points: TWO_POINTS, w: 0, b: 0 } as const;

/** The tasks of sections 1 to 4, from the mathematics of each. */
export const LINE_TASKS: readonly Task[] = [
  { id: 'problem-fit', section: 'problem', start: byHand, check: reached(({ loss }) => loss < LOSS_BY_HAND) },
  {
    id: 'problem-loss',
    section: 'problem',
    start: { preset: 'two', w: 0, b: 0 },
    check: { kind: 'number', expected: () => lossAt(presetOf('two').points, { w: 0.5, b: 0 }), tolerance: TWO_PLACES },
  },
  { id: 'problem-double', section: 'problem', start: byHand, check: { kind: 'choice', right: 2 } },
  { id: 'loss-lowest', section: 'loss', start: byHand, check: reached(isLowestOverW) },
  {
    id: 'loss-vertex',
    section: 'loss',
    start: atZero,
    check: { kind: 'number', expected: () => lowestW(TWO_POINTS, { w: 0, b: 0 }), tolerance: NEAR },
  },
  { id: 'loss-tilt', section: 'loss', start: { preset: 'far', w: 1, b: -3 }, check: { kind: 'choice', right: 2 } },
  {
    id: 'derivation-one',
    section: 'derivation',
    start: { points: ONE_POINT, w: 0.5, b: 1, line: 9 },
    check: { kind: 'number', expected: () => slopeAt(ONE_POINT, { w: 0.5, b: 1 }), tolerance: TWO_PLACES },
  },
  { id: 'derivation-half', section: 'derivation', start: {}, check: { kind: 'choice', right: 1 } },
  { id: 'derivation-sign', section: 'derivation', start: {}, check: { kind: 'choice', right: 0 } },
  {
    id: 'step-next',
    section: 'step',
    start: { ...atZero, rate: 0.5 },
    check: { kind: 'number', expected: () => nextW(TWO_POINTS, { w: 0, b: 0 }, 0.5), tolerance: TWO_PLACES },
  },
  {
    id: 'step-limit',
    section: 'step',
    start: { preset: 'far', w: -0.5, b: 0.5 },
    // Two digits of a limit near 0.2 are asked for.
    check: { kind: 'number', expected: () => limitOverW(presetOf('far').points), tolerance: TWO_PLACES },
  },
  { id: 'step-once', section: 'step', start: { ...byHand, rate: 0.1 }, check: { kind: 'reach', watch: watchOneStep } },
];

function reached(isReached: (picture: Picture) => boolean): TaskCheck {
  return {
    kind: 'reach',
    watch: ({ lesson, signal }, tell) => lesson.subscribe((picture) => tell(isReached(picture)), signal),
  };
}

/** True if w is that of the lowest point of its curve, with b as it was at the start. */
function isLowestOverW({ line, curves }: Picture): boolean {
  return line.b === byHand.b && Math.abs(line.w - curves.w.lowest.position) < NEAR;
}

/** One step, and no more, to the lowest point. */
function watchOneStep({ lesson, descent, signal }: Page, tell: (isReached: boolean) => void): void {
  lesson.subscribe((picture) => tell(descent.trail.length === 1 && isLowestOverW(picture)), signal);
}

async function lossAt(points: readonly Point[], line: Line): Promise<number> {
  const [loss = Number.NaN] = await lossesOf(datasetOf(points), [line]);
  return loss;
}

async function slopeAt(points: readonly Point[], line: Line): Promise<number> {
  return gradientAt(await momentsOf(datasetOf(points)), line).w;
}

async function nextW(points: readonly Point[], line: Line, rate: number): Promise<number> {
  return (await stepFrom(datasetOf(points), line, rate)).w;
}

/** The slope of a parabola falls by its curvature with every unit. */
async function lowestW(points: readonly Point[], line: Line): Promise<number> {
  const moments = await momentsOf(datasetOf(points));
  return line.w - gradientAt(moments, line).w / curvatureOf(moments).w;
}

async function limitOverW(points: readonly Point[]): Promise<number> {
  return 2 / curvatureOf(await momentsOf(datasetOf(points))).w;
}
