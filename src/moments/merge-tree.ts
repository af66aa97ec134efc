import { mergeMoments } from './merge.js';
import type { Moments } from './moments.js';

/**
 * Moments of many parts, merged two and two as they come: of 10⁴ parts each takes part in 14 merges instead of 10⁴, so that
 * neither order nor number shows but in the last digits, and no more than 14 are held at a time.
 */
export class MergeTree {
  /** At place k the moments of 2^k parts, or nothing. */
  readonly #levels: (Moments | undefined)[] = [];

  add(part: Moments): void {
    let [carried, level]: [Moments, number] = [part, 0];
    for (let before = this.#levels[0]; before; before = this.#levels[level]) {
      carried = mergeMoments(before, carried);
      this.#levels[level] = undefined;
      level += 1;
    }
    this.#levels[level] = carried;
  }

  /** The moments of all parts so far; undefined before the first. */
  get whole(): Moments | undefined {
    const left = this.#levels.filter((each) => each !== undefined);
    const [first, ...rest] = left;
    return first && mergeMoments(first, ...rest);
  }
}
