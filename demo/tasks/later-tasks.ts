// The tasks of the program and of the sections after it. What they calculate loads when it is asked for.

import type { Page } from '../page/section.js';
import type { Task, TaskCheck } from './task.js';

/** Epochs within which momentum has to arrive in the valley; the fastest cell of the map has fewer. */
export const MOMENTUM_EPOCHS = 30;

/** The valley of that task: plain gradient descent does not arrive in a hundred epochs there. */
const VALLEY = { spread: 'correlated', ratio: 40 } as const;

/** Epochs within which descent has to arrive on the stopping distances; with the features as they are it does not. */
export const OWN_EPOCHS = 40;

/** λ under which h(x) has to leave the picture of section 6: a tenth over the limit of about 2. */
const DIVERGING_RATE = 2.2;

export const LATER_TASKS: readonly Task[] = [
  {
    id: 'program-limit',
    section: 'program',
    start: { spread: 'large' },
    check: { kind: 'number', expected: async () => (await numbers()).limitOfLarge(), tolerance: 0.0005 }, // two digits of a limit near 0.03
  },
  {
    id: 'program-updates',
    section: 'program',
    start: { runs: 'batches', programRate: 0.1 },
    check: { kind: 'number', expected: async () => Math.ceil(1000 / 16), tolerance: 0 },
  },
  {
    id: 'program-momentum',
    section: 'program',
    start: { ...VALLEY, runs: 'optimizers', rates: 'same', programRate: 1 },
    check: { kind: 'reach', watch: watchMomentum },
  },
  { id: 'scale-limit', section: 'scale', start: {}, check: { kind: 'choice', right: 1 } },
  {
    id: 'scale-noise',
    section: 'scale',
    start: {},
    check: { kind: 'number', expected: async () => (await numbers()).halfVariance(), tolerance: 0.002 },
  },
  { id: 'scale-diverge', section: 'scale', start: { rows: 10_000 }, check: { kind: 'reach', watch: watchDivergence } },
  {
    id: 'own-fuel',
    section: 'own',
    start: {},
    check: { kind: 'number', expected: async () => (await numbers()).fuelPerWeight(), tolerance: 0.05 }, // one digit after the point
  },
  { id: 'own-standardize', section: 'own', start: {}, check: { kind: 'choice', right: 0 } },
  { id: 'own-arrive', section: 'own', start: {}, check: { kind: 'reach', watch: watchArrival } },
  {
    id: 'classes-half',
    section: 'classes',
    start: {},
    check: { kind: 'number', expected: async () => 0.5, tolerance: 0 },
  },
  { id: 'classes-apart', section: 'classes', start: { classPreset: 'apart', boundary: [-1, 1, 0] }, check: allRight() },
  { id: 'classes-loop', section: 'classes', start: {}, check: { kind: 'choice', right: 2 } },
  { id: 'noise-degree', section: 'noise', start: { degree: 1 }, check: { kind: 'reach', watch: watchDegree } },
  { id: 'noise-batch', section: 'noise', start: { batch: '1', batchRate: 0.3 }, check: { kind: 'choice', right: 1 } },
];

async function numbers() {
  return import('./later-numbers.js');
}

/** With a λ and a momentum that the reader has chosen, within the epochs that are asked for. */
function watchMomentum({ program, store, signal }: Page, tell: (isReached: boolean) => void): void {
  program.subscribe((picture) => {
    const { spread, ratio, rates, runs } = store.state;
    const isValley = spread === VALLEY.spread && ratio === VALLEY.ratio && rates === 'same' && runs === 'optimizers';
    const run = picture?.runs.find(({ method }) => method === 'momentum');
    if (!picture || !run || !isValley || run.hasDiverged) return tell(false);
    void import('../lesson/program-rates.js').then(({ arrivalOf }) => {
      const arrival = arrivalOf(run.losses, picture.best.loss);
      tell(arrival !== null && arrival <= MOMENTUM_EPOCHS);
    });
  }, signal);
}

function watchDivergence({ scale, store, signal }: Page, tell: (isReached: boolean) => void): void {
  scale.subscribe(({ run }) => {
    if (!run || run.epoch === 0 || store.state.scaleRate > DIVERGING_RATE) return tell(false);
    void import('../lesson/scale-data.js').then(({ hasLeft }) => tell(hasLeft(run.hypothesis, run.settings.shape)));
  }, signal);
}

function watchArrival({ descentOfOwn, signal }: Page, tell: (isReached: boolean) => void): void {
  descentOfOwn.subscribe((state) => {
    const isBraking = state?.result.fileName === 'braking.csv';
    const arrival = state?.arrival ?? null;
    tell(isBraking && arrival !== null && arrival <= OWN_EPOCHS);
  }, signal);
}

function allRight(): TaskCheck {
  return {
    kind: 'reach',
    watch: ({ classes, signal }, tell) => {
      // By steps: the boundary that the task begins with is none that has every point right.
      classes.subscribe(({ accuracy }) => tell(accuracy === 1 && classes.trail.length > 0), signal);
    },
  };
}

function watchDegree({ noise, store, signal }: Page, tell: (isReached: boolean) => void): void {
  const check = () => {
    const { curve } = noise;
    if (!curve) return tell(false);
    const lowest = Math.min(...curve.polynomials.map(({ heldOutLoss }) => heldOutLoss));
    tell(curve.polynomials[store.state.degree - 1]?.heldOutLoss === lowest);
  };
  noise.subscribe(check, signal);
  store.follow(['degree'], check, signal);
}
