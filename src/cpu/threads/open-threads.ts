import type { Shape } from '../kernels/shape.js';
import { OneThread } from './one-thread.js';
import { startWorker } from './start-worker.js';
import { Team } from './team.js';
import { type ThreadChoice, threadsFor } from './thread-count.js';
import type { Threads } from './threads.js';

/** Room for examples on as many threads as pay: one where the host has no workers, or its policy forbids them. */
export async function openThreads(shape: Shape, count: number, choice: ThreadChoice): Promise<Threads> {
  const wanted = Math.min(choice.threads ?? threadsFor(shape, count, choice), count);
  const started = await Promise.all(Array.from({ length: wanted - 1 }, () => startWorker()));
  const workers = started.filter((worker) => worker !== null);
  if (workers.length === 0) return new OneThread(shape, count, choice.kernels);
  try {
    return new Team(shape, count, workers);
  } catch (error) {
    for (const worker of workers) worker.end();
    throw error;
  }
}
