// Descent on the reader's own columns: the switch for standardising, λ as a share of its limit, and how far it has come.

import { create } from '../../pages/dom.js';
import { type DescentState, programOf } from '../lesson/own-descent.js';
import { allow, button, choice, Readout, Slider, status } from '../page/controls.js';
import { csvOf } from '../page/export.js';
import { figure } from '../page/figure.js';
import { LossChart } from '../page/loss-chart.js';
import type { Page } from '../page/section.js';
import type { PageState } from '../page/state.js';
import { TakeAlong } from '../page/take-along.js';

const SCALED = ['no', 'yes'] as const;

/** Some steps of the share of the limit: a little over it descent diverges. */
const SHARES = { min: 0.05, max: 1.1, step: 0.01 };

/** Epochs of the file that is taken along, where descent has not been played to an end. */
const PROGRAM_EPOCHS = 1000;

export class OwnPlay {
  readonly #page: Page;
  readonly #scaled: ReturnType<typeof choice<PageState['scaled']>>;
  readonly #share: Slider;
  readonly #buttons: Record<'one' | 'play' | 'restart', HTMLButtonElement>;
  readonly #values: Readout;
  readonly #told = status();
  readonly #losses: ReturnType<typeof figure>;
  readonly #taken: TakeAlong;
  readonly #noLoss: HTMLElement;
  #chart: LossChart | undefined;
  #state: DescentState | null = null;

  constructor(page: Page) {
    const { text, store, descentOfOwn: descent, format } = page;
    const words = text.own.play;
    this.#page = page;
    this.#noLoss = create('p', { class: 'over-picture', 'aria-hidden': 'true' }, text.scale.noLossYet);
    this.#scaled = choice<PageState['scaled']>(
      words.scaled,
      SCALED.map((value) => ({ value, label: words.scaledNames[value] })),
      (scaled) => store.set({ scaled }),
    );
    this.#share = new Slider({
      label: create('span', { class: 'rate' }, words.share),
      ...SHARES,
      words: (share) => words.shareValue(format.number(share, 2), format.significant(this.#state?.rate ?? Number.NaN)),
      onInput: (rateShare) => store.set({ rateShare }),
    });
    this.#buttons = {
      play: button(words.play, () => descent.player.toggle(), 'primary'),
      one: button(words.one, () => void descent.step()),
      restart: button(words.restart, () => void descent.restart()),
    };
    this.#values = new Readout([
      { key: 'limit-no', name: words.limits.no },
      { key: 'limit-yes', name: words.limits.yes },
      { key: 'epoch', name: words.epoch },
      { key: 'descent-loss', name: words.loss },
      { key: 'least', name: words.least },
    ]);
    const csv = () => csvOf(['epoch', 'loss'], [...(this.#state?.losses ?? []).entries()]);
    this.#losses = figure(page, { name: 'own-descent', caption: words.lossCaption, csv });
    this.#losses.host.setAttribute('role', 'img');
    this.#losses.host.setAttribute('aria-label', text.program.lossLabel);
    this.#losses.host.classList.add('covered');
    this.#losses.host.append(this.#noLoss);
    this.#taken = new TakeAlong(page);
  }

  /** The controls of descent, to stand beside the picture of the points. */
  get steering(): readonly HTMLElement[] {
    const { play, one, restart } = this.#buttons;
    return [
      create('div', { class: 'buttons' }, play, one, restart),
      this.#scaled.element,
      this.#share.element,
      this.#told.element,
      this.#values.element,
    ];
  }

  /** The curve of the loss. */
  get curve(): HTMLElement {
    return this.#losses.element;
  }

  /** The program as a file. */
  get taken(): HTMLElement {
    return this.#taken.element;
  }

  show(state: DescentState | null): void {
    const { text, store, descentOfOwn, format } = this.#page;
    const words = text.own.play;
    const isOther = state?.result !== this.#state?.result || state?.isStandardized !== this.#state?.isStandardized;
    this.#state = state;
    if (!state) return;
    this.#chart ??= new LossChart(this.#losses.host, this.#page);
    const { losses, limits, least, isOver } = state;
    const { play, one, restart } = this.#buttons;
    this.#noLoss.hidden = losses.length > 0;
    this.#scaled.set(store.state.scaled);
    this.#share.set(store.state.rateShare);
    play.textContent = descentOfOwn.player.isPlaying ? words.pause : words.play;
    allow(!isOver, play, one);
    allow(losses.length > 0, restart);
    for (const name of SCALED) this.#values.set(`limit-${name}`, format.significant(limits[name]));
    this.#values.set('epoch', format.count(losses.length));
    this.#values.set('descent-loss', losses.length === 0 ? '–' : format.significant(losses.at(-1) ?? Number.NaN, 5));
    this.#values.set('least', format.significant(least, 5));
    this.#told.say(this.#sentence(state));
    this.#chart.draw([{ kind: 'loss', width: 3, dash: [], losses }], true);
    if (isOther || isOver) this.#taken.set(programOf(state, isOver ? losses.length : PROGRAM_EPOCHS));
  }

  #sentence({ losses, least, arrival, isOver, hasDiverged }: DescentState): string {
    const { text, format } = this.#page;
    const words = text.own.play;
    const epochs = losses.length;
    const [first = Number.NaN, last = Number.NaN] = [losses[0], losses.at(-1)];
    if (hasDiverged) return words.diverged;
    if (epochs === 0) return words.ready;
    if (arrival !== null) return words.arrived(arrival);
    if (!isOver) return words.going(epochs, format.significant(last, 5));
    return words.slow(epochs, `${format.significant((100 * (last - least)) / (first - least), 2)}%`);
  }
}
