import uPlot from 'uplot';
import { colourOf } from './colours.js';
import { logMarks, logRange, namedLogMarks } from './log-marks.js';
import { DIGIT_WIDTH } from './plot.js';
import type { Page } from './section.js';

export interface LossLine {
  /** The class whose colour it has. */
  kind: string;
  width: number;
  dash: number[];
  losses: readonly number[];
}

const HEIGHT = 300;
const FONT = '13px system-ui, sans-serif';

/** An axis along which powers of ten are drawn. */
const LOGARITHMIC: { scale: uPlot.Scale; axis: uPlot.Axis } = {
  // Without any loss uPlot has no range to hand in.
  scale: { range: (_plot, low, high) => (Number.isFinite(low) ? logRange(low, high) : [null, null]) },
  axis: {
    splits: (_plot, _axis, low, high) => logMarks(low, high),
    filter: ({ scales }, marks) => namedLogMarks(marks, scales.y?.min ?? 0, scales.y?.max ?? 1),
  },
};

/** Losses over epochs, on a linear or a logarithmic axis, with a mark at the epoch of the moment where there is one. */
export class LossChart {
  readonly #host: HTMLElement;
  readonly #page: Page;
  #chart: uPlot | undefined;
  /** What the chart was made for: other losses of the same lines are only put in. */
  #key = '';
  #epoch: number | undefined;

  constructor(host: HTMLElement, page: Page) {
    this.#host = host;
    this.#page = page;
    const observer = new ResizeObserver(() => this.#chart?.setSize({ width: host.clientWidth, height: HEIGHT }));
    observer.observe(host);
    page.signal.addEventListener('abort', () => {
      observer.disconnect();
      this.#chart?.destroy();
    });
  }

  draw(lines: readonly LossLine[], isLogarithmic: boolean): void {
    const length = Math.max(1, ...lines.map(({ losses }) => losses.length));
    const epochs = Array.from({ length }, (_, epoch) => epoch);
    const unit = unitOf(lines[0]?.losses[0] ?? 1);
    const heightOf = (loss = Number.NaN) => {
      const height = isLogarithmic ? Math.log10(loss) : loss / unit;
      return Number.isFinite(height) ? height : null; // a loss of 0 has no power of ten
    };
    const data: uPlot.AlignedData = [
      epochs,
      ...lines.map(({ losses }) => epochs.map((epoch) => heightOf(losses[epoch]))),
    ];
    const key = JSON.stringify([isLogarithmic, unit, lines.map(({ kind, width, dash }) => [kind, width, dash])]);
    if (this.#chart && key === this.#key) {
      this.#chart.setData(data);
      return;
    }
    this.#chart?.destroy();
    this.#chart = new uPlot(this.#optionsFor(lines, isLogarithmic, unit), data, this.#host);
    this.#key = key;
  }

  showEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#chart?.redraw(false);
  }

  #optionsFor(lines: readonly LossLine[], isLogarithmic: boolean, unit: number): uPlot.Options {
    const { text } = this.#page;
    const axis = {
      stroke: colourOf('quiet'),
      grid: { stroke: colourOf('rule'), width: 1 },
      ticks: { stroke: colourOf('rule'), width: 1 },
      font: FONT,
      labelFont: FONT,
    };
    return {
      width: this.#host.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false }, y: isLogarithmic ? LOGARITHMIC.scale : {} },
      axes: [
        { ...axis, label: text.program.epochAxis, size: 36 },
        {
          ...axis,
          ...(isLogarithmic && LOGARITHMIC.axis),
          label: text.program.lossAxis,
          size: (_plot, words) => marginFor(words),
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

  /** Of a logarithmic axis, which has no unit, only some marks are named. */
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

/** Room for the words of the marks; uPlot asks before it has any, too. */
function marginFor(words: readonly string[] | null): number {
  return Math.max(64, ...(words ?? []).map(({ length }) => 22 + DIGIT_WIDTH * length));
}

/** The power of ten that a loss is some times of. */
function unitOf(loss: number): number {
  return loss > 0 ? 10 ** Math.floor(Math.log10(loss)) : 1;
}
