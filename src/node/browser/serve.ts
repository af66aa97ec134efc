import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FloatArray } from '../../data/dataset.js';

const PAGE =
  '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/dist/browser/page.js"></script>';

/** The page, the built library under /dist and columns of numbers, on this machine only. */
export async function serve(
  columns: readonly FloatArray[],
  distFolder: string,
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    const script = /^\/dist\/((?:[\w-]+\/)*[\w.-]+\.js)$/.exec(path)?.[1];
    const column = columns[Number(/^\/columns\/(\d+)$/.exec(path)?.[1] ?? Number.NaN)];
    if (path === '/') {
      response.setHeader('content-type', 'text/html').end(PAGE);
    } else if (column) {
      response.setHeader('content-type', 'application/octet-stream');
      response.end(new Uint8Array(column.buffer, column.byteOffset, column.byteLength));
    } else if (script) {
      readFile(join(distFolder, script)).then(
        (text) => response.setHeader('content-type', 'text/javascript').end(text),
        () => response.writeHead(404).end(),
      );
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((listening, failed) => server.once('error', failed).listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
