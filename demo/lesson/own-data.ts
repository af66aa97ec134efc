import { DescentError } from '../../src/index.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import type { FileColumns } from './own-file.js';
import { fitOwn, type OwnResult } from './own-fit.js';
import type { Encoding } from './own-names.js';
import { type SampleName, sampleFile, SAMPLES } from './own-samples.js';

/** The facts known of the reader's own file. */
export interface OwnState {
  file: File | null;
  columns: FileColumns;
  /** The encoding that was found, or that the reader has chosen. */
  encoding: Encoding;
  choice: OwnChoice;
  /** The work under way, and the share of it that is done. */
  work: { name: 'reading' | 'fitting'; share: number } | null;
  /** The result shown; it stays while another choice, or another file, is tried. */
  result: OwnResult | null;
  /** The library's error about a file that is wrong. */
  problem: DescentError | null;
  /** The reader has stopped what was done. */
  isCancelled: boolean;
}

/** Columns of the file in use. */
export interface OwnChoice {
  features: readonly string[];
  target: string;
}

/** The part of the page's state that a fit depends on. */
const NAMES = ['features', 'target', 'fitLoss', 'gaps'] as const;
type Wanted = Pick<PageState, (typeof NAMES)[number]>;

const NOTHING: OwnState = {
  file: null,
  columns: { numeric: [], others: [] },
  encoding: 'auto',
  choice: { features: [], target: '' },
  work: null,
  result: null,
  problem: null,
  isCancelled: false,
};

/**
 * The reader's own CSV file and the fit to its columns; it outlives a change of the language. The choice of columns is in
 * the page's state, and so in its address.
 */
export class OwnData {
  #state = NOTHING;
  /** The choice that is fitted, or was last. */
  #asked: Wanted | undefined;
  /** Ends what is under way. */
  #running = new AbortController();
  readonly #listeners = new Set<(state: OwnState) => void>();

  constructor(private readonly store: Store) {
    store.subscribe((state) => {
      const asked = this.#asked;
      const hasChanged = (name: keyof Wanted) => JSON.stringify(state[name]) !== JSON.stringify(asked?.[name]);
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
      const { encodingOf } = await loadReader();
      await this.#look(file, await encodingOf(file), signal);
      await this.#fit(file, signal);
    });
  }

  /** Takes one of the files that come with the page. */
  async sample(name: SampleName): Promise<void> {
    const { target, features, fitLoss } = SAMPLES[name];
    const file = await sampleFile(name);
    this.#asked = undefined; // not yet a choice of columns in the file before
    this.store.set({ features: [...features], target: [target], fitLoss });
    await this.open(file);
  }

  /** Reads the same file as one of another encoding. */
  async readAs(encoding: Encoding): Promise<void> {
    const { file } = this.#state;
    if (!file) return;
    await this.#try(async (signal) => {
      await this.#look(file, encoding, signal);
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

  /** Does what is asked last, and ends what was under way. */
  async #try(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#running.abort();
    const running = new AbortController();
    this.#running = running;
    this.#change({ work: { name: 'reading', share: 0 }, problem: null, isCancelled: false });
    try {
      await work(running.signal);
      if (!running.signal.aborted) this.#change({ work: null });
    } catch (error) {
      if (running.signal.aborted) return;
      this.#change({ work: null });
      if (!(error instanceof DescentError)) throw error;
      this.#change({ problem: error });
    }
  }

  async #look(file: File, encoding: Encoding, signal: AbortSignal): Promise<void> {
    const { columnsOf } = await loadReader();
    const columns = await columnsOf(file, encoding);
    signal.throwIfAborted();
    this.#change({ file, columns, encoding });
  }

  async #fit(file: File, signal: AbortSignal): Promise<void> {
    const { columns, encoding } = this.#state;
    const telling = (name: 'reading' | 'fitting') => (share: number) => {
      if (!signal.aborted) this.#change({ work: { name, share } });
    };
    const choice = choiceOf(columns, this.store.state);
    const { fitLoss, gaps } = this.store.state;
    const isLabelled = columns.others.includes(choice.target);
    if (choice.features.length > 0) {
      this.#asked = { features: choice.features, target: [choice.target], fitLoss, gaps };
      this.#change({ choice });
      this.store.set(this.#asked);
    }
    const categories = choice.features.filter((name) => columns.others.includes(name));
    const reading = { signal, onProgress: telling('reading') };
    // Without a feature to choose reading says, in the library's words, what the file lacks.
    const { readColumns } = await loadReader();
    const read = await readColumns(file, { ...choice, categories, isLabelled, encoding, gaps }, reading);
    telling('fitting')(0);
    const fitting = { signal, onProgress: telling('fitting') };
    const result = await fitOwn(read, { fileName: file.name, fitLoss, isLabelled }, fitting);
    signal.throwIfAborted();
    this.#change({ result });
  }

  #change(changes: Partial<OwnState>): void {
    this.#state = { ...this.#state, ...changes };
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

/** Loads the readers of files, which nobody needs who has none. */
function loadReader() {
  return import('./own-file.js');
}

/**
 * The columns that are asked for, as far as the file has them; else its last one of numbers is the target and the first of them the
 * feature. Columns of words are taken only where someone asks for them, or where nothing else is left.
 */
export function choiceOf(
  { numeric, others }: FileColumns,
  { features, target: [asked = ''] }: Pick<PageState, 'features' | 'target'>,
): OwnChoice {
  const all = [...numeric, ...others];
  const target = all.includes(asked) ? asked : (numeric.at(-1) ?? others.at(-1) ?? '');
  const left = all.filter((name) => name !== target);
  const found = left.filter((name) => features.includes(name));
  return { target, features: found.length > 0 ? found : left.slice(0, 1) };
}
