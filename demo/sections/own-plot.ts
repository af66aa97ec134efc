import type { LinearModel } from '../../src/index.js';
import { acrossOf, curveOver, type OwnPicture, pictureOf } from '../lesson/own-picture.js';
import type { OwnResult } from '../lesson/own-fit.js';
import type { Point } from '../lesson/presets.js';
import { shortened } from '../page/format.js';
import { Plot, type Range } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { pathThrough, svg } from '../page/svg.js';
import { Select } from './own-choice.js';
import { within } from './scale-line.js';

/** Points of the reader's data and the fitted curve over what the reader wants along x. */
export class OwnPlot {
  /** The choice of the quantity along x, where there are several features. */
  readonly across: HTMLElement;
  readonly #page: Page;
  readonly #plot: Plot;
  readonly #dots: SVGGElement;
  readonly #curve: SVGGElement;
  readonly #select: Select;
  readonly #say: (caption: string) => void;
  #result: OwnResult | undefined;
  #picture: OwnPicture | undefined;
  /** The line of the best h(x), under that of descent; empty where the two have no axis in common. */
  #best: readonly Point[] = [];

  constructor(host: HTMLElement, page: Page, say: (caption: string) => void) {
    const { text, format, signal, store } = page;
    this.#page = page;
    this.#say = say;
    this.#plot = new Plot(host, { label: text.own.plotLabel, xName: 'x', yName: 'y', format, signal });
    this.#dots = this.#plot.layer('points');
    this.#curve = this.#plot.layer('line');
    this.#plot.onResize(() => this.#draw());
    this.#select = new Select(text.own.across, 'across', (name) => store.set({ across: name === '' ? [] : [name] }));
    this.across = this.#select.element;
  }

  /** The result, or descent on its columns by the model as it stands. */
  async show(result: OwnResult, descending?: LinearModel): Promise<void> {
    const { text, store, signal } = this.#page;
    const words = text.own;
    const [asked] = store.state.across;
    const shown = descending ? { ...result, model: descending } : result;
    const { featureNames, loss } = result.model;
    const across = acrossOf(result, asked);
    this.#result = shown;
    this.across.hidden = featureNames.length === 1;
    this.#select.offer([
      { value: '', label: loss === 'logistic' ? words.logOddsAcross : words.prediction },
      ...featureNames.map((name) => ({ value: name, label: name })),
    ]);
    this.#select.set(typeof across === 'object' ? across.feature : '');
    const picture = await pictureOf(shown, asked);
    const best = descending && typeof across === 'object' ? await curveOver(result, across, picture) : [];
    if (signal.aborted || this.#result !== shown || store.state.across[0] !== asked) return;
    this.#picture = picture;
    this.#best = best;
    this.#say(this.#caption(shown, picture));
    this.#draw();
  }

  #draw(): void {
    if (!this.#picture || !this.#result) return;
    const { across, points, curve } = this.#picture;
    const { targetName } = this.#result.model;
    const plot = this.#plot;
    const xName = typeof across === 'object' ? across.feature : { prediction: 'h(x)', 'log-odds': 'w·x + b' }[across];
    plot.rename(shortened(xName), shortened(targetName));
    // Descent may be anywhere: the points and the best h(x) say what is to be seen.
    const steady = this.#best.length > 0 ? [...points, ...this.#best] : [...points, ...curve];
    plot.frame(rangeOf(points.map(({ x }) => x)), rangeOf(steady.map(({ y }) => y)));
    this.#dots.replaceChildren(
      ...points.map(({ x, y }) => svg('circle', { class: 'row', cx: plot.px(x), cy: plot.py(y), r: 3 })),
    );
    const pathOf = (places: readonly Point[]) =>
      pathThrough(places.map(({ x, y }) => [plot.px(x), within(plot.py(y))] as const));
    const best = this.#best.length > 0 ? [svg('path', { class: 'best-line', d: pathOf(this.#best) })] : [];
    this.#curve.replaceChildren(svg('path', { d: pathOf(curve) }), ...best);
  }

  #caption({ fileName, data, model }: OwnResult, { across, everyRow }: OwnPicture): string {
    const { text, format } = this.#page;
    const { captions } = text.own;
    const isLogistic = model.loss === 'logistic';
    const meaning = () => {
      if (typeof across === 'string') return captions[across];
      const line = isLogistic ? captions.probability(model.targetName) : captions.line;
      return model.featureNames.length === 1 ? line : `${line} ${captions.others}`;
    };
    const drawn = everyRow > 1 ? ` ${captions.drawn(format.count(everyRow))}` : '';
    return `${captions.file(fileName, format.count(data.exampleCount))} ${meaning()}${drawn}`;
  }
}

/** From the least to the largest value, with a margin; around a single value, too. */
function rangeOf(values: readonly number[]): Range {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const margin = 0.05 * (high - low) || 0.05 * Math.abs(low) || 0.5;
  return [low - margin, high + margin];
}
