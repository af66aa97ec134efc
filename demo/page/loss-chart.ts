import uPlot from 'uplot';
import { colourOf } from './colours.js';
import { logMarks, logRange, namedLogMarks } from './log-marks.js';
import { DIGIT_WIDTH, typeScale } from './plot.js';
import type { Page } from './section.js';

export interface LossLine {
  /** The class whose colour it has. */
  kind: string;
  width: number;
  dash: number[];
  losses: readonly number[];
}

const HEIGHT = 300;

/** On a telephone a chart that stays in view over its controls has this share of the window, as other pictures there. */
const NARROW = '(max-width: 56rem)';
const NARROW_SHARE = 0.23;
const LEAST_HEIGHT = 140;

/** The sizes of an axis in pixels, where the type of the page has its usual size. */
const AXIS = { type: 13, marks: 36, name: 30, gap: 5, ticks: 10, apart: { x: 50, y: 30 } };

/** The axis below takes at most this share of the height, however large the type. */
const MOST_OF_HEIGHT = 0.5;

/** An axis along which powers of ten are drawn. */
const LOGARITHMIC: uPlot.Axis = {
  splits: (_plot, _axis, low, high) => logMarks(low, high),
  filter: ({ scales }, marks) => namedLogMarks(marks, scales.y?.min ?? 0, scales.y?.max ?? 1),
};

/** Room over and under the losses on a linear axis, as a share of their range. */
const LINEAR_ROOM = 0.1;

/** Losses over epochs, on a linear or a logarithmic axis, with a mark at the epoch of the moment where there is one. */
export class LossChart {
  readonly #host: HTMLElement;
  readonly #page: Page;
  #chart: uPlot | undefined;
  /** The lines that the chart was made for: other losses of the same lines are only put in. */
  #key = '';
  /** The last drawing, to be drawn anew in another size of type or in the colours of paper. */
  #again: (() => void) | undefined;
  #scale = 1;
  #epoch: number | undefined;
  /** The range of all heights, also of those that are still to come; null where the axis follows what is shown. */
  #range: readonly [number, number] | null = null;

  constructor(host: HTMLElement, page: Page) {
    this.#host = host;
    this.#page = page;
    const observer = new ResizeObserver(() => this.#resize());
    observer.observe(host);
    observer.observe(document.documentElement); // which grows with the type of the page
    const { signal } = page;
    matchMedia('print').addEventListener('change', () => this.#again?.(), { signal });
    signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#chart?.destroy();
    });
  }

  /** Draws the losses up to `shownEpochs`; the axes have room for the rest of the curve, which is still to come. */
  draw(lines: readonly LossLine[], isLogarithmic: boolean, shownEpochs = Infinity): void {
    const length = Math.max(1, ...lines.map(({ losses }) => losses.length));
    const epochs = Array.from({ length }, (_, epoch) => epoch);
    const unit = unitOf(lines[0]?.losses[0] ?? 1);
    const placeOf = (loss = Number.NaN) => {
      const height = isLogarithmic ? Math.log10(loss) : loss / unit;
      return Number.isFinite(height) ? height : null; // a loss of 0 has no power of ten
    };
    const heights = lines.map(({ losses }) => epochs.map((epoch) => placeOf(losses[epoch])));
    this.#range = shownEpochs === Infinity ? null : rangeOf(heights);
    const data: uPlot.AlignedData = [
      epochs,
      ...heights.map((line) => line.map((height, epoch) => (epoch > shownEpochs ? null : height))),
    ];
    const key = JSON.stringify([isLogarithmic, unit, lines.map(({ kind, width, dash }) => [kind, width, dash])]);
    this.#again = () => {
      this.#key = '';
      this.draw(lines, isLogarithmic, shownEpochs);
    };
    if (this.#chart && key === this.#key) {
      this.#chart.setData(data);
      return;
    }
    this.#chart?.destroy();
    this.#scale = scaleOf(this.#host);
    this.#chart = new uPlot(this.#optionsFor(lines, isLogarithmic, unit), data, this.#host);
    this.#key = key;
  }

  #resize(): void {
    if (!this.#chart) return;
    const size = { width: this.#host.clientWidth, height: heightOf(this.#host) };
    if (scaleOf(this.#host) !== this.#scale) this.#again?.();
    else if (size.width !== this.#chart.width || size.height !== this.#chart.height) this.#chart.setSize(size);
  }

  showEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#chart?.redraw(false);
  }

  #optionsFor(lines: readonly LossLine[], isLogarithmic: boolean, unit: number): uPlot.Options {
    const { text } = this.#page;
    const scale = this.#scale;
    const font = `${AXIS.type * scale}px system-ui, sans-serif`;
    const axis = {
      stroke: colourOf('quiet'),
      grid: { stroke: colourOf('rule'), width: 1 },
      ticks: { stroke: colourOf('rule'), width: 1, size: AXIS.ticks * scale },
      ...{ font, labelFont: font, labelSize: AXIS.name * scale, gap: AXIS.gap * scale },
    };
    return {
      width: this.#host.clientWidth,
      height: heightOf(this.#host),
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: { range: (_plot, low, high) => this.#rangeFor(low, high, isLogarithmic) } },
      axes: [
        { ...axis, label: text.program.epochAxis, size: AXIS.marks * scale, space: AXIS.apart.x * scale },
        {
          ...axis,
          ...(isLogarithmic && LOGARITHMIC),
          ...{ label: text.program.lossAxis, space: AXIS.apart.y * scale },
          size: (_plot, words) => scale * marginFor(words),
          values: (_plot, marks) => marks.map((mark) => this.#mark(mark, isLogarithmic ? null : unit)),
        },
      ],
      series: [
        {},
        ...lines.map(({ kind, width, dash }) => ({ stroke: colourOf(kind), width, dash, points: { show: false } })),
      ],
      hooks: { draw: [(plot) => this.#drawEpoch(plot)] },
    };
  }

  /** Without any loss uPlot has no range to hand in. */
  #rangeFor(shownLow: number, shownHigh: number, isLogarithmic: boolean): uPlot.Range.MinMax {
    const [low, high] = this.#range ?? [shownLow, shownHigh];
    if (!Number.isFinite(low)) return [null, null];
    return isLogarithmic ? logRange(low, high) : uPlot.rangeNum(low, high, LINEAR_ROOM, true);
  }

  /** The words of a mark; of a logarithmic axis, which has no unit, only some are named. */
  #mark(mark: number | null, unit: number | null): string {
    if (mark === null) return '';
    return this.#page.format.axis(Number((unit === null ? 10 ** mark : mark * unit).toPrecision(6)));
  }

  #drawEpoch(plot: uPlot): void {
    if (this.#epoch === undefined || this.#epoch < 0) return; // none yet
    const { ctx, bbox } = plot;
    const x = plot.valToPos(this.#epoch, 'x', true);
    ctx.save();
    ctx.strokeStyle = colourOf('quiet');
    ctx.lineWidth = uPlot.pxRatio;
    ctx.setLineDash([4 * uPlot.pxRatio, 4 * uPlot.pxRatio]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }
}

function heightOf(host: HTMLElement): number {
  const isTight = host.closest('.stage') !== null && matchMedia(NARROW).matches;
  return isTight ? Math.max(LEAST_HEIGHT, Math.round(NARROW_SHARE * innerHeight)) : HEIGHT;
}

/** The size of the chart's type, in that of the page by default. */
function scaleOf(host: HTMLElement): number {
  return Math.min(typeScale(), (MOST_OF_HEIGHT * heightOf(host)) / (AXIS.marks + AXIS.name));
}

/** The least and the largest height; null where there is none. */
function rangeOf(lines: readonly (readonly (number | null)[])[]): readonly [number, number] | null {
  const found = lines.flat().filter((height) => height !== null);
  return found.length === 0 ? null : [Math.min(...found), Math.max(...found)];
}

/** Room for the words of the marks; uPlot asks before it has any, too. */
function marginFor(words: readonly string[] | null): number {
  return Math.max(64, ...(words ?? []).map(({ length }) => 22 + DIGIT_WIDTH * length));
}

/** The power of ten that a loss is some times of. */
function unitOf(loss: number): number {
  return loss > 0 ? 10 ** Math.floor(Math.log10(loss)) : 1;
}
