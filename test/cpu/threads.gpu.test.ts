// Several threads against one in a browser: workers that begin as text, without files of their own.
import { expect, it } from 'vitest';
import { startWorker } from '../../src/cpu/threads/start-worker.js';
import { describeThreads } from '../support/describe-threads.js';

it('the page may share memory, so that both ways of exchange are tried', () => {
  expect(crossOriginIsolated).toBe(true);
});

it('a worker starts, and tells of its failure', async () => {
  const worker = await startWorker();
  const failure = new Promise((resolve) => worker && (worker.onFailure = resolve));
  worker?.post({ action: 'nothing of the kind' });
  expect(await failure).toContain('is not a function');
  worker?.end();
});

describeThreads();
