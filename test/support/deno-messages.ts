/**
 * How Vitest in Node and its worker in Deno write their messages. Structured clones, as between two processes of Node,
 * are not to be had: V8 of Deno writes a later version of them than V8 of Node 20 reads. JSON would lose cycles,
 * `undefined` and regular expressions.
 */
import { parse, stringify } from 'devalue';

/** What the worker says first: it is loaded, and listens. */
export const READY = 'ready';

const writers = {
  Error: (value: unknown) =>
    value instanceof Error &&
    Object.assign({}, value, { name: value.name, message: value.message, stack: value.stack }),
};

const readers = {
  Error: (fields: Error) => Object.assign(new Error(fields.message), fields),
};

export function encode(message: unknown): string {
  return stringify(message, writers);
}

export function decode(message: unknown): unknown {
  return parse(message as string, readers);
}
