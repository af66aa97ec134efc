// The recipes of docs/many-machines.md, run as they stand: GNU parallel itself, and processes in the place of machines.

import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import page from '../../docs/many-machines.md?raw';
import { createDataset } from '../../src/index.js';
import { leastSquares } from '../../src/reference/qr.js';
import { BUILT } from '../support/built.js';
import { expectClose } from '../support/close.js';
import { numbers } from '../support/data.js';

const run = promisify(execFile);
const KEPT = { relative: 1e-9, because: 'sums in f64 about means, of features whose condition number is below 10' };

const ROWS = 900;
const distance = Array.from(numbers(1, ROWS, 5, 12));
const hour = distance.map((_, i) => (i * 7) % 24);
const fare = distance.map((value, i) => 3 + 2 * value + 0.1 * (hour[i] as number) + (numbers(2, ROWS)[i] as number));
const HEADER = 'distance,hour,fare';
const lines = distance.map((value, i) => [value, hour[i], fare[i]].join(','));

/** The text of the block of a language that has a word. */
function blockOf(language: string, word: string): string {
  const blocks = Array.from(page.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm), ([, name, text = '']) => ({ name, text }));
  const found = blocks.filter(({ name, text }) => name === language && text.includes(word));
  expect(found).toHaveLength(1);
  return found[0]?.text as string;
}

describe('docs/many-machines.md', () => {
  const tools = mkdtempSync(join(tmpdir(), 'webgpu-descent-tools-'));
  let folder: string;

  beforeAll(async () => {
    // npx finds the built package.
    writeFileSync(join(tools, 'npx'), `#!/bin/sh\nshift\nexec "${process.execPath}" "${BUILT}/node/cli.js" "$@"\n`);
    chmodSync(join(tools, 'npx'), 0o755);
    for (const program of ['parallel', 'python3']) {
      await run(program, ['--version']).catch((cause: unknown) => {
        throw new Error(`${program} is missing: apt-get install ${program}, or its package for your system.`, {
          cause,
        });
      });
    }
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'webgpu-descent-machines-'));
    for (const k of [0, 1, 2]) {
      writeFileSync(join(folder, `part-${k}.csv`), `${[HEADER, ...lines.slice(300 * k, 300 * k + 300)].join('\n')}\n`);
    }
    writeFileSync(join(folder, 'trips.csv'), `${[HEADER, ...lines].join('\n')}\n`);
    return () => rmSync(folder, { recursive: true, force: true });
  });
  afterAll(() => rmSync(tools, { recursive: true, force: true }));

  function execute(program: string, parameters: readonly string[], more: NodeJS.ProcessEnv = {}) {
    mkdirSync(join(folder, 'home'), { recursive: true }); // parallel keeps files there
    const env = {
      ...process.env,
      PATH: `${tools}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: join(folder, 'home'),
    };
    return run(program, [...parameters], { cwd: folder, env: { ...env, ...more } });
  }

  const shell = (text: string, more?: NodeJS.ProcessEnv) => execute('sh', ['-ec', text], more);
  const partsOf = (file: string) => readFileSync(join(folder, file), 'utf8').trimEnd().split('\n').length;

  /** The model of the moments is that of all rows. */
  function expectModel(): void {
    const { weights, bias } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8')) as {
      weights: number[];
      bias: number;
    };
    const exact = leastSquares(createDataset({ columns: { distance, hour }, targets: fare }));
    expectClose([...weights, bias], [...exact.weights, exact.bias], KEPT);
  }

  const fitLines = () => shell('npx webgpu-descent fit --moments all.moments.jsonl --output model.json');

  it('GNU parallel reads a file each', async () => {
    await shell(blockOf('sh', ':::'));
    expect(partsOf('all.moments.jsonl')).toBe(3);
    expectModel();
  });

  it('GNU parallel reads blocks of one file', async () => {
    await shell(blockOf('sh', '--block'));
    expect(partsOf('all.moments.jsonl')).toBeGreaterThan(3);
    expectModel();
  });

  it('Spark pipes a partition each, an empty one among them', async () => {
    writeFileSync(join(folder, 'part-moments.sh'), blockOf('sh', 'IFS='));
    const PYTHONPATH = join(import.meta.dirname, 'support/python');
    await execute('python3', ['-c', blockOf('python', 'pyspark')], { PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' });
    expect(partsOf('all.moments.jsonl')).toBe(3);
    await fitLines();
    expectModel();
  });

  it('Ray runs a process each', async () => {
    const PYTHONPATH = join(import.meta.dirname, 'support/python');
    await execute('python3', ['-c', blockOf('python', 'ray')], { PYTHONPATH, PYTHONDONTWRITEBYTECODE: '1' });
    expect(partsOf('all.moments.jsonl')).toBe(3);
    await fitLines();
    expectModel();
  });

  it('Kubernetes runs a numbered worker each', async () => {
    const job = blockOf('yaml', 'completionMode: Indexed');
    const completions = Number(/completions: (\d+)/.exec(job)?.[1]);
    const command = JSON.parse(/command: (\[.*\])/.exec(job)?.[1] ?? 'null') as [string, ...string[]];
    await Promise.all(
      Array.from({ length: completions }, (_, index) =>
        execute(command[0], command.slice(1), { JOB_COMPLETION_INDEX: String(index) }),
      ),
    );
    const [, last = ''] = /One job at the end runs `(.*)`/.exec(page) ?? [];
    await shell(last);
    expectModel();
  });
});
