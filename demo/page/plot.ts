import { freshId } from './controls.js';
import type { Format } from './format.js';
import { pathThrough, setAttributes, svg } from './svg.js';

export type Range = readonly [number, number];

export interface PlotOptions {
  /** What the picture shows, for those who do not see it. */
  label: string;
  xName: string;
  yName: string;
  format: Format;
  /** Height over width; the width is that of the page's column. */
  aspect?: number;
  /** The same length on both axes for one unit, so that a square is a square. */
  isIsometric?: boolean;
  /** Something in it can be moved: it is no mere picture then. */
  isInteractive?: boolean;
  signal: AbortSignal;
}

const MARGIN = { left: 46, right: 12, top: 14, bottom: 38 };
/** Of the marks' words, about: those of large numbers need more room than the margin. */
export const DIGIT_WIDTH = 7.2;
/** Marks beyond these are written with a power of ten. */
const LARGEST_PLAIN = 1e6;
const SMALLEST_PLACE = -4;
/** Where the name of the upright axis begins, and how far down it is in the way of a mark. */
const NAME_LEFT = 6;
const NAME_HEIGHT = 8;
const LEAST_WIDTH = 260;
/** About as many pixels between two marks of an axis. */
const TICK_DISTANCE = 64;

/** A drawing with two axes, in pixels of the page, drawn again when the page changes its width. */
export class Plot {
  readonly svg: SVGSVGElement;
  readonly #options: PlotOptions;
  readonly #frame = svg('g', { class: 'frame' });
  readonly #content: SVGGElement;
  #x: Range = [0, 1];
  #y: Range = [0, 1];
  #width = 0;
  #height = 0;
  #draw: (() => void) | undefined;
  #xName: string;
  #yName: string;
  #left = MARGIN.left;
  #bottom = MARGIN.bottom;

  constructor(
    readonly host: HTMLElement,
    options: PlotOptions,
  ) {
    this.#options = options;
    this.#xName = options.xName;
    this.#yName = options.yName;
    const clip = freshId();
    this.#content = svg('g', { 'clip-path': `url(#${clip})` });
    this.svg = svg(
      'svg',
      { class: 'plot', role: options.isInteractive ? 'group' : 'img', 'aria-label': options.label },
      svg('clipPath', { id: clip }, svg('rect')),
      this.#frame,
      this.#content,
    );
    host.append(this.svg);
    const observer = new ResizeObserver(() => {
      if (host.clientWidth !== this.#width) this.#draw?.();
    });
    observer.observe(host);
    options.signal.addEventListener('abort', () => observer.disconnect(), { once: true });
  }

  /** A group of shapes; groups lie over each other in the order in which they were asked for. */
  layer(name: string): SVGGElement {
    const made = svg('g', { class: name });
    this.#content.append(made);
    return made;
  }

  /** Other quantities along the axes. */
  rename(xName: string, yName = this.#yName): void {
    this.#xName = xName;
    this.#yName = yName;
  }

  /** What draws the layers; called again when the size changes. */
  onResize(draw: () => void): void {
    this.#draw = draw;
  }

  /** Pixels for a value of x; and of y. */
  readonly px = (x: number) => {
    const [low, high] = this.#x;
    return this.#left + ((x - low) / (high - low)) * this.innerWidth;
  };
  readonly py = (y: number) => {
    const [low, high] = this.#y;
    return MARGIN.top + ((high - y) / (high - low)) * this.innerHeight;
  };

  get innerWidth(): number {
    return this.#width - this.#left - MARGIN.right;
  }

  get innerHeight(): number {
    return this.#height - MARGIN.top - this.#bottom;
  }

  get xRange(): Range {
    return this.#x;
  }

  get yRange(): Range {
    return this.#y;
  }

  /** The values under a pointer. */
  valuesAt({ clientX, clientY }: { clientX: number; clientY: number }): { x: number; y: number } {
    const box = this.svg.getBoundingClientRect();
    const [left, right] = this.#x;
    const [low, high] = this.#y;
    const alongX = (clientX - box.left - this.#left) / this.innerWidth;
    const alongY = (clientY - box.top - MARGIN.top) / this.innerHeight;
    return { x: left + alongX * (right - left), y: high - alongY * (high - low) };
  }

  /** Where the layers are, in pixels. */
  get area(): { x: number; y: number; width: number; height: number } {
    return { x: this.#left, y: MARGIN.top, width: this.innerWidth, height: this.innerHeight };
  }

  /** The size alone, for axes that someone else draws. */
  bare(): SVGGElement {
    this.#resize();
    this.#left = MARGIN.right; // no words are beside it, or below
    this.#bottom = MARGIN.top;
    this.#frame.replaceChildren(this.#ground());
    return this.#frame;
  }

  /** Axes for the given ranges. */
  frame(x: Range, y: Range): void {
    const { isIsometric = false, format } = this.#options;
    this.#x = x;
    this.#y = y;
    this.#resize();
    const yTicks = ticks(y, (1.4 * this.innerHeight) / TICK_DISTANCE);
    const yWords = yTicks.map((at) => tickWords(at, yTicks, format));
    if (!isIsometric) this.#left = Math.max(MARGIN.left, ...yWords.map((words) => 12 + DIGIT_WIDTH * words.length));
    const left = this.#left;
    const { top } = MARGIN;
    const bottom = top + this.innerHeight;
    const right = left + this.innerWidth;
    const xTicks = ticks(x, this.innerWidth / TICK_DISTANCE);
    this.#frame.replaceChildren(
      this.#ground(),
      ...xTicks.map((at) => this.#rule([this.px(at), top], [this.px(at), bottom], at === 0)),
      ...yTicks.map((at) => this.#rule([left, this.py(at)], [right, this.py(at)], at === 0)),
      ...xTicks.map((at) => text(this.px(at), bottom + 16, 'middle', tickWords(at, xTicks, format))),
      ...yTicks.flatMap((at, i) => this.#yMark(at, yWords[i] as string)),
      text(right, bottom + 33, 'end', this.#xName, 'axis'),
      text(NAME_LEFT, top - 2, 'start', this.#yName, 'axis'),
    );
  }

  /** The words of a mark, but under a long name of the axis. */
  #yMark(at: number, words: string): SVGElement[] {
    const nameEnd = NAME_LEFT + DIGIT_WIDTH * this.#yName.length;
    const isUnderName = this.py(at) - MARGIN.top < NAME_HEIGHT && nameEnd > this.#left - 6 - DIGIT_WIDTH * words.length;
    return isUnderName ? [] : [text(this.#left - 6, this.py(at) + 4, 'end', words)];
  }

  #resize(): void {
    const { aspect = 0.72, isIsometric = false } = this.#options;
    this.#width = Math.max(LEAST_WIDTH, this.host.clientWidth);
    this.#height = Math.round(this.#width * aspect);
    this.#left = MARGIN.left;
    if (isIsometric) {
      const unit = this.innerWidth / (this.#x[1] - this.#x[0]);
      this.#height = Math.round(unit * (this.#y[1] - this.#y[0]) + MARGIN.top + MARGIN.bottom);
    }
    setAttributes(this.svg, {
      viewBox: `0 0 ${this.#width} ${this.#height}`,
      width: this.#width,
      height: this.#height,
    });
  }

  #ground(): SVGRectElement {
    setAttributes(this.svg.querySelector('clipPath rect') as Element, this.area);
    return svg('rect', { class: 'ground', ...this.area });
  }

  #rule(from: readonly [number, number], to: readonly [number, number], isZero: boolean): SVGPathElement {
    return svg('path', { class: isZero ? 'zero' : 'grid', d: pathThrough([from, to]) });
  }
}

export function text(x: number, y: number, anchor: 'start' | 'middle' | 'end', words: string, kind = ''): SVGElement {
  return svg('text', { x, y, 'text-anchor': anchor, class: kind }, words);
}

/** Round numbers from low to high, about `count` of them. */
export function ticks([low, high]: Range, count: number): number[] {
  const rough = (high - low) / Math.max(2, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** With as many digits as tell the marks apart. */
export function tickWords(at: number, all: readonly number[], format: Format): string {
  const step = Math.abs((all[1] ?? 1) - (all[0] ?? 0));
  const place = Math.floor(Math.log10(step) + 1e-9); // of the digit that changes from mark to mark
  const size = Math.max(...all.map(Math.abs));
  if (size < LARGEST_PLAIN && place >= SMALLEST_PLACE) return format.number(at, Math.max(0, -place));
  return format.power(at, Math.max(0, Math.floor(Math.log10(Math.abs(at))) - place));
}
