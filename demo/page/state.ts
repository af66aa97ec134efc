// What the page's address holds, so that a link or a reload brings back the same picture.

import { SEED_PROGRAM } from '../../src/index.js';
import { PRESETS, type Point } from '../lesson/presets.js';
import { executedAfter } from '../lesson/program-lines.js';
import { RUN_KINDS, SPREADS } from '../lesson/program-runs.js';
import { LEAST_ROWS, MOST_ROWS, SHAPES } from '../lesson/scale-data.js';

export type Language = 'ko' | 'en';

/** Which colours: the system's, or the ones chosen here. */
export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** The sections in their order on the page; the name is also the element's id. */
export const SECTION_IDS = ['problem', 'loss', 'derivation', 'step', 'program', 'scale', 'own'] as const;
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
    const isGood = found.every((pair) => pair.length === 2 && pair.every((value) => Math.abs(value) <= 1e6));
    return isGood ? found.map(([x = 0, y = 0]) => ({ x, y })) : undefined;
  },
  write: (all) => all.map(({ x, y }) => `${rounded(x)},${rounded(y)}`).join(';'),
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
  preset: oneOf(
    PRESETS.map(({ id }) => id),
    'line',
  ),
  points,
  w: numberFrom(-1e9, 1e9, -0.5),
  b: numberFrom(-1e9, 1e9, 0.5),
  /** How many lines of the derivation are open. */
  line: wholeFrom(1, 9, 1),
  /** What a step moves. */
  moves: oneOf(['w', 'both'], 'w'),
  /** λ of the step. */
  rate: numberFrom(1e-4, 100, 0.1),
  /** Where the features of the program come from, and what draws them and the start. */
  spread: oneOf(SPREADS, 'centered'),
  seed: wholeFrom(0, 2 ** 32, 7),
  /** λ of the program, which the slides set to 1. */
  programRate: numberFrom(1e-4, 100, 1),
  runs: oneOf(RUN_KINDS, 'one'),
  /** Lines of the program that are executed: those of 100 epochs at most. */
  at: wholeFrom(0, executedAfter(SEED_PROGRAM.epochs), 0),
  /** The axis of the loss. */
  axis: oneOf(['log', 'linear'], 'log'),
  /** What h(x) of section 6 is, and how far the picture of a plane is turned, in degrees. */
  shape: oneOf(SHAPES, 'line'),
  turn: wholeFrom(-180, 180, 30),
  /** m of section 6, its λ, and what draws its data and start. */
  rows: wholeFrom(LEAST_ROWS, MOST_ROWS, 100_000),
  scaleRate: numberFrom(1e-4, 100, 0.1),
  scaleSeed: wholeFrom(0, 2 ** 32, 3),
  /** Epochs to a frame: one, to watch, or as many as there is time for. */
  pace: oneOf(['one', 'full'], 'one'),
  /** Columns of the reader's own file, as far as it has them; where there are none the page chooses. */
  features: names,
  target: names,
  /** The feature along x of the picture of several; where there is none, the prediction. */
  across: names,
  /** What the reader's own fit minimises, where the target is 0 and 1. */
  fitLoss: oneOf(['squared', 'logistic'], 'squared'),
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
  const words = NAMES.flatMap((name) => {
    const word = written(state, name);
    const isDefault = word === written(defaultState(), name);
    return isDefault && name !== 'language' ? [] : [`${name}=${encodeURI(word)}`];
  });
  return `#${words.join('&')}`;
}

/** Reads an address. What is missing has its default; what means nothing is left out and named in `unknown`. */
export function fromHash(hash: string): { state: PageState; unknown: string[] } {
  const unknown: string[] = [];
  const found = [...new URLSearchParams(hash.replace(/^#/, ''))].flatMap(([name, word]) => {
    const value = isName(name) ? FIELDS[name].read(word) : undefined;
    if (value !== undefined) return [[name, value] as const];
    unknown.push(`${name}=${word}`);
    return [];
  });
  return { state: { ...defaultState(), ...Object.fromEntries(found) }, unknown };
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
