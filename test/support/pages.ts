import type { Browser } from 'puppeteer';
import { createServer, type ViteDevServer } from 'vite';
import { launchBrowser } from '../../src/node/browser/browser.js';

/** The start of a browser and the server's first look at the packages, on a busy machine. */
export const START_TIMEOUT_MS = 120_000;

/**
 * The project's pages as `npm run dev` serves them, and a browser to look at them. `packages` are bundled beforehand;
 * no other package is looked for, so none of the benchmark's peers either. `name` keeps caches of test files apart.
 */
export async function servePages(
  name: string,
  packages: string[] = [],
): Promise<{ server: ViteDevServer; browser: Browser; close: () => Promise<void> }> {
  const server = await createServer({
    logLevel: 'error',
    cacheDir: `node_modules/.vite/${name}`,
    optimizeDeps: { entries: [], noDiscovery: true, include: packages },
    server: { host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const { browser } = await launchBrowser({ prefer: 'bundled' });
  return {
    server,
    browser,
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}
