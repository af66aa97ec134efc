// `npm run blocks`: how long each call holds the thread of a page, on cores that have nothing else to do; some minutes.

import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { shortShaders } from '../../../../scripts/short-shaders.js';
import { CHROME } from '../../../support/chrome.js';
import { type Figures, recordFigures } from '../../../support/figures.js';
import { plainReporter } from '../../../support/plain-reporter.js';

export default defineConfig({
  root: join(import.meta.dirname, '../../../..'),
  plugins: [shortShaders()],
  test: {
    reporters: ['default', plainReporter()],
    include: ['test/trust/long/blocks/*.gpu.test.ts'],
    browser: {
      ...CHROME,
      commands: { recordFigures: (_, promise: string, figures: Figures) => recordFigures(promise, figures) },
    },
  },
});
