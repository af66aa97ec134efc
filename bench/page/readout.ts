import { count } from '../../src/node/report/terminal.js';
import { milliseconds } from '../report.js';
import type { Spread } from '../result.js';
import { create } from '../../pages/dom.js';
import type { Line, Point } from './lines.js';
import { swatch } from './styles.js';
import { text } from './text.js';

/** The legend of a chart, which also reads the lines out at one row count: median and quartiles. */
export interface Readout {
  table: HTMLTableElement;
  show: (rows: number) => void;
  /** The row count that is shown. */
  rows: () => number;
  /** Says what is shown to those who listen; by keyboard alone, since a pointer would never stop talking. */
  announce: () => void;
}

export function readout(lines: readonly Line[], value: (point: Point) => Spread, valueName: string): Readout {
  const title = create('span');
  const spoken = create('span', { class: 'spoken', role: 'status' });
  const table = create('table', { class: 'readout' }, create('caption', {}, title, spoken));
  const head = table.createTHead().insertRow();
  for (const name of Object.values(text.readout)) head.append(create('th', { scope: 'col' }, name));
  const body = table.createTBody();
  const cells = lines.map((line) => {
    const name = line.source === 'file' ? text.fromFile(line.library) : line.library;
    const row = body.insertRow();
    row.append(create('th', { scope: 'row' }, swatch(line), name));
    return { line, name, median: row.insertCell(), quartiles: row.insertCell() };
  });
  let shown = NaN;
  const spreadAt = ({ points }: Line) => {
    const point = points.find(({ rows }) => rows === shown);
    return point && value(point);
  };
  return {
    table,
    rows: () => shown,
    show: (rows) => {
      shown = rows;
      title.textContent = text.readoutTitle(valueName, count(rows));
      for (const { line, median, quartiles } of cells) {
        const spread = spreadAt(line);
        median.textContent = spread ? milliseconds(spread.median) : '–';
        quartiles.textContent = spread ? `${milliseconds(spread.q1)}–${milliseconds(spread.q3)}` : '–';
      }
    },
    announce: () => {
      const values = cells.map(({ name, median, quartiles }) =>
        text.readoutRow(name, median.textContent, quartiles.textContent),
      );
      spoken.textContent = `${title.textContent}: ${values.join('; ')}`;
    },
  };
}
