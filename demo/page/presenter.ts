// The page for a projector: one section at a time, in large type, led by the keys of a keyboard or a clicker.

import { SECTION_IDS, type SectionId } from './state.js';
import type { Store } from './store.js';

/** The steps of a section before the next one is shown; both say whether there was something to do. */
export interface Steps {
  next(): boolean;
  back(): boolean;
}

/** Fields that take letters and arrows for themselves, and grips that arrows move. */
const TAKES_LETTERS = 'input:not([type=range], [type=checkbox], [type=radio], [type=file]), select, textarea';
const TAKES_ARROWS = `${TAKES_LETTERS}, input, [role=slider]`;

/** Turned on and off by P; ← and → lead through the lines and steps of a section, and then to its neighbours. */
export class Presenter {
  readonly #steps = new Map<SectionId, Steps>();
  readonly #showSection: (id: SectionId) => void;

  constructor(
    readonly store: Store,
    showSection: (id: SectionId) => void,
  ) {
    this.#showSection = showSection;
    document.addEventListener('keydown', (event) => this.#press(event));
    store.subscribe(({ view, section }, before) => {
      if (view === before.view && (view === 'page' || section === before.section)) return;
      this.mark();
      if (view !== before.view) showSection(section);
    });
  }

  get isOn(): boolean {
    return this.store.state.view === 'presenter';
  }

  toggle(): void {
    this.store.set({ view: this.isOn ? 'page' : 'presenter' });
  }

  /** The steps of a section as it is drawn now. */
  register(section: SectionId, steps: Steps): void {
    this.#steps.set(section, steps);
  }

  /** The next line or step, or the next section. */
  next(): void {
    if (!this.#steps.get(this.store.state.section)?.next()) this.#turn(1);
  }

  back(): void {
    if (!this.#steps.get(this.store.state.section)?.back()) this.#turn(-1);
  }

  #turn(by: 1 | -1): void {
    const to = SECTION_IDS[SECTION_IDS.indexOf(this.store.state.section) + by];
    if (!to) return;
    this.store.set({ section: to });
    this.#showSection(to);
  }

  /** Marks the section in hand, also in a page that was drawn anew; the style sheet does the rest. */
  mark(): void {
    const { view, section } = this.store.state;
    document.documentElement.dataset.view = view;
    for (const element of document.querySelectorAll('main > section')) {
      element.classList.toggle('current', element.id === section);
    }
  }

  #press(event: KeyboardEvent): void {
    const target = event.target as Element;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.toLowerCase() === 'p' && !target.matches(TAKES_LETTERS)) this.toggle();
    else if (!this.isOn) return;
    else if (event.key === 'Escape') this.toggle();
    else if (target.matches(TAKES_ARROWS)) return;
    else if (FORWARD.has(event.key)) this.next();
    else if (BACKWARD.has(event.key)) this.back();
    else return;
    event.preventDefault();
  }
}

/** Clickers send the page keys. */
const FORWARD = new Set(['ArrowRight', 'PageDown']);
const BACKWARD = new Set(['ArrowLeft', 'PageUp']);
