// What the page's address holds, so that a link or a reload brings back the same choices.

import { type BenchCase, CASES, caseName, parseCases, QUICK_CASES } from '../cases.js';
import { type EffortName, EFFORTS } from '../effort.js';

export interface PageState {
  cases: readonly BenchCase[];
  /** Names of libraries. */
  arms: readonly string[];
  effort: EffortName;
  /** The feature count of the charts; null takes the first that has results. */
  chartFeatures: number | null;
}

/** Rows alone grow, so that the charts have a line and can show where the GPU begins to win. */
export const SWEEP: readonly BenchCase[] = [1e3, 1e4, 1e5, 1e6].map((rows) => ({ rows, features: 2 }));

/** Sets of cases to choose by one press. */
export const PRESETS = { sweep: SWEEP, quick: QUICK_CASES, standard: CASES } as const;

/** Neither needs anything that is not on the page already. */
export const DEFAULT_ARMS: readonly string[] = ['webgpu-descent', 'plain JS loop'];

export const DEFAULT_STATE: PageState = { cases: SWEEP, arms: DEFAULT_ARMS, effort: 'full', chartFeatures: null };

/** Every case that has a box on the page: the known ones and those of the state, narrow before wide. */
export function listedCases(chosen: readonly BenchCase[]): BenchCase[] {
  const byName = new Map([...SWEEP, ...CASES, ...chosen].map((size) => [caseName(size), size]));
  return [...byName.values()].toSorted((a, b) => a.features - b.features || a.rows - b.rows);
}

/** '#cases=1000x2,10000x2&arms=webgpu-descent&effort=full' */
export function toHash({ cases, arms, effort, chartFeatures }: PageState): string {
  const parameters = new URLSearchParams({
    cases: cases.map(caseName).join(','),
    arms: arms.join(','),
    effort,
    ...(chartFeatures === null ? {} : { features: String(chartFeatures) }),
  });
  return `#${parameters.toString().replaceAll('%2C', ',')}`;
}

/** Reads an address. What is missing has its default; what nobody knows is left out and named in `problems`. */
export function fromHash(hash: string, libraries: readonly string[]): { state: PageState; problems: string[] } {
  const parameters = new URLSearchParams(hash.replace(/^#/, ''));
  const problems: string[] = [];
  const words = (name: string) => parameters.get(name)?.split(',').filter(Boolean);
  const cases = words('cases')?.flatMap((word) => {
    try {
      return parseCases(word);
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
      return [];
    }
  });
  const arms = words('arms')?.filter((name) => {
    if (libraries.includes(name)) return true;
    problems.push(`unknown library '${name}'; expected some of ${libraries.join(', ')}`);
    return false;
  });
  const features = Number(parameters.get('features') ?? NaN);
  const effort = parameters.get('effort') ?? DEFAULT_STATE.effort;
  if (!isEffort(effort)) problems.push(`unknown effort '${effort}'; expected ${Object.keys(EFFORTS).join(' or ')}`);
  const state = {
    cases: cases ?? DEFAULT_STATE.cases,
    arms: arms ?? DEFAULT_STATE.arms,
    effort: isEffort(effort) ? effort : DEFAULT_STATE.effort,
    chartFeatures: Number.isSafeInteger(features) && features >= 1 ? features : null,
  };
  return { state, problems };
}

export function isEffort(word: string): word is EffortName {
  return Object.hasOwn(EFFORTS, word);
}
