import { count } from '../../src/node/report/terminal.js';
import { caseName } from '../cases.js';
import { milliseconds } from '../report.js';
import { type ArmResult, type BenchResult, type CaseResult, libraryOf, type Spread } from '../result.js';
import { create } from '../../pages/dom.js';
import { text } from './text.js';

const { againstFile: AGAINST_FILE, ...HEADS } = text.heads;
const HEAD = Object.values(HEADS);

/** A table for each case of the page's results and of the file's; where both have an arm, how they compare. */
export function caseTables(own: BenchResult | null, file: BenchResult | null): HTMLElement[] {
  const cases = new Map<string, { own?: CaseResult; file?: CaseResult }>();
  const put = (source: 'own' | 'file', result: CaseResult) => {
    cases.set(caseName(result), { ...cases.get(caseName(result)), [source]: result });
  };
  own?.cases.forEach((result) => put('own', result));
  file?.cases.forEach((result) => put('file', result));
  return [...cases.values()].map((found) => caseTable(found.own, found.file));
}

function caseTable(own: CaseResult | undefined, file: CaseResult | undefined): HTMLElement {
  const { rows, features } = (own ?? file) as CaseResult;
  const title = `${count(rows)} × ${count(features)}`;
  const speedups = own && text.speedups(own);
  const words = create('span', {}, create('strong', {}, title), speedups ? ` ${speedups}.` : '');
  const caption = create('caption', {}, words);
  const table = create('table', { class: 'results' }, caption);
  const head = table.createTHead().insertRow();
  const compares = own !== undefined && file !== undefined;
  for (const name of compares ? [...HEAD, AGAINST_FILE] : HEAD) head.append(create('th', { scope: 'col' }, name));
  const body = table.createTBody();
  for (const arm of fastestFirst(own)) fillRow(body.insertRow(), arm, '', compares ? against(arm, file) : undefined);
  for (const arm of fastestFirst(file)) fillRow(body.insertRow(), arm, 'file', compares ? '' : undefined);
  return create('div', { class: 'scroll', role: 'region', tabindex: '0', 'aria-label': text.resultsFor(title) }, table);
}

/** Sorts by time; arms that did not run come last. */
function fastestFirst(result: CaseResult | undefined): ArmResult[] {
  const ms = ({ msPerEpoch }: ArmResult) => msPerEpoch?.median ?? Infinity;
  return result?.results.toSorted((a, b) => (ms(a) === ms(b) ? 0 : ms(a) - ms(b))) ?? [];
}

function fillRow(row: HTMLTableRowElement, arm: ArmResult, source: 'file' | '', comparison: string | undefined): void {
  const library = libraryOf(arm);
  const badge = source === 'file' ? [' ', create('span', { class: 'badge' }, text.fileBadge)] : [];
  const form = arm.name === library ? [] : [create('small', {}, arm.name.slice(library.length + 2))];
  row.append(create('th', { scope: 'row', title: arm.describe }, library, ...badge, ...form));
  if (source === 'file') row.className = 'from-file';
  if (!arm.msPerEpoch && !arm.jobMs) {
    const untimed = text.notTimed(arm.correct ? text.correct : text.wrong);
    const reason = create('span', {}, arm.reason === undefined ? untimed : text.didNotRun(arm.reason));
    row.append(
      create('td', { class: arm.correct ? 'reason correct' : 'reason', colspan: String(HEAD.length - 1) }, reason),
    );
  } else {
    const { gigabytesPerSecond, shareOfCopyBandwidth, jobMs } = arm;
    const values = [
      arm.msPerEpoch ? milliseconds(arm.msPerEpoch.median) : '–',
      arm.msPerEpoch ? quartiles(arm.msPerEpoch) : '–',
      gigabytesPerSecond?.toPrecision(3) ?? '–',
      shareOfCopyBandwidth === null ? '–' : `${(100 * shareOfCopyBandwidth).toPrecision(2)} %`,
      jobMs ? milliseconds(jobMs.median) : '–',
    ];
    for (const value of values) row.insertCell().textContent = value;
    const loss = arm.lastLoss === null ? '' : text.loss(arm.lastLoss.toPrecision(6));
    row.append(
      create('td', { class: arm.correct ? 'correct' : 'wrong', title: loss }, arm.correct ? text.correct : text.wrong),
    );
  }
  if (comparison !== undefined) row.insertCell().textContent = comparison;
}

function quartiles({ q1, q3 }: Spread): string {
  return `${milliseconds(q1)}–${milliseconds(q3)}`;
}

/** By the medians: 'same' within 5 %, which is what repeats on a quiet machine differ by. */
function against({ name, msPerEpoch }: ArmResult, file: CaseResult | undefined): string {
  const theirs = file?.results.find((arm) => libraryOf(arm) === libraryOf({ name }))?.msPerEpoch;
  if (!msPerEpoch || !theirs) return '–';
  const factor = theirs.median / msPerEpoch.median;
  if (Math.abs(Math.log(factor)) < Math.log(1.05)) return text.same;
  return text.comparison(factor);
}
