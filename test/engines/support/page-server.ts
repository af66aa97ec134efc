// A page of one module, and files beside it that are given out in ranges, as any host of static files does.

import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';

const TYPES: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.wasm': 'application/wasm' };
const PAGE = '<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>';

export interface PageServer {
  url: string;
  /** Bytes that went out for each file. */
  sent: Map<string, number>;
  close(): Promise<void>;
}

/** Serves a page whose module is page.js, and the files of two folders. */
export async function servePage(folders: readonly string[]): Promise<PageServer> {
  const sent = new Map<string, number>();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/') response.setHeader('content-type', 'text/html').end(PAGE);
    else if (pathname.includes('..')) response.writeHead(404).end();
    else
      void giveOut(folders, pathname, request, response).then((bytes) =>
        sent.set(pathname, (sent.get(pathname) ?? 0) + bytes),
      );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    sent,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

/** Answers with a file or the range of it that is asked for, and returns the number of bytes. */
async function giveOut(
  folders: readonly string[],
  pathname: string,
  { method, headers }: { method?: string | undefined; headers: { range?: string | undefined } },
  response: ServerResponse,
): Promise<number> {
  for (const folder of folders) {
    const file = join(folder, pathname);
    const found = await stat(file).catch(() => null);
    if (!found?.isFile()) continue;
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    const start = Number(first ?? 0);
    const end = last ? Math.min(Number(last), found.size - 1) : found.size - 1;
    response
      .setHeader('accept-ranges', 'bytes')
      .setHeader('content-type', TYPES[extname(file)] ?? 'application/octet-stream');
    if (first !== undefined) response.setHeader('content-range', `bytes ${start}-${end}/${found.size}`);
    response.setHeader('content-length', end - start + 1).writeHead(first === undefined ? 200 : 206);
    if (method === 'HEAD') response.end();
    else createReadStream(file, { start, end }).pipe(response);
    return method === 'HEAD' ? 0 : end - start + 1;
  }
  response.writeHead(404).end();
  return 0;
}
