// λ across, momentum upwards, and in each cell the epochs that a run takes: where the fast ones are.

import { create } from '../../pages/dom.js';
import { type RateMap } from '../lesson/program-rates.js';
import type { ProgramPicture } from '../lesson/program-lesson.js';
import { figure } from '../page/figure.js';
import { csvOf } from '../page/export.js';
import { Plot, text } from '../page/plot.js';
import type { Page } from '../page/section.js';
import { fold } from '../page/stage.js';
import { svg } from '../page/svg.js';

/** Room for the words at the left and below, in pixels. */
const ROOM = { left: 40, bottom: 24 };

/** The fastest cell is this strong, the slowest one hardly coloured. */
const STRONGEST = 0.9;
const WEAKEST = 0.08;

const LONGEST = 100;

export class ProgramMap {
  readonly element: HTMLDetailsElement;
  readonly #page: Page;
  readonly #plot: Plot;
  readonly #cells: SVGGElement;
  readonly #say: (words: string) => void;
  #map: RateMap | undefined;
  #picture: ProgramPicture | undefined;

  constructor(page: Page) {
    const { format, signal } = page;
    const words = page.text.program;
    this.#page = page;
    const shown = figure(page, { name: 'rate-and-momentum', caption: '', csv: () => mapCsv(this.#map) });
    this.#say = shown.say;
    this.element = fold(words.map, create('p', {}, words.mapLead), shown.element);
    this.element.classList.add('map');
    this.#plot = new Plot(shown.host, { label: words.mapLabel, xName: '', yName: '', format, aspect: 0.5, signal });
    this.#cells = this.#plot.layer('cells');
    this.#plot.onResize(() => this.#draw());
    this.#plot.svg.addEventListener('click', (event) => this.#choose(event));
    this.element.addEventListener('toggle', () => void this.#fill());
  }

  show(picture: ProgramPicture): void {
    const isOther = picture.data !== this.#picture?.data;
    this.#picture = picture;
    if (isOther) this.#map = undefined;
    if (this.element.open) void this.#fill();
  }

  /** Nothing is calculated while nobody looks. */
  async #fill(): Promise<void> {
    const { program, signal } = this.#page;
    if (!this.element.open || !this.#picture) return;
    const { data } = this.#picture;
    this.#map ??= await program.map();
    if (signal.aborted || this.#picture.data !== data) return;
    this.#draw();
  }

  #draw(): void {
    if (!this.#map || this.#plot.host.clientWidth === 0) return;
    const { rates, momenta, epochs } = this.#map;
    const { format, text: pageText } = this.#page;
    const frame = this.#plot.bare();
    const { x, y, width, height } = this.#inner();
    const [cellWidth, cellHeight] = [width / rates.length, height / momenta.length];
    const best = fastestCell(epochs);
    const cells = epochs.map((count, i) => {
      const [row, column] = [Math.floor(i / rates.length), i % rates.length];
      const strength = count === null ? 0 : WEAKEST + (STRONGEST - WEAKEST) * (1 - count / LONGEST);
      const place = { x: x + column * cellWidth, y: y + height - (row + 1) * cellHeight };
      const kind = i === best ? 'cell fastest' : 'cell';
      const size = { width: cellWidth, height: cellHeight };
      return svg('rect', { class: kind, ...place, ...size, 'fill-opacity': strength.toFixed(3) });
    });
    this.#cells.replaceChildren(...cells.filter((_, i) => i !== best), ...(cells[best] ? [cells[best]] : []));
    const every = (count: number, most: number) => Math.ceil(count / most);
    const across = rates.flatMap((rate, i) =>
      i % every(rates.length, 7) === 0
        ? [text(x + (i + 0.5) * cellWidth, y + height + 16, 'middle', format.significant(rate, 2))]
        : [],
    );
    const upwards = momenta.flatMap((momentum, i) =>
      i % every(momenta.length, 6) === 0
        ? [text(x - 6, y + height - (i + 0.5) * cellHeight + 4, 'end', format.number(momentum, 2))]
        : [],
    );
    const names = [text(x + width, y + height - 6, 'end', 'λ', 'axis'), text(x + 6, y + 14, 'start', 'μ', 'axis')];
    frame.append(...across, ...upwards, ...names);
    const at = (i: number) => [
      format.significant(rates[i % rates.length] ?? Number.NaN, 2),
      format.number(momenta[Math.floor(i / rates.length)] ?? Number.NaN, 2),
      format.count(epochs[i] ?? Number.NaN),
    ];
    const plain = fastestCell(epochs.slice(0, rates.length));
    const [rate = '', momentum = '', fewest = ''] = at(best);
    const [plainRate = '', , plainEpochs = ''] = at(plain);
    const found = pageText.program;
    const without = epochs[plain] === null ? found.mapNone : found.mapPlain(plainRate, plainEpochs);
    this.#say(epochs[best] === null ? found.mapNone : `${found.mapFastest(rate, momentum, fewest)} ${without}`);
  }

  #inner() {
    const { x, y, width, height } = this.#plot.area;
    return { x: x + ROOM.left, y, width: width - ROOM.left, height: height - ROOM.bottom };
  }

  /** Takes λ and momentum of a cell for the comparison. */
  #choose({ clientX, clientY }: MouseEvent): void {
    if (!this.#map) return;
    const { rates, momenta } = this.#map;
    const box = this.#plot.svg.getBoundingClientRect();
    const { x, y, width, height } = this.#inner();
    const rate = rates[Math.floor(((clientX - box.left - x) / width) * rates.length)];
    const momentum = momenta[Math.floor(((y + height - (clientY - box.top)) / height) * momenta.length)];
    if (rate === undefined || momentum === undefined) return;
    const digits = (value: number) => Number(value.toPrecision(2));
    const chosen = { programRate: digits(rate), momentum: digits(momentum) };
    this.#page.store.set({ ...chosen, rates: 'same', runs: 'optimizers' });
  }
}

/** The first of the cells with the fewest epochs. */
function fastestCell(epochs: readonly (number | null)[]): number {
  return epochs.reduce<number>((best, count, i) => {
    return count !== null && count < (epochs[best] ?? Infinity) ? i : best;
  }, 0);
}

function mapCsv(map: RateMap | undefined): Blob {
  const { rates = [], momenta = [], epochs = [] } = map ?? {};
  const rows = momenta.flatMap((momentum, row) =>
    rates.map((rate, column) => [rate, momentum, epochs[row * rates.length + column] ?? '']),
  );
  return csvOf(['learning_rate', 'momentum', 'epochs'], rows);
}
