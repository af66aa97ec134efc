// Pages without a bundler.

import { describe, expect, it } from 'vitest';
import { outcomeIn } from './support/page.js';
import { type Answer, expectInWorker, expectOutcome, type WorkerAnswer } from './support/run.js';

describe('a plain page', () => {
  it('has modules by an import map, papaparse by its own script, and a worker', async () => {
    const { outcome } = await outcomeIn<{ answers: Answer[]; worker: WorkerAnswer; prediction: number }>(
      '',
      'page/import-map.html',
    );
    expectOutcome(outcome.answers, 'webgpu');
    expectInWorker(outcome.worker);
    expect(outcome.prediction).toBeCloseTo(9, 9);
  });

  it('has everything in one file, and asks for no other', async () => {
    const { outcome, requests } = await outcomeIn<{ answers: Answer[]; prediction: number }>('', 'page/one-file.html');
    expectOutcome(outcome.answers, 'webgpu');
    expect(outcome.prediction).toBeCloseTo(9, 9);
    const paths = requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).pathname);
    expect(paths.map((path) => path.split('/').at(-1))).toEqual(['one-file.html', 'webgpu-descent.js']);
    expect(requests.filter((url) => !/^(?:https?|blob|data):/.test(url))).toEqual([]);
  });
});
