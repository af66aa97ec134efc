import './language.js';
import uPlot from 'uplot';
import type { Spread } from '../result.js';
import { type Line, logSplits, type Point } from './lines.js';
import { readout } from './readout.js';
import { colourOf, cssColour, dashOf, drawMark } from './styles.js';

export interface ChartContent {
  lines: readonly Line[];
  /** Which measurement of a point is drawn. */
  value: (point: Point) => Spread;
  /** With its unit: 'ms per epoch'. */
  valueName: string;
  /** Level lines. */
  levels: readonly { value: number; name: string }[];
  /** A point to mark, with what is written at it. */
  mark: { rows: number; value: number; name: string } | null;
}

const HEIGHT = 320;
const FONT = '12px system-ui, sans-serif';
const MARK_RADIUS = 4;

// uPlot declares this enumeration and does not export its values.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

/** '10K', '1M' */
const COMPACT = new Intl.NumberFormat('en-US', { notation: 'compact' });

/**
 * Draws lines over rows on two log axes, with a readout of the nearest row count below: by pointer, or by the arrow keys
 * when the chart has the focus. Returns what takes it away again.
 */
export function drawChart(host: HTMLElement, content: ChartContent): () => void {
  const { lines, value, valueName } = content;
  const rows = [...new Set(lines.flatMap(({ points }) => points.map((point) => point.rows)))].toSorted((a, b) => a - b);
  const medians = lines.map(({ points }) =>
    rows.map((at) => {
      const point = points.find((candidate) => candidate.rows === at);
      return point ? value(point).median : null;
    }),
  );
  const below = readout(lines, value, valueName);
  const axis = {
    stroke: cssColour('--text'),
    grid: { stroke: cssColour('--rule'), width: 1 },
    font: FONT,
    labelFont: FONT,
  };
  const chart = new uPlot(
    {
      width: host.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { drag: { x: false, y: false }, y: false, points: { show: false } },
      scales: {
        x: { time: false, distr: LOGARITHMIC, range: padded(rows) },
        y: { distr: LOGARITHMIC, range: padded(drawnValues(content)) },
      },
      axes: [
        { ...axis, label: 'rows', ...splitsOf('x', (at) => COMPACT.format(at)) },
        { ...axis, label: valueName, size: 56, ...splitsOf('y', String) },
      ],
      series: [
        {},
        ...lines.map((line) => ({
          stroke: colourOf(line),
          width: 2,
          dash: dashOf(line),
          spanGaps: true,
          points: { show: false },
        })),
      ],
      hooks: {
        draw: [(plot) => drawOver(plot, content)],
        setCursor: [
          ({ cursor }) => {
            if (typeof cursor.idx === 'number') below.show(rows[cursor.idx] as number);
          },
        ],
      },
    },
    [rows, ...medians],
    host,
  );
  host.after(below.table);
  below.show(rows.at(-1) as number);

  const moveCursor = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const index = Math.min(rows.length - 1, Math.max(0, rows.indexOf(below.rows()) + step));
    const at = rows[index] as number;
    chart.setCursor({ left: chart.valToPos(at, 'x'), top: 0 });
    below.show(at);
    below.announce();
  };
  host.addEventListener('keydown', moveCursor);
  const resized = new ResizeObserver(() => chart.setSize({ width: host.clientWidth, height: HEIGHT }));
  resized.observe(host);
  return () => {
    resized.disconnect();
    host.removeEventListener('keydown', moveCursor);
    chart.destroy();
    below.table.remove();
  };
}

function drawnValues({ lines, value, levels }: ChartContent): number[] {
  const spreads = lines.flatMap(({ points }) => points.map(value));
  return [...spreads.flatMap(({ q1, q3 }) => [q1, q3]), ...levels.map((level) => level.value)];
}

/** A fixed range with room for the marks at its ends. */
function padded(values: readonly number[]): [number, number] {
  const room = 1.6;
  return [Math.min(...values) / room, Math.max(...values) * room];
}

function splitsOf(scale: 'x' | 'y', name: (value: number) => string) {
  return {
    splits: ({ scales }: uPlot) => logSplits(scales[scale]?.min ?? 1, scales[scale]?.max ?? 10),
    filter: (_plot: uPlot, splits: number[]) => splits,
    values: (_plot: uPlot, splits: number[]) => splits.map(name),
  };
}

/** What uPlot does not draw by itself: marks with their quartiles, level lines, and the marked point. */
function drawOver(plot: uPlot, { lines, value, levels, mark }: ChartContent): void {
  const { ctx: context } = plot;
  const { left, top, width, height } = plot.bbox;
  const ratio = uPlot.pxRatio;
  const [text, background] = [cssColour('--text'), cssColour('--background')];
  const position = (rows: number, at: number) =>
    [plot.valToPos(rows, 'x', true), plot.valToPos(at, 'y', true)] as const;
  context.save();
  context.font = FONT.replace('12', String(12 * ratio));
  context.lineWidth = 1.5 * ratio;
  const label = (words: string, x: number, y: number) => {
    const wordsWidth = context.measureText(words).width;
    const start = Math.min(Math.max(left, x), left + width - wordsWidth);
    context.fillStyle = background;
    context.fillRect(start - 2 * ratio, y - 12 * ratio, wordsWidth + 4 * ratio, 16 * ratio);
    context.fillStyle = text;
    context.fillText(words, start, y);
  };
  const rule = (fromX: number, fromY: number, toX: number, toY: number) => {
    context.strokeStyle = text;
    context.setLineDash([2 * ratio, 4 * ratio]);
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  };
  for (const level of levels) {
    const y = plot.valToPos(level.value, 'y', true);
    rule(left, y, left + width, y);
    label(level.name, left + 6 * ratio, y - 6 * ratio);
  }
  for (const line of lines) {
    for (const point of line.points) {
      const { median, q1, q3 } = value(point);
      const [x, y] = position(point.rows, median);
      context.strokeStyle = colourOf(line);
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(x, plot.valToPos(q1, 'y', true));
      context.lineTo(x, plot.valToPos(q3, 'y', true));
      context.stroke();
      context.save();
      context.translate(x, y);
      drawMark(context, line, MARK_RADIUS * ratio, background);
      context.restore();
    }
  }
  if (mark) {
    const [x, y] = position(mark.rows, mark.value);
    rule(x, top, x, top + height);
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, y, 2 * MARK_RADIUS * ratio, 0, 2 * Math.PI);
    context.stroke();
    label(mark.name, x + 6 * ratio, top + 14 * ratio);
  }
  context.restore();
}
