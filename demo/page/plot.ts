import { freshId } from './controls.js';
import type { Format } from './format.js';
import { pathThrough, setAttributes, svg } from './svg.js';

export type Range = readonly [number, number];

export interface PlotOptions {
  /** The content of the picture, for those who do not see it. */
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
/** The width of a digit of the marks, about: those of large numbers need more room than the margin. */
export const DIGIT_WIDTH = 7.2;
/** Marks beyond these are written with a power of ten. */
const LARGEST_PLAIN = 1e6;
const SMALLEST_PLACE = -4;
/** The beginning of the name of the upright axis, and the height within which it is in the way of a mark. */
const NAME_LEFT = 6;
const NAME_HEIGHT = 8;
const LEAST_WIDTH = 200;
const LEAST_HEIGHT = 120;
/** The size of type, of the page as it is by default, for which the pixels of a drawing are those of the page. */
const ROOT_FONT_PX = 17;

/** The size of the page's type, in that of the page by default: printed, enlarged by the reader, or on a projector. */
export function typeScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / ROOT_FONT_PX;
}

/** About as many pixels between two marks of an axis. */
const TICK_DISTANCE = 64;

/** A drawing with two axes, in pixels of the page at its usual size of type, drawn again when the page changes its width. */
export class Plot {
  readonly svg: SVGSVGElement;
  readonly #options: PlotOptions;
  /** The ranges that stay while something in the picture is held. */
  #held: readonly [Range, Range] | undefined;
  /** Pixels of the page for one of the drawing, whose type, points and strokes grow with the type of the page. */
  #scale = 1;
  /** The values that its size followed from when it was last measured. */
  #measured = '';
  readonly #frame = svg('g', { class: 'frame' });
  /** The ranges and names that the axes were last drawn for. */
  #framed = '';
  readonly #clip = svg('rect');
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
      svg('clipPath', { id: clip }, this.#clip),
      this.#frame,
      this.#content,
    );
    host.append(this.svg);
    const follow = () => {
      if (this.#measure()) this.#draw?.();
    };
    const observer = new ResizeObserver(follow);
    observer.observe(host);
    observer.observe(document.documentElement); // which grows with the type of the page
    const { signal } = options;
    signal.addEventListener('abort', () => observer.disconnect(), { once: true });
    addEventListener('resize', follow, { signal });
    matchMedia('print').addEventListener('change', follow, { signal });
  }

  /** Keeps the axes as they are, whatever frame() asks for: they would run away from under a drag. */
  hold(): void {
    this.#held = [this.#x, this.#y];
  }

  release(): void {
    this.#held = undefined;
    this.#draw?.();
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

  /** Sets the function that draws the layers; called again when the size changes. */
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
    const scale = box.width / this.#width; // less than asked for, where the page is narrower than a drawing can be
    return this.valuesOf((clientX - box.left) / scale, (clientY - box.top) / scale);
  }

  /** The values at a place of the picture, in pixels. */
  valuesOf(px: number, py: number): { x: number; y: number } {
    const [left, right] = this.#x;
    const [low, high] = this.#y;
    const alongX = (px - this.#left) / this.innerWidth;
    const alongY = (py - MARGIN.top) / this.innerHeight;
    return { x: left + alongX * (right - left), y: high - alongY * (high - low) };
  }

  /** The place of the layers, in pixels. */
  get area(): { x: number; y: number; width: number; height: number } {
    return { x: this.#left, y: MARGIN.top, width: this.innerWidth, height: this.innerHeight };
  }

  /** The ranges that frame() shows where it is asked for these. */
  rangesFor(x: Range, y: Range): readonly [Range, Range] {
    if (this.#measured === '') this.#measure();
    this.#left = MARGIN.left;
    return this.#held ?? (this.#options.isIsometric ? this.#squareUnits(x, y) : [x, y]);
  }

  /** The size alone, for axes that someone else draws. */
  bare(): SVGGElement {
    if (this.#measured === '') this.#measure();
    this.#framed = '';
    this.#left = MARGIN.right; // no words are beside it, or below
    this.#bottom = MARGIN.top;
    this.#frame.replaceChildren(this.#ground());
    return this.#frame;
  }

  /** Axes for the given ranges. */
  frame(x: Range, y: Range): void {
    const { isIsometric = false, format } = this.#options;
    [this.#x, this.#y] = this.rangesFor(x, y);
    const yTicks = ticks(this.#y, (1.4 * this.innerHeight) / TICK_DISTANCE);
    const yWords = yTicks.map((at) => tickWords(at, yTicks, format));
    if (!isIsometric) this.#left = Math.max(MARGIN.left, ...yWords.map((words) => 12 + DIGIT_WIDTH * words.length));
    const key = [...this.#x, ...this.#y, this.#width, this.#height, this.#xName, this.#yName].join();
    if (key === this.#framed) return;
    this.#framed = key;
    const left = this.#left;
    const { top } = MARGIN;
    const bottom = top + this.innerHeight;
    const right = left + this.innerWidth;
    const xTicks = ticks(this.#x, this.innerWidth / TICK_DISTANCE);
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

  /** The size that the page has for it now. Returns true if it is another one; asked for when the layout of the page is done. */
  #measure(): boolean {
    const { aspect = 0.72 } = this.#options;
    const style = getComputedStyle(this.host);
    const most = Number.parseFloat(style.getPropertyValue('--picture-height')) || Infinity;
    const hostWidth = this.host.clientWidth;
    const scale = typeScale();
    const measured = [hostWidth, most, scale].join();
    if (measured === this.#measured) return false;
    this.#measured = measured;
    this.#scale = scale;
    this.#width = Math.max(LEAST_WIDTH, hostWidth / scale);
    this.#height = Math.round(Math.max(LEAST_HEIGHT, Math.min(this.#width * aspect, most / scale)));
    setAttributes(this.svg, {
      viewBox: `0 0 ${this.#width} ${this.#height}`,
      width: this.#width * this.#scale,
      height: this.#height * this.#scale,
    });
    return true;
  }

  /** The same length for one unit of both: the axis that has room for more shows more, and the size stays. */
  #squareUnits(x: Range, y: Range): readonly [Range, Range] {
    const unit = Math.min(this.innerWidth / (x[1] - x[0]), this.innerHeight / (y[1] - y[0]));
    return [around(x, this.innerWidth / unit), around(y, this.innerHeight / unit)];
  }

  #ground(): SVGRectElement {
    setAttributes(this.#clip, this.area);
    return svg('rect', { class: 'ground', ...this.area });
  }

  #rule(from: readonly [number, number], to: readonly [number, number], isZero: boolean): SVGPathElement {
    return svg('path', { class: isZero ? 'zero' : 'grid', d: pathThrough([from, to]) });
  }
}

/** A range of this length with the same middle. */
function around([low, high]: Range, length: number): Range {
  const middle = (low + high) / 2;
  return [middle - length / 2, middle + length / 2];
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
