// A result in the words of docs/warehouse.md and docs/many-machines.md, which hold no figure of it that is typed.

import { count } from '../../src/node/report/terminal.js';
import { boundOf, type EngineResult, type MergeResult, type WarehouseResult } from './result.js';

const seconds = (value: number): string => `${value < 10 ? value.toPrecision(2) : value.toFixed(0)} s`;
const share = (value: number): string => value.toExponential(1);
const size = (bytes: number): string =>
  bytes < 1e9 ? `${(bytes / 1e6).toPrecision(3)} MB` : `${(bytes / 1e9).toPrecision(3)} GB`;

const lines = (rows: readonly (readonly string[])[]): string[] => rows.map((cells) => `| ${cells.join(' | ')} |`);

/** The times and digits of each engine. */
export function warehouseMarkdown({ environment, engines }: WarehouseResult): string {
  const { cpu, cores, date, runtime, repeats } = environment;
  const places = engines.map(
    ({ name, version, bytes }) => `${name} ${version}${bytes === null ? '' : ' over Parquet'}`,
  );
  const head = ['', ...engines.map(({ name, rows, features }) => `${name}, ${count(rows)} × ${features}`)];
  const row = (name: string, cell: (engine: EngineResult) => string) => [name, ...engines.map(cell)];
  return [
    `${repeats === 1 ? 'One run' : `Medians of ${repeats} runs in turn`}, by \`npm run bench:warehouse\`: ${places.join(', ')}; ${runtime}; ${cores} cores of ${cpu}, shared with other work; ${date.slice(0, 10)}.`,
    '',
    ...lines([
      head,
      head.map((_, column) => (column === 0 ? '---' : '--:')),
      row('`SELECT SUM(x1), …` of all columns', (engine) => seconds(engine.seconds.plain)),
      row('66 products, written by hand', (engine) => seconds(engine.seconds.products)),
      row('moments, both statements', (engine) => seconds(engine.seconds.moments)),
      row('over twice the first and once the second', (engine) =>
        (engine.seconds.moments / boundOf(engine.seconds)).toFixed(2),
      ),
      row('weights, from those of QR in f64 on the rows', (engine) => share(engine.difference)),
      row('the same by sums without centres', ({ withoutCenters }) =>
        withoutCenters === null ? 'no model' : share(withoutCenters),
      ),
      row('logistic loss', ({ logistic }) => {
        return `${count(logistic.rows)} rows: ${logistic.statements} statements, ${seconds(logistic.seconds)}`;
      }),
      row('weights, from those of Newton on the rows', ({ logistic }) => share(logistic.difference)),
    ]),
  ].join('\n');
}

/** Rows, and workers that share them. */
const PAPER = { rows: 1e10, workers: 100 };

/** The assumed speed of a worker's disk or network. */
const BYTES_A_SECOND = 100e6;

/** The count of 10¹⁰ rows on 100 workers, from what one engine took for its rows. */
export function paperMarkdown({ environment, engines, merges }: WarehouseResult): string {
  const measured = engines.find(({ bytes }) => bytes !== null);
  if (!measured) throw new RangeError('no engine over a file; expected DuckDB among the engines');
  const { rows, seconds: times, difference, name, version, features } = measured;
  const bytes = measured.bytes as number;
  const ofWorker = PAPER.rows / PAPER.workers / rows;
  const whole = (bytes / rows) * PAPER.rows;
  const scans = (2 * bytes * ofWorker) / BYTES_A_SECOND;
  const merge = (parts: number) => merges.find((each) => each.parts === parts) as MergeResult;
  const [few, many] = [merge(PAPER.workers), merge(10_000)];
  const perWorker = Math.sqrt(PAPER.rows / PAPER.workers) * 2 ** -53;
  const worst = (PAPER.rows / PAPER.workers) * 2 ** -53;
  const levels = Math.ceil(Math.log2(PAPER.workers));
  return [
    `The measured numbers are those of ${name} ${version} over ${count(rows)} rows of ${features} features and a target in one file of Parquet, by \`npm run bench:warehouse\` on ${environment.cores} cores of ${environment.cpu}, shared with other work, on ${environment.date.slice(0, 10)}.`,
    '',
    ...lines([
      ['part', 'measured', '10¹⁰ rows on 100 workers'],
      ['---', '---', '---'],
      [
        'bytes',
        `${size(bytes)}, ${(bytes / rows).toFixed(0)} bytes a row`,
        `${(whole / 1e9).toFixed(0)} GB, ${(whole / PAPER.workers / 1e9).toPrecision(2)} GB a worker`,
      ],
      [
        'scan: `SELECT SUM(x1), …` of all columns',
        seconds(times.plain),
        `${seconds(times.plain * ofWorker)} a worker from a disk; ${seconds(scans)} for two scans where a worker reads ${BYTES_A_SECOND / 1e6} MB/s, which is assumed`,
      ],
      ['sums: 66 products, written by hand', seconds(times.products), `${seconds(times.products * ofWorker)} a worker`],
      [
        'moments: checks, centres and sums, both statements',
        seconds(times.moments),
        `${seconds(times.moments * ofWorker)} a worker, the scans among it`,
      ],
      [
        `merge: moments of ${count(few.parts)} parts as JSON, and of ${count(many.parts)}, with the fit`,
        `${seconds(few.seconds)} for ${size(few.bytes)}; ${seconds(many.seconds)} for ${size(many.bytes)}`,
        seconds(few.seconds),
      ],
      [
        'digits',
        `weights within ${share(difference)} of those of QR in f64 on the rows`,
        `10⁸ additions in f64 err by ${share(perWorker)} of their terms if errors are independent, and by ${share(worst)} at worst; ${levels} levels of merges add about ${share(levels * 2 ** -53)}`,
      ],
    ]),
    '',
    `So it takes ${seconds(Math.max(times.moments * ofWorker, scans))} on workers of ${environment.cores} cores, and no number of rows enters what is sent: ${count(few.parts)} parts of ${(few.bytes / few.parts / 1000).toPrecision(2)} KB.`,
  ].join('\n');
}
