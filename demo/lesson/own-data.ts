import { DescentError } from '../../src/index.js';
import type { SharedDevice } from '../page/device.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import { columnsOf, type FileColumns, readColumns } from './own-file.js';
import { fitOwn, type OwnResult } from './own-fit.js';

/** What is known of the reader's own file. */
export interface OwnState {
  file: File | null;
  columns: FileColumns;
  choice: OwnChoice;
  /** What is being done, and how much of it is done. */
  work: { name: 'reading' | 'fitting'; share: number } | null;
  /** What is shown; it stays while another choice, or another file, is tried. */
  result: OwnResult | null;
  /** The library's message about a file that is wrong. */
  problem: string;
  /** The reader has stopped what was done. */
  isCancelled: boolean;
}

/** Columns of the file in use. */
export interface OwnChoice {
  features: readonly string[];
  target: string;
}

/** What of the page's state a fit depends on. */
const NAMES = ['features', 'target', 'fitLoss'] as const;
type Asked = Pick<PageState, (typeof NAMES)[number]>;

const NOTHING: OwnState = {
  file: null,
  columns: { numeric: [], others: [] },
  choice: { features: [], target: '' },
  work: null,
  result: null,
  problem: '',
  isCancelled: false,
};

/**
 * The reader's own CSV file and the fit to its columns; it outlives a change of the language. The choice of columns is in
 * the page's state, and so in its address.
 */
export class OwnData {
  #state = NOTHING;
  /** What is fitted, or was last. */
  #asked: Asked | undefined;
  /** Ends what is under way. */
  #running = new AbortController();
  readonly #listeners = new Set<(state: OwnState) => void>();

  constructor(
    private readonly store: Store,
    private readonly device: SharedDevice,
  ) {
    store.subscribe((state) => {
      const asked = this.#asked;
      const hasChanged = (name: keyof Asked) => JSON.stringify(state[name]) !== JSON.stringify(asked?.[name]);
      if (asked && NAMES.some(hasChanged)) void this.again();
    });
  }

  subscribe(listener: (state: OwnState) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    listener(this.#state);
  }

  /** Takes a file, with the columns of the page's state or else its first and its last, and fits. */
  open(file: File): Promise<void> {
    return this.#try(async (signal) => {
      const columns = await columnsOf(file);
      signal.throwIfAborted();
      this.#change({ file, columns });
      await this.#fit(file, signal);
    });
  }

  choose(changes: Partial<OwnChoice>): void {
    const { features, target } = { ...this.#state.choice, ...changes };
    this.store.set({ features, target: [target] });
  }

  cancel(): void {
    this.#running.abort();
    this.#change({ work: null, isCancelled: true });
  }

  /** Fits once more: what was cancelled, or another choice in the page's state. */
  async again(): Promise<void> {
    const { file } = this.#state;
    if (file) await this.#try((signal) => this.#fit(file, signal));
  }

  /** What is asked last holds: it ends what was under way. */
  async #try(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#running.abort();
    const running = new AbortController();
    this.#running = running;
    this.#change({ work: { name: 'reading', share: 0 }, problem: '', isCancelled: false });
    try {
      await work(running.signal);
      if (!running.signal.aborted) this.#change({ work: null });
    } catch (error) {
      if (running.signal.aborted) return;
      this.#change({ work: null });
      if (!(error instanceof DescentError)) throw error;
      this.#change({ problem: error.message });
    }
  }

  async #fit(file: File, signal: AbortSignal): Promise<void> {
    const { numeric, others } = this.#state.columns;
    const telling = (name: 'reading' | 'fitting') => (share: number) => {
      if (!signal.aborted) this.#change({ work: { name, share } });
    };
    if (numeric.length < 2) {
      // There is nothing to choose from: reading says, in the library's words, what the file lacks.
      const target = [...others, ...numeric].at(-1) ?? '';
      await readColumns(file, { target }, { signal, onProgress: telling('reading') });
    }
    const choice = choiceOf(numeric, this.store.state);
    const { fitLoss } = this.store.state;
    this.#asked = { features: choice.features, target: [choice.target], fitLoss };
    this.#change({ choice });
    this.store.set(this.#asked);
    const data = await readColumns(file, choice, { signal, onProgress: telling('reading') });
    telling('fitting')(0);
    const fitting = { signal, onProgress: telling('fitting') };
    const result = await fitOwn(data, { fileName: file.name, fitLoss }, fitting, this.device);
    signal.throwIfAborted();
    this.#change({ result });
  }

  #change(changes: Partial<OwnState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

/** The columns that are asked for, as far as the file has them; else its last one is the target and its first the feature. */
export function choiceOf(
  numeric: readonly string[],
  { features, target: [asked = ''] }: Pick<PageState, 'features' | 'target'>,
): OwnChoice {
  const target = numeric.includes(asked) ? asked : (numeric.at(-1) ?? '');
  const others = numeric.filter((name) => name !== target);
  const found = others.filter((name) => features.includes(name));
  return { target, features: found.length > 0 ? found : others.slice(0, 1) };
}
