// npm run bench -- --runtime node: our arms on every case, on Dawn in Node, for machines with a GPU and no browser.
// Built into one file that needs nothing beside it but the Dawn binding.

import { DescentError } from '../../src/base/errors.js';
import { helpText, parseBenchCommand } from '../arguments.js';
import { numpy } from '../arms/numpy.js';
import type { Library } from '../harness.js';
import { measure, report } from '../measure.js';
import { tuningRow } from '../tuning-row.js';
import { describeDawn, findDawn } from './dawn.js';
import { ARM_PROCESS, PROCESS_LIBRARIES, RemoteProcess, serveArms } from './process.js';

const HOST_LIBRARIES: readonly Library[] = [{ name: 'numpy', kind: 'peer-cpu', arms: numpy }];

const LIBRARY_NAMES = [...PROCESS_LIBRARIES, ...HOST_LIBRARIES].map(({ name }) => name);

async function main(): Promise<void> {
  const command = parseBenchCommand(process.argv.slice(2), LIBRARY_NAMES, 'node');
  if (command === 'help') {
    console.log(helpText(LIBRARY_NAMES));
    return;
  }
  if ('readme' in command || command.runtime !== 'node') throw new RangeError('this is the runner for --runtime node');
  const browser = `Node ${process.versions.node}, ${describeDawn(findDawn())}`;
  const opened = new Set<RemoteProcess>();
  const open = () => {
    const remote = new RemoteProcess();
    opened.add(remote);
    return Promise.resolve(remote);
  };
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  interruption.signal.addEventListener('abort', () => {
    for (const remote of opened) void remote.close();
  });
  try {
    if ('tune' in command) {
      console.log(tuningRow(await (await open()).call('tune'), browser));
      return;
    }
    const libraries = { remoteLibraries: PROCESS_LIBRARIES, hostLibraries: HOST_LIBRARIES };
    const result = await measure(command, { runtime: 'node', browser, open, ...libraries }, interruption.signal);
    await report(command, result);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.exitCode = 130;
  } finally {
    await Promise.all([...opened].map((remote) => remote.close()));
  }
}

if (process.argv[2] === ARM_PROCESS) {
  serveArms();
} else {
  main().catch((error: unknown) => {
    const isExpected = error instanceof Error && [DescentError.name, RangeError.name].includes(error.name);
    console.error(`bench: ${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = error instanceof RangeError ? 2 : 1;
  });
}
