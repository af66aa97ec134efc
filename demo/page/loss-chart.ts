import uPlot from 'uplot';
import { colourOf } from './colours.js';
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

// uPlot declares this enumeration and does not export its values.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

/** Losses over epochs, on a linear or a logarithmic axis, with a mark at the epoch of the moment. */
export class LossChart {
  readonly #host: HTMLElement;
  readonly #page: Page;
  #chart: uPlot | undefined;
  #epoch = 0;

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
    this.#chart?.destroy();
    const { text } = this.#page;
    const length = Math.max(1, ...lines.map(({ losses }) => losses.length));
    const epochs = Array.from({ length }, (_, epoch) => epoch);
    const axis = {
      stroke: colourOf('quiet'),
      grid: { stroke: colourOf('rule'), width: 1 },
      ticks: { stroke: colourOf('rule'), width: 1 },
      font: FONT,
      labelFont: FONT,
    };
    this.#chart = new uPlot(
      {
        width: this.#host.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { show: false },
        scales: { x: { time: false }, y: isLogarithmic ? { distr: LOGARITHMIC } : {} },
        axes: [
          { ...axis, label: text.program.epochAxis, size: 36 },
          {
            ...axis,
            label: text.program.lossAxis,
            size: 64,
            values: (_plot, marks) => marks.map((mark) => this.#mark(mark)),
          },
        ],
        series: [
          {},
          ...lines.map(({ kind, width, dash }) => ({ stroke: colourOf(kind), width, dash, points: { show: false } })),
        ],
        hooks: { draw: [(plot) => this.#drawEpoch(plot)] },
      },
      [epochs, ...lines.map(({ losses }) => epochs.map((epoch) => losses[epoch] ?? null))],
      this.#host,
    );
  }

  showEpoch(epoch: number): void {
    this.#epoch = epoch;
    this.#chart?.redraw(false);
  }

  /** Of a logarithmic axis uPlot names only some marks. */
  #mark(mark: number | null): string {
    return mark === null ? '' : this.#page.format.axis(mark);
  }

  #drawEpoch(plot: uPlot): void {
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
