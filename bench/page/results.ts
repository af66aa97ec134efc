import { count } from '../../src/node/report/terminal.js';
import type { BenchResult } from '../result.js';
import { type ChartContent, drawChart } from './chart.js';
import { create, element } from '../../pages/dom.js';
import { type Crossover, crossover, featureCounts, type Line, linesOf, roundCount } from './lines.js';
import { caseTables } from './tables.js';
import { text } from './text.js';

export interface Shown {
  /** The result that this page has measured. */
  own: BenchResult | null;
  /** The result that a file holds. */
  file: BenchResult | null;
}

const section = element('results', HTMLElement);
const select = element('features', HTMLSelectElement);
const sentences = element('crossover', HTMLElement);
const timeHost = element('time-chart', HTMLElement);
const speedHost = element('speed-chart', HTMLElement);
let clear: (() => void)[] = [];

/** Shows everything anew: tables of all cases, and charts for one feature count, the wanted one where there is such. */
export function showResults({ own, file }: Shown, wantedFeatures: number | null): void {
  const results = [own, file].filter((result) => result !== null);
  section.hidden = results.length === 0;
  element('tables', HTMLElement).replaceChildren(...caseTables(own, file));
  const counts = featureCounts(results);
  const features = counts.find((found) => found === wantedFeatures) ?? counts[0];
  select.replaceChildren(
    ...counts.map((found) => create('option', { value: String(found) }, text.features(count(found), found === 1))),
  );
  clear.forEach((remove) => remove());
  clear = [];
  if (features === undefined) return;
  select.value = String(features);
  const ownLines = own ? linesOf(own, features, 'page') : [];
  const fileLines = file ? linesOf(file, features, 'file') : [];
  const lines = [...ownLines, ...fileLines];
  const crossovers = [
    { lines: ownLines, say: (words: string) => words, name: (words: string) => words },
    { lines: fileLines, say: text.ofFile, name: text.fromFile },
  ].flatMap((side) => (side.lines.length > 0 ? [{ ...side, found: crossover(side.lines) }] : []));
  sentences.replaceChildren(
    ...crossovers.map(({ say, found }) => create('p', {}, say(text.crossover(found, features)))),
  );
  element('charts', HTMLElement).hidden = lines.length === 0;
  if (lines.length === 0) return;
  const levels = [levelOf(own, (words) => words), levelOf(file, text.fromFile)].filter((level) => level !== null);
  clear = [
    chart(timeHost, {
      lines,
      value: ({ msPerEpoch }) => msPerEpoch,
      valueName: text.heads.msPerEpoch,
      levels: [],
      marks: crossovers.flatMap(({ found, name }) => marksOf(found, name)),
    }),
    chart(speedHost, {
      lines,
      value: ({ gigabytesPerSecond }) => gigabytesPerSecond,
      valueName: text.heads.speed,
      levels,
      marks: [],
    }),
  ];
}

function chart(host: HTMLElement, content: ChartContent): () => void {
  const names = content.lines.map(nameOf).join(', ');
  host.ariaLabel = text.chart(content.valueName, names);
  return drawChart(host, content);
}

function nameOf({ library, source }: Line): string {
  return source === 'file' ? text.fromFile(library) : library;
}

function levelOf(result: BenchResult | null, name: (words: string) => string) {
  const speed = result?.environment.copyGigabytesPerSecond;
  return speed ? { value: speed, name: name(text.copyLevel(speed.toPrecision(3))) } : null;
}

function marksOf(found: Crossover, name: (words: string) => string): ChartContent['marks'] {
  if (found.kind !== 'at') return [];
  const words = name(text.crossoverAt(roundCount(found.rows)));
  return [{ rows: found.rows, value: found.msPerEpoch, name: words }];
}
