// What the page's address holds, so that a link or a reload brings back the same picture.

import { SEED_PROGRAM } from '../../src/index.js';
import { CLASS_PRESETS, CLASS_RANGE, type ClassPoint, MOST_CLASS_POINTS } from '../lesson/class-names.js';
import { MOST_POINTS, PRESETS, type Point } from '../lesson/presets.js';
import { executedAfter } from '../lesson/program-lines.js';
import {
  LARGEST_MOMENTUM,
  LARGEST_RATIO,
  LEAST_RATIO,
  RATE_KINDS,
  RUN_KINDS,
  SPREADS,
} from '../lesson/program-names.js';
import { BATCH_NAMES, FEWEST_EXAMPLES, HIGHEST_DEGREE, LARGEST_NOISE, MOST_EXAMPLES } from '../lesson/noise-names.js';
import { GAPS } from '../lesson/own-names.js';
import { LEAST_ROWS, MOST_ROWS, SCALE_BATCHES, SHAPES } from '../lesson/scale-names.js';
import { taskOf, TASKS } from '../tasks/all-tasks.js';

export type Language = 'ko' | 'en';

/** The colours: the system's, or the ones chosen here. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The sections in their order on the page; the name is also the element's id. */
export const SECTION_IDS = [
  'problem',
  'loss',
  'derivation',
  'step',
  'program',
  'scale',
  'own',
  'classes',
  'noise',
] as const;
export type SectionId = (typeof SECTION_IDS)[number];

/** One value of the state: what it is when the address says nothing, and how the address says it. */
interface Field<Value> {
  default: Value;
  /** undefined for words that mean nothing here. */
  read: (word: string) => Value | undefined;
  write: (value: Value) => string;
}

function oneOf<const Value extends string>(allowed: readonly Value[], byDefault: NoInfer<Value>): Field<Value> {
  return { default: byDefault, read: (word) => allowed.find((value) => value === word), write: String };
}

function numberFrom(low: number, high: number, byDefault: number): Field<number> {
  const read = (word: string) => {
    const value = word.trim() === '' ? Number.NaN : Number(word);
    return value >= low && value <= high ? value : undefined;
  };
  return { default: byDefault, read, write: (value) => String(Number(value.toPrecision(6))) };
}

function wholeFrom(low: number, high: number, byDefault: number): Field<number> {
  const { read } = numberFrom(low, high, byDefault);
  return {
    default: byDefault,
    read: (word) => (Number.isInteger(read(word)) ? read(word) : undefined),
    write: String,
  };
}

/** Points that someone has placed, '1,2;3,4'; none while a preset's own are shown. */
const points: Field<readonly Point[]> = {
  default: [],
  read: (word) => {
    const found = word.split(';').map((pair) => pair.split(',').map(Number));
    const isGood =
      found.length <= MOST_POINTS &&
      found.every((pair) => pair.length === 2 && pair.every((value) => Math.abs(value) <= 1e6));
    return isGood ? found.map(([x = 0, y = 0]) => ({ x, y })) : undefined;
  },
  write: (all) => all.map(({ x, y }) => `${rounded(x)},${rounded(y)}`).join(';'),
};

/** Points of two classes, '1,2,0;3,4,1'; none while a preset's own are shown. */
const classPoints: Field<readonly ClassPoint[]> = {
  default: [],
  read: (word) => {
    if (word === '') return [];
    const found = word.split(';').map((part) => part.split(',').map(Number));
    const [low, high] = CLASS_RANGE;
    const isGood = found.every(
      ([x = NaN, y = NaN, label, ...rest]) =>
        rest.length === 0 && [x, y].every((at) => at >= low && at <= high) && (label === 0 || label === 1),
    );
    const labels = new Set(found.map(([, , label]) => label));
    if (!isGood || labels.size < 2 || found.length > MOST_CLASS_POINTS) return undefined;
    return found.map(([x = 0, y = 0, label]) => ({ x, y, label: label === 1 ? 1 : 0 }));
  },
  write: (all) => all.map(({ x, y, label }) => `${rounded(x)},${rounded(y)},${label}`).join(';'),
};

/** w1, w2 and b of a boundary. */
const boundary: Field<readonly number[]> = {
  default: [-0.6, 0.8, 0.5],
  read: (word) => {
    const found = word.split(',').map(Number);
    return found.length === 3 && found.every((value) => Math.abs(value) <= 1e6) ? found : undefined;
  },
  write: (all) => all.map((value) => String(Number(value.toPrecision(6)))).join(','),
};

/** Names of tasks that the page knows. */
const taskNames: Field<readonly string[]> = {
  default: [],
  read: (word) => {
    const found = word.split(',').filter((part) => part !== '');
    return found.every((name) => taskOf(name) !== undefined) ? found : undefined;
  },
  write: (all) => all.join(','),
};

/** Names from a file, which may hold anything: the characters that an address divides by are written as %26. */
const names: Field<readonly string[]> = {
  default: [],
  read: (word) => {
    try {
      return word
        .split(',')
        .filter((part) => part !== '')
        .map(decodeURIComponent);
    } catch {
      return undefined;
    }
  },
  write: (all) => all.map((name) => name.replace(/[%,&#+=]/g, encodeURIComponent)).join(','),
};

/** A drag ends between two pixels; a hundredth is less than one. */
function rounded(value: number): number {
  return Number(value.toFixed(2));
}

/** Everything in the address. A section that needs another value adds a line. */
export const FIELDS = {
  language: oneOf(['ko', 'en'], browserLanguage()),
  theme: oneOf(THEMES, 'auto'),
  section: oneOf(SECTION_IDS, 'problem'),
  /** The page to read and play, or one section at a time for a projector. */
  view: oneOf(['page', 'presenter'], 'page'),
  /** The task in hand, which sets what the other values are by default; none of them at first. */
  task: oneOf(['', ...TASKS.map(({ id }) => id)], ''),
  /** The tasks that are done. */
  done: taskNames,
  preset: oneOf(
    PRESETS.map(({ id }) => id),
    'line',
  ),
  points,
  w: numberFrom(-1e9, 1e9, -0.5),
  b: numberFrom(-1e9, 1e9, 0.5),
  /** Number of lines of the derivation that are open. */
  line: wholeFrom(1, 9, 1),
  /** The parameters that a step moves. */
  moves: oneOf(['w', 'both'], 'w'),
  /** λ of the step. */
  rate: numberFrom(1e-4, 100, 0.1),
  /** The source of the program's features, and the seed of them and of the start. */
  spread: oneOf(SPREADS, 'centered'),
  seed: wholeFrom(0, 2 ** 32, 7),
  /** λ of the program, which the slides set to 1. */
  programRate: numberFrom(1e-4, 100, 1),
  runs: oneOf(RUN_KINDS, 'one'),
  /** H_max/H_min where x1 and x2 are alike, the momentum of the comparison, and which λ each optimizer has there. */
  ratio: numberFrom(LEAST_RATIO, LARGEST_RATIO, 9),
  momentum: numberFrom(0, LARGEST_MOMENTUM, 0.9),
  rates: oneOf(RATE_KINDS, 'own'),
  /** Lines of the program that are executed: those of 100 epochs at most. */
  at: wholeFrom(0, executedAfter(SEED_PROGRAM.epochs), 0),
  /** The axis of the loss. */
  axis: oneOf(['log', 'linear'], 'log'),
  /** The shape of h(x) in section 6, and the turn of the picture of a plane, in degrees. */
  shape: oneOf(SHAPES, 'line'),
  turn: wholeFrom(-180, 180, 30),
  /** m of section 6, its λ, and what draws its data and start. */
  rows: wholeFrom(LEAST_ROWS, MOST_ROWS, 100_000),
  scaleRate: numberFrom(1e-4, 100, 0.1),
  scaleSeed: wholeFrom(0, 2 ** 32, 3),
  /** The examples of an update there. */
  scaleBatch: oneOf(SCALE_BATCHES, 'all'),
  /** Epochs to a frame: one, to watch, or as many as there is time for. */
  pace: oneOf(['one', 'full'], 'one'),
  /** Columns of the reader's own file, as far as it has them; where there are none the page chooses. */
  features: names,
  target: names,
  /** The feature along x of the picture of several; where there is none, the prediction. */
  across: names,
  /** The loss that the reader's own fit minimises, where the target is 0 and 1. */
  fitLoss: oneOf(['squared', 'logistic'], 'squared'),
  /** Rows with gaps, and whether the features are standardised where descent is played on them. */
  gaps: oneOf(GAPS, 'error'),
  scaled: oneOf(['no', 'yes'], 'no'),
  /** λ there, as a share of its limit, which may be any power of ten. */
  rateShare: numberFrom(0.01, 1.2, 0.9),
  /** Section 8: its points, the weights and the bias of the boundary, and λ. */
  classPreset: oneOf(CLASS_PRESETS, 'mixed'),
  classPoints,
  boundary,
  classRate: numberFrom(1e-4, 100, 1),
  /** Section 9: the noise and what draws it, the polynomial and its examples, the batches and their λ. */
  noiseSigma: numberFrom(0, LARGEST_NOISE, 0.3),
  noiseSeed: wholeFrom(0, 2 ** 32, 5),
  degree: wholeFrom(1, HIGHEST_DEGREE, 1),
  examples: wholeFrom(FEWEST_EXAMPLES, MOST_EXAMPLES, 14),
  batch: oneOf(BATCH_NAMES, 'full'),
  batchRate: numberFrom(1e-4, 100, 0.2),
} as const;

export type PageState = { [Name in keyof typeof FIELDS]: (typeof FIELDS)[Name]['default'] };

const NAMES = Object.keys(FIELDS) as (keyof PageState)[];

/** The browser's first language that the page speaks; English where it speaks none of them. */
function browserLanguage(): Language {
  const { languages = [] } = (globalThis.navigator as Navigator | undefined) ?? {}; // Node 20 has none
  const spoken = languages.map((language) => language.slice(0, 2));
  return spoken.find((language) => language === 'ko' || language === 'en') ?? 'en';
}

/** '#language=ko&section=step&rate=0.5': what differs from the default, and the language, which differs by browser. */
export function toHash(state: PageState): string {
  const byDefault = startOf(state.task);
  const words = NAMES.flatMap((name) => {
    const word = written(state, name);
    const isDefault = name !== 'task' && word === written(byDefault, name);
    return (isDefault && name !== 'language') || (name === 'task' && word === '') ? [] : [`${name}=${encodeURI(word)}`];
  });
  return `#${words.join('&')}`;
}

/**
 * Reads an address. What is missing has its default, or what the task of the address begins with; what means nothing is
 * left out and named in `unknown`.
 */
export function fromHash(hash: string): { state: PageState; unknown: string[] } {
  const unknown: string[] = [];
  const found = [...new URLSearchParams(hash.replace(/^#/, ''))].flatMap(([name, word]) => {
    const value = isName(name) ? FIELDS[name].read(word) : undefined;
    if (value !== undefined) return [[name, value] as const];
    unknown.push(`${name}=${word}`);
    return [];
  });
  const changes: Partial<PageState> = Object.fromEntries(found);
  return { state: { ...startOf(changes.task ?? ''), ...changes }, unknown };
}

/** The state in which a task begins; without a task, that of the page. */
export function startOf(id: string): PageState {
  const task = taskOf(id);
  return { ...defaultState(), ...(task && { ...task.start, section: task.section, task: id }) };
}

function isName(name: string): name is keyof PageState {
  return Object.hasOwn(FIELDS, name);
}

export function defaultState(): PageState {
  return Object.fromEntries(NAMES.map((name) => [name, FIELDS[name].default])) as unknown as PageState;
}

function written(state: PageState, name: keyof PageState): string {
  const field: Pick<Field<never>, 'write'> = FIELDS[name];
  return field.write(state[name] as never);
}
