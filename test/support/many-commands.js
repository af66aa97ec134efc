// @ts-check
// A process that runs the command line again and again: each command is a message, and so is what it wrote. Only the first module
// is evaluated anew; a start of a process for each would take a second of a busy machine.

import { pathToFileURL } from 'node:url';

process.stdout.setMaxListeners(0); // each command listens for errors until its process ends
let count = 0;

/** Collects what is written to a stream. */
function collect(/** @type {NodeJS.WriteStream} */ stream) {
  let text = '';
  stream.write = /** @type {typeof stream.write} */ (
    (/** @type {string | Uint8Array} */ chunk, /** @type {unknown[]} */ ...more) => {
      text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString();
      const done = more.at(-1);
      if (typeof done === 'function') setImmediate(/** @type {() => void} */ (done));
      return true;
    }
  );
  return () => text;
}

process.on('message', async (/** @type {{ cli: string, words: string[] }} */ { cli, words }) => {
  const [stdout, stderr] = [collect(process.stdout), collect(process.stderr)];
  process.argv = [process.execPath, cli, ...words];
  process.exitCode = undefined;
  await import(`${pathToFileURL(cli).href}?command=${count++}`);
  while (process.exitCode === undefined) await new Promise((resolve) => setTimeout(resolve, 1));
  process.send?.({ code: process.exitCode, stdout: stdout(), stderr: stderr() });
});
