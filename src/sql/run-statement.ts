import { DescentError } from '../base/errors.js';

/**
 * Runs a statement and returns its rows as objects: the caller's own connection. The signal is that of the call, for engines
 * that can end a statement.
 */
export type Execute = (sql: string, options: { signal: AbortSignal | undefined }) => unknown;

/** A connection, with what the statements of one call are counted and ended by. */
export class Statements {
  readonly #execute: Execute;
  readonly #signal: AbortSignal | undefined;
  #count = 0;

  constructor(execute: unknown, signal?: AbortSignal) {
    if (typeof execute !== 'function') {
      throw new DescentError('INVALID_OPTION', {
        got: `execute of type ${typeof execute}`,
        expected: 'a function that runs a statement and returns its rows',
        fix: 'Pass execute: (sql) => connection.query(sql), as docs/warehouse.md shows for each driver.',
        where: { option: 'execute' },
      });
    }
    this.#execute = execute as Execute;
    this.#signal = signal;
  }

  /** Statements so far. */
  get count(): number {
    return this.#count;
  }

  /** Runs statements one after another, as `run` does. */
  async runAll(texts: readonly string[]): Promise<unknown[]> {
    const results: unknown[] = [];
    for (const text of texts) results.push(await this.run(text));
    return results;
  }

  /** Rejects with the reason of the signal, and with `SQL_FAILED` if the engine refuses the statement, with further advice. */
  async run(sql: string, advice = ''): Promise<unknown> {
    this.#signal?.throwIfAborted();
    this.#count += 1;
    try {
      return await this.#execute(sql, { signal: this.#signal });
    } catch (cause) {
      this.#signal?.throwIfAborted();
      throw new DescentError('SQL_FAILED', {
        got: `statement ${this.#count}: ${cause instanceof Error ? cause.message : String(cause)}`,
        expected: 'an engine that runs it',
        fix: `Check dialect, from and the names of the columns; cause holds the error of the engine. ${advice}`.trimEnd(),
        cause,
      });
    }
  }
}
