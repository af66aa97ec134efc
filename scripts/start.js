// @ts-check
// `npm start`: the command line, in this process, from a build of the present sources; the fit of the seed program without words.

import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildIfChanged } from './build-if-changed.js';

if (process.argv.length === 2) process.argv.push('fit');
await import(pathToFileURL(join(await buildIfChanged(), 'dist/node/cli.js')).href);
