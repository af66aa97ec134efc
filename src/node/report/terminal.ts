/**
 * Elements of the command line's output for people: a progress bar, a curve, a table, wrapped lines. Plain text, at
 * most 100 columns.
 */

import { number } from '../../base/text-table.js';

export { number, printable, table } from '../../base/text-table.js';

/** Longer lines are hard to read, and wrap by themselves, in the middle of a word, in many a terminal. */
const LINE_WIDTH = 100;

/** Under this a hanging indent leaves no room for words. */
const NARROWEST = 40;

/** Columns to fill: those of the terminal, if it is narrower than a line should be. */
export function lineWidth(stream: { columns?: number | undefined }): number {
  return Math.max(NARROWEST, Math.min(LINE_WIDTH, stream.columns || LINE_WIDTH));
}

/**
 * Text after its label, broken between words where it exceeds the width; the further lines start below the text.
 * A word that is longer than the room for it stays whole, so that a path can be copied.
 */
export function wrap(label: string, text: string, width = LINE_WIDTH): string[] {
  const room = width - label.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each, i) => (i === 0 ? label : ' '.repeat(label.length)) + each);
}

/** A line of progress that is drawn over itself. On anything but a terminal it stays silent. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #isSilent: boolean;
  readonly #width = 24;
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream, isWanted = true) {
    this.#stream = stream;
    this.#isSilent = !isWanted || !stream.isTTY || process.env.TERM === 'dumb';
  }

  draw(done: number, total: number, note: string): void {
    if (this.#isSilent) return;
    const filled = Math.round((this.#width * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(this.#width - filled);
    // A line that wraps could not be drawn over.
    this.#stream.write(`\r\x1b[2K${`${bar} ${note}`.slice(0, (this.#stream.columns || LINE_WIDTH) - 1)}`);
    this.#isDrawn = true;
  }

  clear(): void {
    if (this.#isDrawn) this.#stream.write('\r\x1b[2K');
    this.#isDrawn = false;
  }
}

const CURVE_WIDTH = 60;
const CURVE_HEIGHT = 8;
const LABEL_WIDTH = 10;

/** Eighths of a character cell, from the bottom up. */
const LEVELS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/**
 * The loss over the epochs or steps as filled columns, on a logarithmic axis when it falls by more than ten times.
 * Every column shows the last loss of its share of the epochs.
 */
export function lossCurve(
  history: readonly number[],
  unit: 'epoch' | 'step' = 'epoch',
  lineLength = LINE_WIDTH,
): string[] {
  const first = history[0];
  if (first === undefined) return [];
  const width = Math.min(CURVE_WIDTH, lineLength - LABEL_WIDTH - 2, history.length);
  const columns = Array.from({ length: width }, (_, column) => {
    return history[Math.floor(((column + 1) * history.length) / width) - 1] as number;
  });
  // The first loss leads the first column: the fall in the first epochs is often most of the story.
  columns[0] = first;
  const low = columns.reduce((least, loss) => Math.min(least, loss));
  const high = columns.reduce((most, loss) => Math.max(most, loss));
  if (low === high) {
    const epochs = history.length === 1 ? `the only ${unit}` : `each of ${count(history.length)} ${unit}s`;
    return [`loss ${number(low)} in ${epochs}`];
  }
  const isLogarithmic = low > 0 && high / low > 10;
  const scale = isLogarithmic ? Math.log : (loss: number) => loss;
  const span = scale(high) - scale(low); // above 0
  // The lowest loss still shows, as one eighth.
  const heights = columns.map((loss) => {
    const share = (scale(loss) - scale(low)) / span;
    return 1 + Math.round(share * (CURVE_HEIGHT * 8 - 1));
  });
  const lines = Array.from({ length: CURVE_HEIGHT }, (_, line) => {
    const floor = (CURVE_HEIGHT - 1 - line) * 8;
    const cells = heights.map((height) => LEVELS[Math.max(0, Math.min(8, height - floor))]).join('');
    const label = line === 0 ? number(high) : line === CURVE_HEIGHT - 1 ? number(low) : '';
    return `${label.padStart(LABEL_WIDTH)} ┤${cells}`.trimEnd();
  });
  const axis = `${' '.repeat(LABEL_WIDTH)} └${'─'.repeat(width)}`;
  const title = `loss by ${unit}, 1 to ${count(history.length)}${isLogarithmic ? ', logarithmic' : ''}`;
  return [title, ...lines, axis];
}

/** A small number that measures a difference: two digits. */
export function difference(value: number): string {
  const size = Math.abs(value);
  return size === 0 || (size >= 0.01 && size < 100) ? String(Number(value.toPrecision(2))) : value.toExponential(1);
}

/** With its noun: 1 example, 2 examples. */
export function plural(value: number, noun: string): string {
  return `${count(value)} ${noun}${value === 1 ? '' : 's'}`;
}

export function count(value: number): string {
  return value.toLocaleString('en-US');
}

/** Milliseconds as people say them. */
export function duration(elapsedMs: number): string {
  if (elapsedMs >= 10_000) return `${(elapsedMs / 1000).toFixed(1)} s`;
  if (elapsedMs >= 1000) return `${(elapsedMs / 1000).toFixed(2)} s`;
  return `${Number(elapsedMs.toPrecision(3))} ms`;
}
