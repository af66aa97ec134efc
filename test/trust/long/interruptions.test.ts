// Ctrl-C at several moments of each command, each of which would go on for minutes or for ever.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { browserBelow } from '../../support/browser-below.js';
import { withCommandLine } from '../../support/command-line.js';
import { eventually } from '../../support/eventually.js';
import { recordFigures } from '../../support/figures.js';

const { folder, start, startOpen } = withCommandLine();

/** The promise is a second; the rest is for a machine that is busy with something else. None of the commands ends by itself. */
const MOST_MS = 5000;

/** Milliseconds after the start of a command. A browser is there after one or two seconds. */
const MOMENTS = [50, 300, 1000, 3000];

const LONG = ['--epochs', '10000000', '--tolerance', '0', '--optimizer', 'gradientDescent', '--learning-rate', '1e-7'];
const CPU = ['--backend', 'cpu'];

/** A file that nobody reads from: whoever writes to it waits. */
const fifo = join(folder, 'nobody-reads');
execFileSync('mkfifo', [fifo]);

type Command = () => ReturnType<typeof start>;

const COMMANDS: Record<string, Command> = {
  'fit reads': () => startOpen(['--data', '-', '--target', 'y'], 'fit', 'x,y\n1,2\n'),
  'fit makes examples': () => start(['--rows', '20000000', ...CPU, ...LONG]),
  'fit trains on the CPU': () => start(['--rows', '200000', ...CPU, ...LONG]),
  'fit trains by mini-batches': () => start(['--rows', '200000', ...CPU, ...LONG, '--batch-size', '1']),
  'fit solves': () => start(['--rows', '60000', '--feature-count', '1000', ...CPU]),
  'fit looks for the condition number': () => start(['--rows', '2000', '--feature-count', '600', ...CPU, '--epochs', '1', '--optimizer', 'gradientDescent']), // prettier-ignore
  'fit repeats the steps': () => start(['--rows', '2000000', ...CPU, '--epochs', '3000', '--tolerance', '0', '--optimizer', 'gradientDescent']), // prettier-ignore
  'fit writes': () => start(['--data', 'good.csv', '--target', 'y', '--output', fifo, ...CPU]),
  'fit trains in a browser': () => start(['--rows', '200000', '--backend', 'webgpu', ...LONG]),
  'moments reads': () => startOpen(['--data', '-', '--target', 'y'], 'moments', 'x,y\n1,2\n'),
  'predict reads': () => startOpen(['--model', 'model.json', '--data', '-'], 'predict', 'x\n1\n'),
};

let slowestMs = 0;

describe.runIf(process.platform === 'linux')('Ctrl-C', () => {
  it('has a model to predict with', async () => {
    expect((await start(['--data', 'good.csv', '--target', 'y', '--output', 'model.json', ...CPU]).ended).code).toBe(0);
  });

  it.each(Object.entries(COMMANDS))('ends it at any moment: %s', async (name, command) => {
    for (const momentMs of MOMENTS) {
      const { child, ended } = command();
      await new Promise((resolve) => setTimeout(resolve, momentMs));
      const browser = await browserBelow(child.pid as number);
      expect(child.exitCode, `${name} has ended by itself before ${momentMs} ms`).toBeNull();
      const startMs = performance.now();
      child.kill('SIGINT');
      const { code } = await ended;
      const elapsedMs = performance.now() - startMs;
      slowestMs = Math.max(slowestMs, elapsedMs);
      expect([code, child.signalCode], `after ${momentMs} ms`).toEqual([null, 'SIGINT']);
      expect(elapsedMs, `after ${momentMs} ms`).toBeLessThan(MOST_MS);
      if (browser) await eventually(() => expect(existsSync(browser.profile)).toBe(false));
    }
  });

  afterAll(() => recordFigures('interruptions', { commands: Object.keys(COMMANDS).length, moments: MOMENTS.length, slowestMs: Math.round(slowestMs) })); // prettier-ignore
});
