import '../../pages/language.js';
import uPlot from 'uplot';
import type { Spread } from '../result.js';
import { type Line, logSplits, type Point } from './lines.js';
import { readout } from './readout.js';
import { language, text } from './text.js';
import { colourOf, cssColour, dashOf, drawMark } from './styles.js';

export interface ChartContent {
  lines: readonly Line[];
  /** The measurement of a point that is drawn. */
  value: (point: Point) => Spread;
  /** With its unit: 'ms per epoch'. */
  valueName: string;
  /** Level lines. */
  levels: readonly { value: number; name: string }[];
  /** Points to ring, with what is written at them. */
  marks: readonly { rows: number; value: number; name: string }[];
}

const HEIGHT = 320;
const FONT = '12px system-ui, sans-serif';
const MARK_RADIUS = 4;

// uPlot declares this enumeration and does not export its values.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

/** '10K', '1M'; in Korean '1만', '100만' */
const COMPACT = new Intl.NumberFormat(language === 'ko' ? 'ko' : 'en-US', { notation: 'compact' });

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
        y: { distr: LOGARITHMIC, range: padded(drawnValues(content), content.marks.length) },
      },
      axes: [
        { ...axis, label: text.rows, size: 36, ...splitsOf('x', (at) => COMPACT.format(at)) },
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
        drawAxes: [(plot) => drawLevels(plot, content)],
        draw: [(plot) => drawPoints(plot, content)],
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

/** A fixed range with room for the marks at its ends, and above for lines of words. */
function padded(values: readonly number[], lines = 0): [number, number] {
  const room = 1.6;
  const low = Math.min(...values) / room;
  const high = Math.max(...values) * room;
  return [low, high * (high / low) ** (0.1 * lines)];
}

function splitsOf(scale: 'x' | 'y', name: (value: number) => string) {
  return {
    splits: ({ scales }: uPlot) => logSplits(scales[scale]?.min ?? 1, scales[scale]?.max ?? 10),
    filter: (_plot: uPlot, splits: number[]) => splits,
    values: (_plot: uPlot, splits: number[]) => splits.map(name),
  };
}

/** The level lines, below the data. */
function drawLevels(plot: uPlot, { levels }: ChartContent): void {
  const pen = new Pen(plot);
  const { left, width } = plot.bbox;
  for (const [index, { value, name }] of levels.entries()) {
    const y = plot.valToPos(value, 'y', true);
    pen.rule(left, y, left + width, y);
    pen.label(name, index === 0 ? left : left + width, y - 6 * uPlot.pxRatio); // the second one at the right
  }
  pen.lift();
}

/** A mark with its quartiles at every point, and what is pointed out. */
function drawPoints(plot: uPlot, { lines, value, marks }: ChartContent): void {
  const pen = new Pen(plot);
  const { context } = pen;
  const radius = MARK_RADIUS * uPlot.pxRatio;
  const background = cssColour('--background');
  for (const line of lines) {
    for (const point of line.points) {
      const { median, q1, q3 } = value(point);
      const x = plot.valToPos(point.rows, 'x', true);
      context.strokeStyle = colourOf(line);
      context.setLineDash([]);
      context.beginPath();
      context.moveTo(x, plot.valToPos(q1, 'y', true));
      context.lineTo(x, plot.valToPos(q3, 'y', true));
      context.stroke();
      context.save();
      context.translate(x, plot.valToPos(median, 'y', true));
      drawMark(context, line, radius, background);
      context.restore();
    }
  }
  const { top, height } = plot.bbox;
  for (const [index, mark] of marks.entries()) {
    const x = plot.valToPos(mark.rows, 'x', true);
    pen.rule(x, top, x, top + height);
    context.setLineDash([]);
    context.beginPath();
    context.arc(x, plot.valToPos(mark.value, 'y', true), 2 * radius, 0, 2 * Math.PI);
    context.stroke();
    pen.label(mark.name, x, top + (14 + 18 * index) * uPlot.pxRatio);
  }
  pen.lift();
}

/** Writes and rules on a chart in the colour of its text, inside its bounds. Its canvas is as it was after `lift`. */
class Pen {
  readonly context: CanvasRenderingContext2D;
  readonly #bounds: uPlot.BBox;
  readonly #colour = cssColour('--text');
  readonly #background = cssColour('--background');

  constructor({ ctx, bbox }: uPlot) {
    ctx.save();
    ctx.font = FONT.replace('12', String(12 * uPlot.pxRatio));
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.lineWidth = 1.5 * uPlot.pxRatio;
    this.context = ctx;
    this.#bounds = bbox;
  }

  rule(fromX: number, fromY: number, toX: number, toY: number): void {
    this.context.strokeStyle = this.#colour;
    this.context.setLineDash([2 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    this.context.beginPath();
    this.context.moveTo(fromX, fromY);
    this.context.lineTo(toX, toY);
    this.context.stroke();
  }

  /** To the right of x, or as far to the left as it must begin to end inside. */
  label(words: string, x: number, y: number): void {
    const { left, width } = this.#bounds;
    const wordsWidth = this.context.measureText(words).width;
    const room = 6 * uPlot.pxRatio;
    const start = Math.max(left, Math.min(x + room, left + width - wordsWidth));
    this.context.fillStyle = this.#background;
    this.context.fillRect(start - room / 3, y - 2 * room, wordsWidth + (2 * room) / 3, (8 * room) / 3);
    this.context.fillStyle = this.#colour;
    this.context.fillText(words, start, y);
  }

  lift(): void {
    this.context.restore();
  }
}
