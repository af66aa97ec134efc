import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** A folder of files below a path of a server on this machine, as any host of static files gives them out. */
export async function serveFolder(
  folder: string,
  headers: Readonly<Record<string, string>> = {},
  prefix = '/some/folder/',
): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const asked = pathname.startsWith(prefix) ? normalize(pathname.slice(prefix.length) || 'index.html') : '..';
    if (asked.startsWith('..')) {
      response.writeHead(404).end();
      return;
    }
    readFile(join(folder, asked)).then(
      (content) =>
        response.writeHead(200, { 'content-type': TYPES[extname(asked)] ?? 'text/plain', ...headers }).end(content),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${prefix}`,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}
