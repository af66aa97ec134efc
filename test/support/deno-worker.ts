/** What Deno runs for Vitest: the worker's half of test/support/deno-pool.ts. */
import { setInterval } from 'node:timers'; // the true one, also while a test has put another in its place
import { init, runBaseTests, setupEnvironment } from 'vitest/worker';
import { decode, encode, READY } from './deno-messages.js';

function post(message: string): void {
  if (process.send === undefined) throw new Error('only the pool can start this file, with a channel to it');
  process.send(message);
}

init({
  post,
  on: (listener) => process.on('message', listener),
  off: (listener) => process.off('message', listener),
  serialize: encode,
  deserialize: decode,
  runTests: (state, traces) => runBaseTests('run', state, traces),
  collectTests: (state, traces) => runBaseTests('collect', state, traces),
  setup: setupEnvironment,
});
const exit = process.exit.bind(process); // while tests run, Vitest puts a function in its place that throws
// When Vitest is gone: the one while nothing is being written to it, the other on a broken pipe.
for (const event of ['disconnect', 'error']) process.on(event, () => exit());
// About once in sixty deaths Deno tells neither; then the process has another parent.
const parent = process.ppid;
setInterval(() => process.ppid === parent || exit(), 500).unref();
post(READY);
