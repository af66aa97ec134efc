import { DescentError, fit, type LinearModel } from '../../src/index.js';
import { csvColumns, csvSource } from '../../src/sources/csv.js';
import type { Point } from './presets.js';
import type { SharedDevice } from '../page/device.js';

/** Points drawn at most; the fit uses all of them. */
const DRAWN = 2000;

/** What is known of the reader's own file. */
export interface OwnState {
  file: File | null;
  columns: readonly string[];
  feature: string;
  target: string;
  result: OwnResult | null;
  /** The library's message about a file that is wrong. */
  problem: string;
}

export interface OwnResult {
  model: LinearModel;
  /** The first rows. */
  points: readonly Point[];
  /** The fitted line over the points, from the least x to the largest. */
  line: readonly [Point, Point];
}

const NOTHING: OwnState = { file: null, columns: [], feature: '', target: '', result: null, problem: '' };

/** The reader's own CSV file and the line through two of its columns; it outlives a change of the language. */
export class OwnData {
  #state = NOTHING;
  #asked = 0;
  readonly #listeners = new Set<(state: OwnState) => void>();

  constructor(private readonly device: SharedDevice) {}

  subscribe(listener: (state: OwnState) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    listener(this.#state);
  }

  /** Takes a file, with its first column as the feature and its last as the target, and fits. */
  open(file: File): Promise<void> {
    return this.#try({ ...NOTHING, file }, async () => {
      const columns = await csvColumns(file, file.name);
      const choice = { columns, feature: columns[0] ?? '', target: columns.at(-1) ?? '' };
      return { ...choice, result: await this.#fit(file, choice) };
    });
  }

  /** Takes other columns, and fits. */
  async choose(columns: Partial<Pick<OwnState, 'feature' | 'target'>>): Promise<void> {
    const { file } = this.#state;
    if (!file) return;
    const asked = { ...this.#state, ...columns, result: null, problem: '' };
    await this.#try(asked, async () => ({ result: await this.#fit(file, asked) }));
  }

  /** What is asked last holds, whichever ends first. */
  async #try(begun: OwnState, work: () => Promise<Partial<OwnState>>): Promise<void> {
    const turn = ++this.#asked;
    this.#change(begun);
    try {
      const found = await work();
      if (turn === this.#asked) this.#change({ ...begun, ...found });
    } catch (error) {
      if (!(error instanceof DescentError)) throw error;
      if (turn === this.#asked) this.#change({ ...begun, problem: error.message });
    }
  }

  async #fit(file: File, { feature, target }: Pick<OwnState, 'feature' | 'target'>): Promise<OwnResult> {
    const source = csvSource(file, { features: [feature], target });
    const model = await this.device.run((place) => fit(source, place));
    const points: Point[] = [];
    for await (const { features, targets } of source.batches()) {
      const rows = Math.min(targets.length, DRAWN - points.length);
      for (let i = 0; i < rows; i++) points.push({ x: Number(features[0]?.[i]), y: Number(targets[i]) });
      if (points.length === DRAWN) break;
    }
    const xs = points.map(({ x }) => x);
    const ends = [Math.min(...xs), Math.max(...xs)] as const;
    const [left = 0, right = 0] = await model.predict([...ends]);
    return {
      model,
      points,
      line: [
        { x: ends[0], y: left },
        { x: ends[1], y: right },
      ],
    };
  }

  #change(state: OwnState): void {
    this.#state = state;
    for (const listener of [...this.#listeners]) listener(state);
  }
}
