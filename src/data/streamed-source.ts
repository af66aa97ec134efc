import { DescentError } from '../base/errors.js';
import { countedExamples } from './example-weights.js';
import { type Origin, originOf } from './origin.js';
import { progressOf, type ReadProgress } from './read-watch.js';
import type { ColumnBatch, ExampleSource } from './source.js';
import { checkedBatches } from './source-batches.js';
import { sourceBatches, sourceColumns, completeBatch } from './source-shape.js';
import type { SourceSurvey } from './source-survey.js';

/** The way in which a source is streamed. */
export interface StreamOptions {
  /** The bytes that batches in memory may take. Default: any number. */
  mostBytes?: number | undefined;
  /** Ends the waiting for columns; each pass has a signal of its own. */
  signal?: AbortSignal | undefined;
  /** Called after each batch. */
  onRead?: ((progress: ReadProgress) => void) | undefined;
}

/** The examples of one pass. */
interface PassCount {
  rows: number;
  /** Σ y in the order of the rows, whose bits other examples do not have. */
  targetSum: number;
}

/**
 * A source that is read anew in each pass, and holds no more than the batches in work. Passes after the first must give the same
 * examples: other columns, another number of rows or other targets are refused with `SOURCE_CHANGED`.
 */
export class StreamedSource implements ExampleSource {
  /** The number of examples in the last complete pass, and of those with a weight above 0; 0 before. */
  exampleCount = 0;
  countedExamples = 0;
  /** Passes that have begun, those that were not read to their end included. */
  passes = 0;
  readonly mostBytes: number;
  /** The source's shorter way to all examples, if it has one: a pass whose rows are not counted. */
  readonly collect?: NonNullable<ExampleSource['collect']>;
  readonly #source: ExampleSource;
  readonly #signal: AbortSignal | undefined;
  readonly #onRead: StreamOptions['onRead'];
  #columns: { features: readonly string[]; target: string } | undefined;
  #first: PassCount | undefined;
  /** The most rows of a pass, those of passes that were not read to their end included. */
  #rowsSeen = 0;
  #survey: SourceSurvey | undefined;

  constructor(source: ExampleSource, { mostBytes = Infinity, signal, onRead }: StreamOptions = {}) {
    this.#source = source;
    this.mostBytes = mostBytes;
    this.#signal = signal;
    this.#onRead = onRead;
    if (!source.collect) return;
    this.collect = (watch) => {
      this.passes += 1;
      return source.collect?.({ ...watch, onRead }) ?? Promise.resolve(null);
    };
  }

  get name(): string {
    return this.#source.name;
  }

  /** d, once the columns are known. */
  get featureCount(): number {
    return this.#columns?.features.length ?? 0;
  }

  async columns(): Promise<{ features: readonly string[]; target: string }> {
    const columns = await sourceColumns(this.#source, this.#signal);
    const known = (this.#columns ??= columns);
    const shown = ({ features, target }: typeof columns) => [...features, target].map((name) => `'${name}'`).join(', ');
    if (shown(columns) !== shown(known)) throw this.#changed(`columns ${shown(columns)}`, shown(known));
    return columns;
  }

  /** The statistics of a survey that has been made. */
  get surveyed(): SourceSurvey | undefined {
    return this.#survey;
  }

  /** Examples as they come, unchecked; `examples` has them as they are trained on. */
  batches(): AsyncIterable<ColumnBatch> {
    return this.#counted();
  }

  /** One pass over the examples as they come, checked. */
  read(signal?: AbortSignal): AsyncGenerator<ColumnBatch, void, undefined> {
    return checkedBatches(this, signal);
  }

  /** Statistics of all examples, which `survey` finds in a pass of its own at the first call. */
  async surveyBy(survey: (source: StreamedSource) => Promise<SourceSurvey>): Promise<SourceSurvey> {
    this.#survey ??= await survey(this);
    return this.#survey;
  }

  /** The examples of a source that has been surveyed: labels as 0 and 1, and weights relative to the largest ones. */
  async *examples(signal?: AbortSignal): AsyncGenerator<ColumnBatch, void, undefined> {
    const survey = this.#survey as SourceSurvey;
    for await (const batch of this.read(signal)) yield survey.prepared(batch);
  }

  /** The table that the examples come from, once it has been read, and their classes. */
  origin(): Origin | null {
    const origin = originOf(this.#source);
    const labels = this.#survey?.classes;
    return labels ? { encoder: null, reading: null, inputs: null, ...origin, labels } : origin;
  }

  async *#counted(): AsyncGenerator<ColumnBatch, void, undefined> {
    this.passes += 1;
    const startMs = performance.now();
    const pass: PassCount = { rows: 0, targetSum: 0 };
    let counted = 0;
    for await (const given of sourceBatches(this.#source, { mostBytes: this.mostBytes })) {
      const batch = completeBatch(given, this.name, pass.rows);
      const { targets, exampleWeights } = batch;
      pass.rows += targets.length;
      pass.targetSum = sumOf(targets, pass.targetSum);
      if (this.#first && pass.rows > this.#first.rows)
        throw this.#changed(`${pass.rows} rows or more`, `${this.#first.rows}`);
      this.#rowsSeen = Math.max(this.#rowsSeen, pass.rows);
      counted += countedExamples({ exampleCount: targets.length, exampleWeights });
      this.#onRead?.(progressOf(pass.rows, startMs));
      yield batch;
    }
    if (pass.rows < this.#rowsSeen && !this.#first)
      throw this.#changed(`${pass.rows} rows`, `${this.#rowsSeen} or more`);
    this.#first ??= pass;
    const { rows, targetSum } = this.#first;
    if (pass.rows !== rows) throw this.#changed(`${pass.rows} rows`, `${rows}`);
    if (!Object.is(pass.targetSum, targetSum)) throw this.#changed(`other targets in its ${rows} rows`, 'the same');
    this.exampleCount = rows;
    this.countedExamples = counted;
  }

  #changed(got: string, expected: string): DescentError {
    return new DescentError('SOURCE_CHANGED', {
      got: `${got} in ${this.name} as it was read again`,
      expected: `${expected}, as in the pass before`,
      fix: 'Give the same examples in the same order each time that batches() is called, or raise memoryBudget so that they are read once.',
      where: { file: this.name },
    });
  }
}

/** A sum and more numbers, in their order. A loop of its own is compiled; one in a generator is not always. */
function sumOf(values: Float64Array, start: number): number {
  let sum = start;
  for (let i = 0; i < values.length; i++) sum += values[i] as number;
  return sum;
}
