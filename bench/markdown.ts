import { count } from '../src/node/report/terminal.js';
import { jobsMarkdown } from './jobs/job-lines.js';
import { adapterName, comparison, milliseconds } from './report.js';
import {
  type ArmResult,
  type BenchResult,
  type CaseResult,
  type Environment,
  libraryOf,
  OURS,
  OURS_CPU,
} from './result.js';

/** The arms that ours is compared with: the fastest of these kinds, as in `withSpeedups`. */
const RIVALS = [
  { head: 'fastest WebGPU peer', kinds: ['peer-webgpu'], speedup: 'speedupOverFastestWebgpuPeer' },
  { head: 'fastest on the CPU', kinds: ['peer-cpu', 'cpu'], speedup: 'speedupOverFastestCpuPeer' },
] as const;

/**
 * A result for people to read: where it is from, a table with our arms, the fastest correct rivals and how many times as
 * fast we are, and below it what did not run or was wrong.
 */
export function markdownOf({ environment, cases, jobs = [] }: BenchResult): string {
  const whole = jobsMarkdown(jobs);
  if (cases.length === 0) return [`${placeOf(environment)}.`, '', ...whole].join('\n');
  const rivals = RIVALS.filter(({ kinds }) => cases.some((result) => fastest(result, isOf(kinds))));
  const hasCpu = cases.some((result) => fastest(result, isNamed(OURS_CPU)));
  const head = [
    'rows × features',
    OURS,
    'GB/s',
    ...(hasCpu ? [OURS_CPU] : []),
    ...rivals.flatMap((rival) => [rival.head, 'we are']),
  ];
  const rows = cases.map((result) => {
    const ours = fastest(result, isNamed(OURS));
    return [
      size(result),
      ours ? ours.ms : '–',
      ours?.arm.gigabytesPerSecond?.toPrecision(3) ?? '–',
      ...(hasCpu ? [fastest(result, isNamed(OURS_CPU))?.ms ?? '–'] : []),
      ...rivals.flatMap(({ kinds, speedup }) => {
        const rival = fastest(result, isOf(kinds));
        return [rival ? `${libraryOf(rival.arm)} ${rival.ms}` : '–', times(result[speedup])];
      }),
    ];
  });
  const lines = [head, head.map((_, column) => (column === 0 ? '---' : '--:')), ...rows];
  const missing = missingOf(cases);
  return [
    caption(environment),
    '',
    ...lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`),
    ...(missing.length > 0 ? ['', ...missing] : []),
    '',
    ...whole,
  ].join('\n');
}

function caption(environment: Environment): string {
  return `Milliseconds per epoch, full batch, median. ${placeOf(environment)}.`;
}

function placeOf({ adapter, browser, cpu, cores, date, copyGigabytesPerSecond }: Environment): string {
  const software = adapter?.isSoftware ? ', a software adapter: its shaders run on the CPU' : '';
  const copies = copyGigabytesPerSecond === null ? '' : `, which copies ${copyGigabytesPerSecond.toPrecision(3)} GB/s`;
  const place = adapter ? `Adapter: ${adapterName(adapter)}${copies}${software}` : 'No WebGPU adapter';
  const processor = cpu === 'unknown' ? `${cores} cores` : `${cores} cores of ${cpu}`;
  return `${place}; ${browser}; ${processor}; ${date.slice(0, 10)}`;
}

const isNamed =
  (name: string) =>
  (arm: ArmResult): boolean =>
    arm.name === name;

const isOf =
  (kinds: readonly ArmResult['kind'][]) =>
  ({ kind }: ArmResult): boolean =>
    kinds.includes(kind);

function fastest({ results }: CaseResult, isOne: (arm: ArmResult) => boolean) {
  const [first] = results
    .flatMap((arm) => (arm.msPerEpoch && arm.correct && isOne(arm) ? [{ arm, spread: arm.msPerEpoch }] : []))
    .toSorted((a, b) => a.spread.median - b.spread.median);
  return first && { arm: first.arm, ms: milliseconds(first.spread.median) };
}

/** One line per arm and reason, with its cases: a library that fails the same way everywhere says so once. */
function missingOf(cases: readonly CaseResult[]): string[] {
  const places = new Map<string, string[]>();
  for (const result of cases) {
    for (const arm of result.results) {
      if (arm.correct) continue;
      const what = arm.reason === undefined ? 'its loss is wrong' : `did not run: ${arm.reason}`;
      const line = `${arm.name}: ${what}`;
      places.set(line, [...(places.get(line) ?? []), size(result)]);
    }
  }
  return [...places].map(([line, sizes]) => `- ${sizes.join(', ')}: ${line}`);
}

function size({ rows, features }: CaseResult): string {
  return `${count(rows)} × ${count(features)}`;
}

function times(speedup: number | null): string {
  return speedup === null ? '–' : comparison(speedup);
}

function escaped(cell: string): string {
  return cell.replaceAll('|', '\\|').replace(/\s+/g, ' ');
}
