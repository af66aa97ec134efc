import { DescentError } from '../base/errors.js';
import { withoutKeys } from '../base/without-keys.js';
import { isBufferInput } from '../data/buffer-input.js';
import { isSynthetic } from '../data/is-synthetic.js';
import { arrowValues, isArrowTable, isVector } from '../data/table/arrow-values.js';
import type { FitOptions } from '../fitting/fit-options.js';
import type { FitData } from '../fitting/prepare-data.js';
import { isMoments } from '../moments/is-moments.js';
import { type Callback, CALLBACKS, type SentData, type SentOptions } from './messages.js';

/** Data in a form that a message keeps. A source is read here, to its end. */
export async function packData(data: FitData, options: FitOptions): Promise<SentData> {
  if (typeof data !== 'object' || (data as object | null) === null) return { kind: 'plain', value: data };
  if (isMoments(data)) return { kind: 'moments', json: data.toJSON() };
  if (isSynthetic(data)) return { kind: 'synthetic', spec: data.spec, rows: data.rows };
  if (isBufferInput(data)) throw stays('GPUBuffers as data', 'a device stays where it is: use fit on its thread');
  if (!('batches' in data)) return { kind: 'plain', value: withoutVectors(data) };
  const { collected } = await import('./collected.js');
  return { kind: 'plain', value: await collected(data, options) };
}

/** The columns of Apache Arrow as arrays: messages leave the methods of a vector behind. */
function withoutVectors(data: object): object {
  const valueOf = (value: unknown): unknown => {
    if (isVector(value)) return arrowValues(value);
    if (isArrowTable(value)) {
      const columns = value.schema.fields.map(({ name }, k) => [name, valueOf(value.getChildAt(k))] as const);
      return Object.fromEntries(columns);
    }
    return value;
  };
  const columnsOf = (value: unknown) =>
    isPlain(value) ? Object.fromEntries(Object.entries(value).map(([name, column]) => [name, valueOf(column)])) : value;
  if (!isPlain(data)) return data;
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, COLUMNS.has(key) ? columnsOf(valueOf(value)) : valueOf(value)]),
  );
}

/** The parts of data that are columns by their names. */
const COLUMNS = new Set(['columns', 'table']);

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** Options in a form that a message keeps, and the callbacks among them. */
export function packOptions(options: FitOptions): { options: SentOptions; callbacks: readonly Callback[] } {
  const { context, warmStart } = options;
  const rest = withoutKeys(options, 'context', 'warmStart', 'signal');
  if (context) throw stays('a context', 'a device stays where it is: use fit on its thread');
  if (typeof rest.learningRate === 'function') {
    throw stays('learningRate as a function', "use schedule and warmupEpochs, such as schedule: 'cosine'");
  }
  const callbacks = CALLBACKS.filter((name) => typeof rest[name] === 'function');
  const plain: SentOptions = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !(callbacks as readonly string[]).includes(name)),
  );
  if (warmStart) plain.warmStart = 'toJSON' in warmStart ? warmStart.toJSON() : warmStart; // others are refused there
  return { options: plain, callbacks };
}

function stays(got: string, fix: string): DescentError {
  return new DescentError('INVALID_OPTION', {
    got: `${got} for a fit in a worker`,
    expected: 'data and options that a message can hold',
    fix: `It cannot cross to the worker; ${fix}, or write a worker of your own.`,
  });
}

/** The memory of the typed arrays in data, which a transfer moves; shared memory is never copied nor moved. */
export function buffersIn(value: unknown, depth = 3): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return value.buffer instanceof ArrayBuffer ? [value.buffer] : [];
  if (typeof value !== 'object' || value === null || depth === 0) return [];
  if (Array.isArray(value) && typeof value[0] !== 'object') return [];
  return [...new Set(Object.values(value).flatMap((part) => buffersIn(part, depth - 1)))];
}
