import { join } from 'node:path';
import { buildIfChanged } from '../../scripts/build-if-changed.js';

/** The folder of the built package: index.js, csv.js and node/cli.js as `npm run build` makes them of the present sources. */
export const BUILT: string = join(await buildIfChanged(), 'dist');
