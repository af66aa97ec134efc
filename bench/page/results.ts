import { count } from '../../src/node/report/terminal.js';
import type { BenchResult } from '../result.js';
import { type ChartContent, drawChart } from './chart.js';
import { create, element } from '../../pages/dom.js';
import {
  type Crossover,
  crossover,
  crossoverSentence,
  featureCounts,
  type Line,
  linesOf,
  roundCount,
} from './lines.js';
import { caseTables } from './tables.js';

export interface Shown {
  /** What this page has measured. */
  own: BenchResult | null;
  /** What a file holds. */
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
    ...counts.map((found) => create('option', { value: String(found) }, `${count(found)} features`)),
  );
  clear.forEach((remove) => remove());
  clear = [];
  if (features === undefined) return;
  select.value = String(features);
  const ownLines = own ? linesOf(own, features, 'page') : [];
  const fileLines = file ? linesOf(file, features, 'file') : [];
  const lines = [...ownLines, ...fileLines];
  const crossovers = [
    { lines: ownLines, prefix: '', suffix: '' },
    { lines: fileLines, prefix: 'The file: ', suffix: ' (file)' },
  ].flatMap((side) => (side.lines.length > 0 ? [{ ...side, found: crossover(side.lines) }] : []));
  sentences.replaceChildren(
    ...crossovers.map(({ prefix, found }) => create('p', {}, `${prefix}${crossoverSentence(found, features)}`)),
  );
  element('charts', HTMLElement).hidden = lines.length === 0;
  if (lines.length === 0) return;
  const levels = [levelOf(own, ''), levelOf(file, ' (file)')].filter((level) => level !== null);
  clear = [
    chart(timeHost, {
      lines,
      value: ({ msPerEpoch }) => msPerEpoch,
      valueName: 'ms per epoch',
      levels: [],
      marks: crossovers.flatMap(({ found, suffix }) => marksOf(found, suffix)),
    }),
    chart(speedHost, {
      lines,
      value: ({ gigabytesPerSecond }) => gigabytesPerSecond,
      valueName: 'GB/s',
      levels,
      marks: [],
    }),
  ];
}

function chart(host: HTMLElement, content: ChartContent): () => void {
  const names = content.lines.map(nameOf).join(', ');
  host.setAttribute(
    'aria-label',
    `Chart of ${content.valueName} against rows, on log axes, for ${names}. Left and right arrow keys read out its values, which the tables below hold too.`,
  );
  return drawChart(host, content);
}

function nameOf({ library, source }: Line): string {
  return source === 'file' ? `${library} (file)` : library;
}

function levelOf(result: BenchResult | null, suffix: string) {
  const speed = result?.environment.copyGigabytesPerSecond;
  return speed ? { value: speed, name: `the adapter's copy: ${speed.toPrecision(3)} GB/s${suffix}` } : null;
}

function marksOf(found: Crossover, suffix: string): ChartContent['marks'] {
  if (found.kind !== 'at') return [];
  const name = `crossover at ${roundCount(found.rows)} rows${suffix}`;
  return [{ rows: found.rows, value: found.msPerEpoch, name }];
}
