/** What the command line draws for people: a bar, a curve, a table. Plain text, 80 columns at most. */

/** A line of progress that is drawn over itself. On anything but a terminal it stays silent. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  readonly #width = 24;
  #isDrawn = false;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  draw(done: number, total: number, note: string): void {
    if (!this.#stream.isTTY) return;
    const filled = Math.round((this.#width * done) / total);
    const bar = '█'.repeat(filled) + '░'.repeat(this.#width - filled);
    this.#stream.write(`\r\x1b[2K${bar} ${note}`);
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
 * The loss over the epochs as filled columns, on a logarithmic axis when it falls by more than ten times.
 * Every column shows the last loss of its share of the epochs.
 */
export function lossCurve(history: readonly number[]): string[] {
  const first = history[0];
  if (first === undefined) return [];
  const width = Math.min(CURVE_WIDTH, history.length);
  const columns = Array.from({ length: width }, (_, column) => {
    return history[Math.floor(((column + 1) * history.length) / width) - 1] as number;
  });
  // The first loss leads the first column: the fall in the first epochs is often most of the story.
  columns[0] = first;
  const low = columns.reduce((least, loss) => Math.min(least, loss));
  const high = columns.reduce((most, loss) => Math.max(most, loss));
  const isLogarithmic = low > 0 && high / low > 10;
  const scale = isLogarithmic ? Math.log : (loss: number) => loss;
  const span = scale(high) - scale(low);
  // The lowest loss still shows, as one eighth.
  const heights = columns.map((loss) => {
    const share = span > 0 ? (scale(loss) - scale(low)) / span : 0;
    return 1 + Math.round(share * (CURVE_HEIGHT * 8 - 1));
  });
  const lines = Array.from({ length: CURVE_HEIGHT }, (_, line) => {
    const floor = (CURVE_HEIGHT - 1 - line) * 8;
    const cells = heights.map((height) => LEVELS[Math.max(0, Math.min(8, height - floor))]).join('');
    const label = line === 0 ? number(high) : line === CURVE_HEIGHT - 1 ? number(low) : '';
    return `${label.padStart(LABEL_WIDTH)} ┤${cells}`.trimEnd();
  });
  const axis = `${' '.repeat(LABEL_WIDTH)} └${'─'.repeat(width)}`;
  const title = `loss by epoch, 1 to ${history.length}${isLogarithmic ? ', logarithmic' : ''}`;
  return [title, ...lines, axis];
}

/** Rows under a head, first column to the left, the others to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => {
    const cells = row.map((cell, column) => {
      const width = widths[column] as number;
      return column === 0 ? cell.padEnd(width) : cell.padStart(width);
    });
    return cells.join('   ').trimEnd();
  });
}

/** Six digits, which is about what f32 holds. */
export function number(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size >= 1e7 || size < 1e-4) return value.toExponential(3);
  return String(Number(value.toPrecision(6)));
}

/** A small number that measures a difference: two digits. */
export function difference(value: number): string {
  return value === 0 ? '0' : value.toExponential(1);
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
