// The documentation in Vite: as files of the built site, and page by page in `npm run dev`.
//
// A few hundred lines around markdown-it rather than a generator of sites: VitePress 1.6 brings Vite 5 beside ours, builds for
// one base path where this site works from any folder, and writes scripts into its pages, which the policy forbids.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plugin, ViteDevServer } from 'vite';
import { CONTENT_SECURITY, TRUSTED_TYPES } from '../content-security.js';
import { apiPages } from './api-pages.js';
import { buildPages, repositoryPages, type Site } from './site-pages.js';

const ROOT = join(import.meta.dirname, '../..');

/** The scripts of the pages: their own, and the library for the examples that readers edit. */
export const DOCS_INPUT = {
  docs: 'pages/docs/client/main.ts',
  library: 'src/index.ts',
  csv: 'src/data/csv.ts',
};

/** Writes the documentation into the bundle of DOCS_INPUT. */
export function docsBuild(): Plugin {
  return {
    name: 'docs-build',
    async generateBundle(_, bundle) {
      const chunks = Object.values(bundle).flatMap((file) => (file.type === 'chunk' && file.isEntry ? [file] : []));
      const entry = (name: keyof typeof DOCS_INPUT) =>
        chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(DOCS_INPUT[name]))?.fileName ?? '';
      const styles = Object.keys(bundle).filter((name) => name.endsWith('.css'));
      const sources = new Map([...repositoryPages(), ...(await apiPages())]);
      const files = {
        scripts: [entry('docs')],
        styles,
        library: entry('library'),
        csv: entry('csv'),
        search: 'search.json',
      };
      const site = buildPages(sources, {
        files,
        policy: CONTENT_SECURITY + TRUSTED_TYPES,
      });
      for (const { address, html } of site.pages) this.emitFile({ type: 'asset', fileName: address, source: html });
      this.emitFile({
        type: 'asset',
        fileName: 'search.json',
        source: JSON.stringify(site.search),
      });
      for (const file of site.files) {
        this.emitFile({
          type: 'asset',
          fileName: file,
          source: readFileSync(join(ROOT, file)),
        });
      }
      this.emitFile({
        type: 'asset',
        fileName: 'LICENSE.txt',
        source: readFileSync(join(ROOT, 'LICENSE')),
      });
    },
  };
}

/** Serves the documentation at the root, as it is on disk; the reference once it is asked for. */
export function docsServer(): Plugin {
  let api: Promise<Map<string, string>> | undefined;
  const siteOf = async (address: string): Promise<Site> => {
    const needsApi = address.startsWith('api/') || address === 'search.json';
    const reference = needsApi ? await (api ??= apiPages()) : new Map([['api/index.md', '# API\n']]);
    const files = {
      scripts: [DOCS_INPUT.docs],
      styles: [], // the script brings them
      library: DOCS_INPUT.library,
      csv: DOCS_INPUT.csv,
      search: 'search.json',
    };
    return buildPages(new Map([...repositoryPages(), ...reference]), {
      files,
      policy: null,
    });
  };
  return {
    name: 'docs-server',
    apply: 'serve',
    configureServer(server: ViteDevServer) {
      server.middlewares.use((request, response, next) => {
        const { pathname } = new URL(request.url ?? '/', 'http://localhost');
        const address = pathname.slice(1) || 'index.html';
        if (pathname === '/lesson/') {
          response.writeHead(302, { location: '/demo/' }).end();
        } else if (address === 'search.json') {
          siteOf(address).then(
            ({ search }) => response.setHeader('content-type', 'application/json').end(JSON.stringify(search)),
            next,
          );
        } else if (/^(?:api\/)?[\w./-]+\.html$/.test(address) && !/^(?:demo|bench)\//.test(address)) {
          siteOf(address).then(({ pages }) => {
            const page = pages.find((each) => each.address === address);
            if (page) response.setHeader('content-type', 'text/html').end(page.html);
            else next();
          }, next);
        } else {
          next();
        }
      });
    },
  };
}
