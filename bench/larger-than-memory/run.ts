// npm run bench:memory: a source that is larger than its memory budget, in Node.

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { count, table } from '../../src/node/report/terminal.js';
import { measureStream, type StreamSize, type StreamTime } from './measure.js';

/** Bytes of X by default. */
const GIGABYTES = 8;

const FEATURES = 10;
/** 8 MB of X each. */
const BATCH_ROWS = 100_000;
const BATCHES = 8;
const MEMORY_BUDGET = 512e6;

async function main([words = String(GIGABYTES)]: readonly string[]): Promise<void> {
  const gigabytes = Number(words);
  if (!(gigabytes >= 0.064)) throw new RangeError(`${words} GB; expected a number from 0.064 up`);
  const whole = BATCH_ROWS * BATCHES; // each of the different batches as often as the others
  const rows = whole * Math.round((gigabytes * 1e9) / 8 / FEATURES / whole);
  const size: StreamSize = {
    rows,
    features: FEATURES,
    batchRows: BATCH_ROWS,
    batches: BATCHES,
    memoryBudget: Math.min(MEMORY_BUDGET, rows * 8 * FEATURES * 0.5),
  };
  console.log(
    `${count(rows)} × ${FEATURES} in f64, ${(rows * 8 * FEATURES) / 1e9} GB, through a budget of ${size.memoryBudget / 1e6} MB`,
  );
  const times = await measureStream(size, ({ name, seconds }) => console.error(`${name}: ${seconds.toFixed(1)} s`));
  console.log(timeTable(times).join('\n'));
  await save(size, times);
  if (times.some(({ correct }) => !correct)) process.exitCode = 1;
}

function timeTable(times: readonly StreamTime[]): string[] {
  const head = ['', 'seconds', 'of CPU', 'passes', 'a pass over the copy', 'growth of memory', 'difference'];
  return table(
    head,
    times.map(({ name, seconds, cpuSeconds, passes, passOverCopy, memoryGrowth, difference }) => [
      name,
      seconds.toFixed(1),
      cpuSeconds.toFixed(1),
      String(passes ?? ''),
      passOverCopy.toFixed(2),
      `${memoryGrowth.toFixed(0)} MB`,
      difference?.toExponential(1) ?? '',
    ]),
  );
}

async function save(size: StreamSize, times: readonly StreamTime[]): Promise<void> {
  const processors = cpus();
  const date = new Date().toISOString();
  const environment = { runtime: `Node ${process.version}`, cpu: processors[0]?.model, cores: processors.length, date };
  const file = join('bench/results', `${date.slice(0, 19).replaceAll(':', '')}-larger-than-memory.json`);
  await mkdir('bench/results', { recursive: true });
  await writeFile(file, `${JSON.stringify({ environment, size, times }, null, 1)}\n`);
  console.log(`Saved as ${file}`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(`bench:memory: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof RangeError ? 2 : 1;
});
