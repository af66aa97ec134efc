import { commands } from '@vitest/browser/context';
import type { Figures } from './figures.js';

/** `recordFigures` from a page: the configuration of these tests has it as a command. */
export function keepFigures(promise: string, figures: Figures): Promise<void> {
  const { recordFigures } = commands as unknown as {
    recordFigures: (promise: string, figures: Figures) => Promise<void>;
  };
  return recordFigures(promise, figures);
}
