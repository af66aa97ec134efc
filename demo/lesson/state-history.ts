import { defaultState, type PageState, type SectionId } from '../page/state.js';
import type { Store } from '../page/store.js';

/** A part of the page's state that has an Undo of its own. */
interface UndonePart {
  names: readonly (keyof PageState)[];
  /** The sections that change it, in which Ctrl and Z take a change of it back. */
  sections: readonly SectionId[];
  /** The state to which Reset leads. */
  begin: () => Partial<PageState>;
}

/** The points and the line of sections 1 to 4; Reset has the points of the preset in hand. */
export const LINE_PART: UndonePart = {
  names: ['preset', 'points', 'w', 'b'],
  sections: ['problem', 'loss', 'derivation', 'step'],
  begin: () => {
    const { w, b } = defaultState();
    return { points: [], w, b };
  },
};

/** The points of section 8; its boundary goes back by steps of its own. */
export const CLASS_PART: UndonePart = {
  names: ['classPreset', 'classPoints'],
  sections: ['classes'],
  begin: () => {
    const { classPreset, classPoints, boundary, classRate } = defaultState();
    return { classPreset, classPoints, boundary, classRate };
  },
};

/** Changes this close together are one: those of a drag, of a key that is held, of a play. */
const REST_MS = 600;

/** Fields with an undo of their own. */
const WRITTEN_IN = 'input:is([type=text], [type=number]), textarea';

/** Older ones are forgotten. */
const MOST_KEPT = 100;

/** A part of the state as it was before each change, for Undo. */
export class StateHistory {
  readonly #before: Partial<PageState>[] = [];
  readonly #part: UndonePart;
  readonly #listeners = new Set<() => void>();
  #lastChangeMs = -Infinity;
  /** A pointer is down: all that changes until it is up is one change, however slowly it comes. */
  #isHeld = false;
  #isUndoing = false;

  constructor(
    readonly store: Store,
    part: UndonePart,
  ) {
    this.#part = part;
    store.follow(part.names, (_, before) => this.#keep(before));
    // What is pressed next is a change of its own, however soon it comes.
    const begin = (isHeld: boolean) => () => {
      this.#isHeld = isHeld;
      this.#lastChangeMs = -Infinity;
    };
    addEventListener('pointerdown', begin(true), { capture: true });
    for (const name of ['pointerup', 'pointercancel', 'click'] as const) {
      addEventListener(name, begin(false), { capture: true });
    }
    addEventListener('keydown', (event) => {
      const isUndo = event.key === 'z' && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      const target = event.target as Element;
      if (!isUndo || target.matches(WRITTEN_IN)) return;
      const section = target.closest('main > section')?.id ?? store.state.section;
      if (!part.sections.some((id) => id === section)) return;
      event.preventDefault();
      this.undo();
    });
  }

  get canUndo(): boolean {
    return this.#before.length > 0;
  }

  undo(): void {
    const before = this.#before.pop();
    if (!before) return;
    this.#isUndoing = true;
    this.store.set(before);
    this.#isUndoing = false;
    this.#tell();
  }

  reset(): void {
    this.store.set(this.#part.begin());
  }

  /** Calls back when there is something to undo, or nothing any more. */
  subscribe(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  #keep(before: PageState): void {
    if (this.#isUndoing) return;
    const now = performance.now();
    const isSame = this.#lastChangeMs > -Infinity && (this.#isHeld || now - this.#lastChangeMs <= REST_MS);
    if (!isSame) {
      this.#before.push(Object.fromEntries(this.#part.names.map((name) => [name, before[name]])));
      this.#before.splice(0, this.#before.length - MOST_KEPT);
      this.#tell();
    }
    this.#lastChangeMs = now;
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
