import { DescentError } from '../../src/base/errors.js';
import { type FitCommand, parseCommand } from '../../src/node/cli/arguments.js';

/** The parsed command `fit` of these words. */
export function parseFit(...words: string[]): FitCommand & { kind: 'fit' } {
  const command = parseCommand(['fit', ...words]);
  if (command.kind !== 'fit') throw new TypeError(`a command of kind ${command.kind}`);
  return command;
}

/** The error that these words are refused with. */
export function refusal(...words: string[]): DescentError {
  try {
    parseCommand(words);
  } catch (error) {
    if (error instanceof DescentError) return error;
    throw error;
  }
  throw new TypeError(`${words.join(' ')} was accepted`);
}
