import uPlot from 'uplot';
import { colourOf } from './colours.js';
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

/** Shares of the first loss under this are not drawn on a logarithmic axis: uPlot counts its marks by 16 decimals. */
const LEAST_SHARE = 1e-15;

// uPlot declares this enumeration and does not export its values.
// eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment
const LOGARITHMIC = 3 as uPlot.Scale.Distr;

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
    const least = isLogarithmic ? LEAST_SHARE : 0;
    const heightOf = (loss: number | undefined) => (loss === undefined || !(loss / unit >= least) ? null : loss / unit);
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
      scales: { x: { time: false }, y: isLogarithmic ? { distr: LOGARITHMIC } : {} },
      axes: [
        { ...axis, label: text.program.epochAxis, size: 36 },
        {
          ...axis,
          grid: { ...axis.grid, ...(isLogarithmic && { filter: farApart }) },
          ticks: { ...axis.ticks, ...(isLogarithmic && { filter: farApart }) },
          label: text.program.lossAxis,
          size: (_plot, words) => marginFor(words),
          values: (_plot, marks) => marks.map((mark) => this.#mark(mark, unit)),
        },
      ],
      series: [
        {},
        ...lines.map(({ kind, width, dash }) => ({ stroke: colourOf(kind), width, dash, points: { show: false } })),
      ],
      hooks: { draw: [(plot) => this.#drawEpoch(plot)] },
    };
  }

  /** Of a logarithmic axis uPlot names only some marks. */
  #mark(mark: number | null, unit: number): string {
    return mark === null ? '' : this.#page.format.axis(Number((mark * unit).toPrecision(6)));
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

/** Of more decades than these nine lines each would be a grey area. */
const MOST_DECADES = 6;

/** The lines of a logarithmic axis that are drawn: over many decades the powers of ten alone. */
function farApart(_plot: uPlot, splits: number[]): (number | null)[] {
  const decades = Math.log10((splits.at(-1) ?? 1) / (splits[0] ?? 1));
  if (decades <= MOST_DECADES) return splits;
  const isPower = (split: number) => Math.abs(Math.log10(split) - Math.round(Math.log10(split))) < 1e-6;
  return splits.map((split) => (isPower(split) ? split : null));
}

/** Room for the words of the marks; uPlot asks before it has any, too. */
function marginFor(words: readonly string[] | null): number {
  return Math.max(64, ...(words ?? []).map(({ length }) => 22 + DIGIT_WIDTH * length));
}

/** The power of ten that a loss is some times of. */
function unitOf(loss: number): number {
  return loss > 0 ? 10 ** Math.floor(Math.log10(loss)) : 1;
}
