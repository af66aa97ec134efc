import { anyText } from './quote.js';
import { DescentError } from './errors.js';
import { nearest } from './nearest-word.js';

/** The names of the fields that a format has. */
export interface SavedKeys<Key extends string> {
  required: readonly Key[];
  /** Fields that older files lack. */
  optional?: readonly Key[];
}

/**
 * Checks what a file holds, field by field, before anything is made of it. What is wrong is `INVALID_FILE`, with the
 * place; `what` says of what it is a part, and `fix` what to do.
 *
 *     const reader = new SavedReader('moments', 'Load what Moments.toJSON saved.');
 *     const fields = reader.fields(parsed, { required: ['count', 'means'] });
 *     const means = reader.numbers(fields.means, 2, 'means'); // Float64Array [2]
 */
export class SavedReader {
  readonly #subject: string;
  readonly #fix: string;

  constructor(subject: string, fix: string) {
    this.#subject = subject;
    this.#fix = fix;
  }

  /** The object's own fields: all that there should be, and no others. `JSON.parse` makes `__proto__` one of them. */
  fields<Key extends string>(parsed: unknown, { required, optional = [] }: SavedKeys<Key>): Record<Key, unknown> {
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
      throw this.invalid(shown(parsed), 'an object, such as JSON.parse returns');
    }
    const knownKeys: readonly Key[] = [...required, ...optional];
    for (const key of Object.keys(parsed)) {
      if (!(knownKeys as readonly string[]).includes(key)) {
        throw this.invalid(`a key named ${shown(key)}`, `keys such as '${nearest(key, knownKeys)}'`);
      }
    }
    const missing = required.find((key) => !Object.hasOwn(parsed, key));
    if (missing) throw this.invalid(`no ${missing}`, `all of ${required.join(', ')}`);
    const entries = Object.entries(parsed) as [Key, unknown][];
    return Object.fromEntries(entries) as Record<Key, unknown>;
  }

  /** A field that has to have this one value. */
  exactly(value: unknown, expected: string | number, key: string): void {
    if (value === expected) return;
    throw this.invalid(`${key} ${shown(value)}`, typeof expected === 'string' ? `'${expected}'` : String(expected));
  }

  oneOf<Value extends string>(value: unknown, allowed: readonly Value[], key: string): Value {
    const found = allowed.find((one) => one === value);
    if (found !== undefined) return found;
    throw this.invalid(`${shown(value)} in ${key}`, allowed.map((one) => `'${one}'`).join(' or '));
  }

  name(value: unknown, place: string): string {
    if (typeof value !== 'string') throw this.invalid(`${shown(value)} in ${place}`, 'a name');
    return value;
  }

  names(value: unknown, key: string): string[] {
    return this.list(value, key).map((name, i) => this.name(name, `${key}[${i}]`));
  }

  numbers(value: unknown, length: number, place: string): Float64Array {
    const list = this.list(value, place);
    if (list.length !== length)
      throw this.invalid(`${list.length} numbers in ${place}`, `${length}, from the number of names`);
    return Float64Array.from(list, (entry, i) => this.number(entry, `${place}[${i}]`));
  }

  number(value: unknown, place: string): number {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw this.invalid(`${shown(value)} in ${place}`, 'a finite number');
    }
    return value;
  }

  list(value: unknown, place: string): readonly unknown[] {
    if (!Array.isArray(value)) throw this.invalid(`${shown(value)} in ${place}`, 'a list');
    return Array.from(value as readonly unknown[]); // holes become undefined, which is no entry
  }

  invalid(got: string, expected: string, cause?: DescentError): DescentError {
    return new DescentError('INVALID_FILE', { got: `${this.#subject} with ${got}`, expected, fix: this.#fix, cause });
  }
}

/** A value of any kind, short enough for one line. */
function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value.length > 40 ? `${value.slice(0, 40)}…` : value}'`;
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' && value !== null ? 'an object' : anyText(value);
}
