import { countedExamples } from './example-weights.js';
import { type Origin, originOf } from './origin.js';
import type { ColumnBatch, ExampleSource } from './source.js';
import { checkedBatches } from './source-batches.js';

/** A source that counts its examples while it is read. */
export class CountingSource implements ExampleSource {
  /** The number of examples in the last complete reading, and of those with a weight above 0; 0 before. */
  exampleCount = 0;
  countedExamples = 0;
  readonly #source: ExampleSource;

  constructor(source: ExampleSource) {
    this.#source = source;
  }

  get name(): string {
    return this.#source.name;
  }

  columns(): ReturnType<ExampleSource['columns']> {
    return this.#source.columns();
  }

  batches(): AsyncIterable<ColumnBatch> {
    return this.#counted(checkedBatches(this.#source));
  }

  /** The table that the examples come from, once it has been read. */
  origin(): Origin | null {
    return originOf(this.#source);
  }

  async *#counted(batches: AsyncIterable<ColumnBatch>): AsyncIterable<ColumnBatch> {
    let [all, counted] = [0, 0];
    for await (const batch of batches) {
      all += batch.targets.length;
      counted += countedExamples({ exampleCount: batch.targets.length, exampleWeights: batch.exampleWeights });
      yield batch;
    }
    this.exampleCount = all;
    this.countedExamples = counted;
  }
}
