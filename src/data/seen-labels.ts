import { noLabel, oneClass } from './labels.js';
import { type Classes } from './table/encoding.js';

/** The labels of two classes in a column of numbers that comes batch by batch. */
export class SeenLabels {
  /** The different values, in the order in which they came. */
  readonly #values: number[] = [];
  /** True for each of them that an example with a weight above 0 has. */
  readonly #counted: boolean[] = [];

  constructor(private readonly name: string) {}

  /** Adds a batch. Throws `INVALID_LABEL`, with the row, for a third value. */
  add(values: Float64Array, weights: Float64Array | undefined, firstRow: number): void {
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      let place = this.#values.indexOf(value);
      if (place < 0) {
        const [first, second] = this.#values;
        if (second !== undefined) {
          const expected = `labels of two classes, such as ${first} and ${second} before it`;
          throw noLabel(value, firstRow + i, this.name, expected);
        }
        place = this.#values.push(value) - 1;
      }
      if (weights?.[i] !== 0) this.#counted[place] = true;
    }
  }

  /** The two values, in rising order. Throws `INVALID_LABEL` unless examples of both count. */
  classes(): Classes {
    const [first, second] = this.#values.filter((_, place) => this.#counted[place]);
    if (first === undefined || second === undefined) throw oneClass(first ?? 'none', this.name);
    return first < second ? [first, second] : [second, first];
  }
}
