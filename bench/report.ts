import { count, table } from '../src/node/report/terminal.js';
import type { ArmResult, CaseResult, Environment, KernelTime, ManyTime } from './result.js';

/** The time of an arm that was not timed: it comes after all others. */
const MOST = Number.MAX_VALUE;

/** The machine that the numbers are from, in a few lines for the terminal. */
export function describeEnvironment(environment: Environment): string {
  const { adapter, browser, cpu, cores, copyGigabytesPerSecond, coldStartMs } = environment;
  const name = adapter ? adapterName(adapter) : 'none';
  const software = adapter?.isSoftware ? ' (a software adapter: its shaders run on the CPU)' : '';
  return [
    `adapter     ${name}${software}`,
    `copies      ${copyGigabytesPerSecond?.toFixed(1) ?? '?'} GB/s, read plus written`,
    `runs in     ${browser} on ${cores} cores of ${cpu}`,
    `cold start  ${coldStartMs?.toFixed(0) ?? '?'} ms from import to the first finished epoch`,
  ].join('\n');
}

/** One case as a table, fastest first, whole jobs alone after them, what did not run last with its reason. */
export function caseTable(result: CaseResult): string[] {
  const ran = result.results.filter(({ msPerEpoch, jobMs }) => msPerEpoch !== null || jobMs !== null);
  const sorted = ran.toSorted((a, b) => (a.msPerEpoch?.median ?? MOST) - (b.msPerEpoch?.median ?? MOST));
  const head = ['', 'ms per epoch', 'quartiles', 'GB/s', 'of copy', '100 epochs', 'loss'];
  const missing = result.results.filter(({ reason }) => reason !== undefined);
  const checked = result.results.filter((arm) => !ran.includes(arm) && arm.reason === undefined);
  const speedups = speedupSentence(result);
  return [
    `${count(result.rows)} × ${count(result.features)}`,
    ...(sorted.length > 0 ? table(head, sorted.map(armRow)) : []),
    ...checked.map(({ name, lastLoss, correct }) => {
      const difference = Math.abs((lastLoss ?? Number.NaN) / (result.expectedLoss ?? Number.NaN) - 1);
      const verdict = correct ? 'correct' : 'WRONG';
      return `${name}: ${verdict}, loss ${lastLoss} after ${result.epochs} epochs, ${difference.toExponential(1)} from the reference's`;
    }),
    ...missing.map(({ name, reason }) => `${name}: did not run: ${reason}`),
    ...(speedups === undefined ? [] : [speedups]),
    ...jobSentence(result),
  ];
}

/** 'webgpu-descent is 3.00 times as fast as the fastest WebGPU peer'; undefined when there is nothing to compare with. */
export function speedupSentence(result: CaseResult): string | undefined {
  const speedups = [
    speedup('the fastest WebGPU peer', result.speedupOverFastestWebgpuPeer),
    speedup('the fastest CPU peer', result.speedupOverFastestCpuPeer),
  ].filter((text) => text !== undefined);
  return speedups.length > 0 ? `webgpu-descent is ${speedups.join(' and ')}` : undefined;
}

/** The whole job with moments beside those of the CPU, in a sentence of its own; none where there is nothing to compare. */
function jobSentence({ jobSpeedupOverFastestCpuPeer: peer, jobSpeedupOverPlainLoop: loop }: CaseResult): string[] {
  const speedups = [speedup('the fastest CPU peer', peer ?? null), speedup('the plain loop', loop ?? null)].filter(
    (text) => text !== undefined,
  );
  return speedups.length > 0 ? [`with moments, its whole job of 100 epochs is ${speedups.join(' and ')}`] : [];
}

export function adapterName({ vendor, architecture, description }: NonNullable<Environment['adapter']>): string {
  return [vendor, architecture, description].filter(Boolean).join(' ');
}

/** The kernels of our epoch and their sum. */
export function kernelTable(kernels: readonly KernelTime[], copyGigabytesPerSecond: number | null): string[] {
  const rows = kernels.map(({ name, msPerEpoch, gigabytesPerSecond }) => [
    name,
    milliseconds(msPerEpoch.median),
    `${milliseconds(msPerEpoch.q1)}–${milliseconds(msPerEpoch.q3)}`,
    gigabytesPerSecond.toPrecision(3),
    copyGigabytesPerSecond === null ? '' : `${((100 * gigabytesPerSecond) / copyGigabytesPerSecond).toPrecision(2)} %`,
  ]);
  const allMs = kernels.reduce((sum, { msPerEpoch }) => sum + msPerEpoch.median, 0);
  const head = ['our kernels, by the clock of the GPU', 'ms per epoch', 'quartiles', 'GB/s', 'of copy'];
  return table(head, [...rows, ['all', milliseconds(allMs)]]);
}

/** '16 models at a time on 1,000,000 × 2: 9.60 ms per epoch, 3.30 times as long as one (2.91 ms)' */
export function manySentence({
  rows,
  features,
  models,
  msPerEpoch,
  oneMsPerEpoch,
  ratioToOne,
  correct,
}: ManyTime): string {
  const times = `${milliseconds(msPerEpoch.median)} ms per epoch, ${multiple(ratioToOne)} times as long as one`;
  const one = `(${milliseconds(oneMsPerEpoch.median)} ms)`;
  return `${models} models at a time on ${count(rows)} × ${count(features)}: ${times} ${one}${correct ? '' : ', and WRONG'}`;
}

function armRow({ name, msPerEpoch, gigabytesPerSecond, shareOfCopyBandwidth, jobMs, correct }: ArmResult): string[] {
  return [
    name,
    msPerEpoch ? milliseconds(msPerEpoch.median) : '',
    msPerEpoch ? `${milliseconds(msPerEpoch.q1)}–${milliseconds(msPerEpoch.q3)}` : '',
    gigabytesPerSecond?.toPrecision(3) ?? '',
    shareOfCopyBandwidth === null ? '' : `${(100 * shareOfCopyBandwidth).toPrecision(2)} %`,
    jobMs ? `${milliseconds(jobMs.median)} ms` : '',
    correct ? 'correct' : 'WRONG',
  ];
}

export function milliseconds(elapsedMs: number): string {
  return elapsedMs >= 100 ? count(Math.round(elapsedMs)) : elapsedMs.toPrecision(3);
}

/** '3.00× as fast', or '2.00× slower' for a half. */
export function comparison(factor: number): string {
  return factor >= 1 ? `${multiple(factor)}× as fast` : `${multiple(1 / factor)}× slower`;
}

/** Three digits, and no exponent. */
function multiple(factor: number): string {
  return factor >= 100 ? count(Math.round(factor)) : factor.toPrecision(3);
}

function speedup(than: string, factor: number | null): string | undefined {
  if (factor === null) return undefined;
  return factor >= 1
    ? `${multiple(factor)} times as fast as ${than}`
    : `${multiple(1 / factor)} times slower than ${than}`;
}
