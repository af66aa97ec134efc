import { fromHash, type PageState, toHash } from './state.js';

/** Browsers refuse to change the address too often; Safari allows 100 times in 10 seconds. */
const ADDRESS_INTERVAL_MS = 250;

type Listener = (state: PageState, before: PageState) => void;

/** The page's state, the one place for it. The address follows, and a new address is read. */
export class Store {
  #state: PageState;
  /** Words of the address that meant nothing. */
  unknown: readonly string[];
  readonly #listeners = new Set<Listener>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const { state, unknown } = fromHash(location.hash);
    this.#state = state;
    this.unknown = unknown;
    addEventListener('hashchange', ({ newURL }) => {
      // Not of the location: since the change the state before it may have been written there.
      const { state: asked, unknown: words } = fromHash(new URL(newURL).hash);
      this.unknown = words;
      this.set(asked);
    });
    addEventListener('pagehide', () => this.#writeAddress());
  }

  get state(): PageState {
    return this.#state;
  }

  set(changes: Partial<PageState>): void {
    const before = this.#state;
    this.#state = { ...before, ...changes };
    for (const listener of [...this.#listeners]) listener(this.#state, before);
    this.#timer ??= setTimeout(() => this.#writeAddress(), ADDRESS_INTERVAL_MS);
  }

  /** A change that Back takes back: the place before it stays in the browser's history. */
  visit(changes: Partial<PageState>): void {
    this.#writeAddress();
    history.pushState(null, '', toHash({ ...this.#state, ...changes }));
    this.set(changes);
  }

  /** Calls back after every change, until the signal says stop. */
  subscribe(listener: Listener, signal?: AbortSignal): void {
    this.#listeners.add(listener);
    signal?.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
  }

  /** Calls back after a change of one of these. */
  follow(names: readonly (keyof PageState)[], listener: Listener, signal?: AbortSignal): void {
    const ifOther: Listener = (state, before) => {
      if (names.some((name) => state[name] !== before[name])) listener(state, before);
    };
    this.subscribe(ifOther, signal);
  }

  #writeAddress(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    history.replaceState(null, '', toHash(this.#state));
  }
}
