// @ts-check
// `npm start`: the command line, in this process, from a build of the present sources.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfChanged } from './build-if-changed.js';

await import(pathToFileURL(join(await buildIfChanged(), 'dist/node/cli.js')).href);
