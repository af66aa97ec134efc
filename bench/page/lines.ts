// What the charts draw, from results: pure functions of numbers.

import { count } from '../../src/node/report/terminal.js';
import { type ArmResult, type BenchResult, libraryOf, OURS, OURS_CPU, type Spread } from '../result.js';

export interface Point {
  rows: number;
  msPerEpoch: Spread;
  /** The slow quarter of the times is the low quarter of the speeds. */
  gigabytesPerSecond: Spread;
}

/** One library over the row counts at which it was measured and correct. */
export interface Line {
  library: string;
  kind: ArmResult['kind'];
  /** The page's own results, or those of a file that they are compared with. */
  source: 'page' | 'file';
  points: Point[];
}

export function linesOf({ cases }: BenchResult, features: number, source: Line['source']): Line[] {
  const lines = new Map<string, Line>();
  const ofWidth = cases.filter((result) => result.features === features).toSorted((a, b) => a.rows - b.rows);
  for (const { rows, results } of ofWidth) {
    for (const arm of results) {
      if (!arm.msPerEpoch || !arm.correct) continue;
      const library = libraryOf(arm);
      const line = lines.get(library) ?? { library, kind: arm.kind, source, points: [] };
      lines.set(library, line);
      line.points.push({
        rows,
        msPerEpoch: arm.msPerEpoch,
        gigabytesPerSecond: speedOf(arm.msPerEpoch, rows, features),
      });
    }
  }
  return [...lines.values()];
}

/** Bytes of X and y in f32, once per epoch. */
function speedOf({ median, q1, q3 }: Spread, rows: number, features: number): Spread {
  const gigabytes = (4 * rows * (features + 1)) / 1e6;
  return { median: gigabytes / median, q1: gigabytes / q3, q3: gigabytes / q1 };
}

export function featureCounts(results: readonly BenchResult[]): number[] {
  const counts = results.flatMap(({ cases }) => cases.map(({ features }) => features));
  return [...new Set(counts)].toSorted((a, b) => a - b);
}

/** The place where our line meets the fastest of the CPU, and who is ahead around it. */
export type Crossover =
  | { kind: 'at'; rows: number; msPerEpoch: number; rival: string }
  | { kind: 'always-faster' | 'always-slower' | 'mixed' | 'too-few' };

/**
 * The number of rows from which our line on WebGPU stays below that of the fastest CPU arm, ours included, straight lines between the points on
 * log axes. Row counts at which one of the two is missing do not count.
 */
export function crossover(lines: readonly Line[]): Crossover {
  const ours = lines.find(({ library }) => library === OURS);
  const pairs = (ours?.points ?? []).flatMap((point) => {
    const rivals = lines
      .filter(({ kind, library }) => kind === 'cpu' || kind === 'peer-cpu' || library === OURS_CPU)
      .flatMap(({ library, points }) =>
        points.filter(({ rows }) => rows === point.rows).map(({ msPerEpoch }) => ({ library, ms: msPerEpoch.median })),
      )
      .toSorted((a, b) => a.ms - b.ms);
    const [rival] = rivals;
    if (!rival) return [];
    return [
      { rows: point.rows, ms: point.msPerEpoch.median, rival, lead: Math.log(rival.ms / point.msPerEpoch.median) },
    ];
  });
  if (pairs.length < 2) return { kind: 'too-few' };
  if (pairs.every(({ lead }) => lead > 0)) return { kind: 'always-faster' };
  if (pairs.every(({ lead }) => lead <= 0)) return { kind: 'always-slower' };
  const last = pairs.findLastIndex(({ lead }) => lead <= 0);
  const [before, after] = [pairs[last], pairs[last + 1]];
  if (!before || !after) return { kind: 'mixed' };
  const share = before.lead / (before.lead - after.lead);
  const between = (from: number, to: number) => Math.exp(Math.log(from) + share * Math.log(to / from));
  return {
    kind: 'at',
    rows: between(before.rows, after.rows),
    msPerEpoch: between(before.ms, after.ms),
    rival: after.rival.library,
  };
}

export function crossoverSentence(found: Crossover, features: number): string {
  const width = `With ${count(features)} ${features === 1 ? 'feature' : 'features'}`;
  switch (found.kind) {
    case 'at':
      return `${width}, webgpu-descent overtakes the fastest library on the CPU (${found.rival}) at about ${roundCount(found.rows)} rows.`;
    case 'always-faster':
      return `No crossover in this range: ${width.toLowerCase()}, webgpu-descent is ahead of every library on the CPU at every size measured.`;
    case 'always-slower':
      return `No crossover in this range: ${width.toLowerCase()}, a library on the CPU is ahead of webgpu-descent at every size measured.`;
    case 'mixed':
      return `No crossover in this range: ${width.toLowerCase()}, webgpu-descent is ahead at some sizes, but not at the largest.`;
    case 'too-few':
      return `${width}, a crossover needs webgpu-descent and a library on the CPU at two row counts or more.`;
  }
}

/** Two digits: an interpolation has no more. */
export function roundCount(rows: number): string {
  return count(Number(rows.toPrecision(2)));
}

/** Powers of ten from `low` to `high`; their doubles and fives too where there would be fewer than three. */
export function logSplits(low: number, high: number): number[] {
  const splits = (factors: readonly number[]) => {
    const found: number[] = [];
    for (let power = Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
      for (const factor of factors) {
        const value = Number(`${factor}e${power}`); // 10 ** −3 is not quite 0.001
        if (value >= low && value <= high) found.push(value);
      }
    }
    return found;
  };
  const decades = splits([1]);
  return decades.length >= 3 ? decades : splits([1, 2, 5]);
}
