// The package in Node, as a module and by require, with Dawn and as a command, and in Deno.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { denoExecutable, softwareAdapter } from '../support/deno-program.js';
import {
  type Answer,
  expectAnswer,
  expectInWorker,
  expectOutcome,
  node,
  run,
  type WorkerAnswer,
} from './support/run.js';

interface Printed {
  answers: Answer[];
  worker: WorkerAnswer;
}

function expectPrinted(text: string): void {
  const { answers, worker } = JSON.parse(text) as Printed;
  expectOutcome(answers, 'cpu');
  expectInWorker(worker);
}

describe('Node', () => {
  it('fits on its own thread and in a worker, and ends by itself', async () =>
    expectPrinted(await node('node', ['print.mjs'])));

  it('takes the package by require, too', async () => {
    const [slope, bias] = JSON.parse(await node('node', ['required.cjs'])) as number[];
    expect([slope, bias]).toEqual([expect.closeTo(2, 9), expect.closeTo(1, 9)]);
  });

  it('trains on Dawn, which createContext finds', async () => {
    const answer = JSON.parse(await node('node', ['dawn.mjs'], await softwareAdapter())) as Answer;
    expectAnswer(answer);
    expect(answer.backend).toBe('webgpu');
  });
});

describe('Deno', () => {
  it('fits on its own thread and in a worker', async () => {
    const args = ['run', '--allow-all', '--no-lock', '--node-modules-dir=manual', 'print.mjs'];
    const { code, stdout, stderr } = await run('node', [denoExecutable(), ...args], { DENO_NO_UPDATE_CHECK: '1' });
    expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
    expectPrinted(stdout.trim().split('\n').at(-1) ?? '');
  });
});

describe('the command', () => {
  const command = (...args: string[]) =>
    run('alone', [join('node_modules', '.bin', 'webgpu-descent'), ...args], { WEBGPU_DESCENT_BROWSER: '' });

  it('fits after a plain install', async () => {
    const args = ['--rows', '2000', '--backend', 'cpu', '--optimizer', 'newton', '--json'];
    const { code, stdout, stderr } = await command('fit', ...args);
    expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
    const { weights, optimum } = JSON.parse(stdout) as { weights: number[]; optimum: { reached: boolean } };
    expect(weights.length).toBe(2);
    expect(optimum.reached).toBe(true);
  });

  it('says its version', async () => {
    expect((await command('--version')).stdout).toMatch(/^\d+\.\d+\.\d+/);
  });
});
