// The form of data: what holds examples in another form is refused with the call to write.

import { DescentError } from '../base/errors.js';
import { READING_OPTIONS } from '../options/reading-names.js';
import { RANGES } from '../options/specs.js';
import { isArrowTable } from './table/arrow-values.js';

/** A form in which data come by mistake: in words, and the call that takes it. */
interface OtherForm {
  got: string;
  expected: string;
  fix: string;
}

const TABLE = '{ table, target }';
const ARRAYS = 'an object with features and targets';

/** Throws `SHAPE_MISMATCH` for what holds examples in another form than data do. */
export function requireDataForm(input: unknown): void {
  const other = Array.isArray(input) ? formOfList(input as readonly unknown[]) : formOfOther(input);
  if (other) throw new DescentError('SHAPE_MISMATCH', { ...other });
}

function formOfList([first]: readonly unknown[]): OtherForm {
  const isRecord = typeof first === 'object' && first !== null && !Array.isArray(first) && !ArrayBuffer.isView(first);
  if (isRecord) return { got: 'a list of records as data', expected: TABLE, fix: FIX_TABLE };
  return { got: 'a list as data', expected: ARRAYS, fix: FIX_ARRAYS };
}

const FIX_TABLE = "Write fit({ table, target: 'y' }), with the name of the column to predict.";
const FIX_ARRAYS = 'Features and targets come apart: write fit({ features: [[0, 0], [1, 0]], targets: [1, 3] }).';
const FIX_CSV = "Write fit(csvSource(input, { target: 'y' })), with csvSource of webgpu-descent/csv.";

function formOfOther(input: unknown): OtherForm | undefined {
  if (isArrowTable(input)) return { got: 'a table as data', expected: TABLE, fix: FIX_TABLE };
  if (ArrayBuffer.isView(input)) return { got: 'a typed array as data', expected: ARRAYS, fix: FIX_ARRAYS };
  if (typeof input === 'string') return { got: 'a string as data', expected: 'a source of examples', fix: FIX_CSV };
  if (input instanceof Blob) return { got: 'a file as data', expected: 'a source of examples', fix: FIX_CSV };
  if (input instanceof Map)
    return { got: 'a Map as data', expected: ARRAYS, fix: 'Convert it with Object.fromEntries.' };
  const isPromise = typeof input === 'object' && input !== null && 'then' in input;
  return isPromise ? { got: 'a promise as data', expected: ARRAYS, fix: 'Await it: fit(await data).' } : undefined;
}

/** Advice for options of training that stand in the data. */
export const OPTIONS_IN_DATA: Readonly<Record<string, string>> = {
  ...Object.fromEntries(RANGES.map(({ name }) => [name, `Options come second: write fit(data, { ${name}: … }).`])),
  target: "A target that is a column of a table: write fit({ table, target: 'y' }).",
};

/** Parts of data, which come first. */
const DATA_PARTS = ['features', 'targets', 'columns', 'exampleWeights', 'featureCount', 'featureNames', 'targetName'];

/** Advice for parts of data that stand in the options. */
export const DATA_IN_OPTIONS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    DATA_PARTS.map((name) => [name, `It belongs to the data, which come first: write fit({ …, ${name} }, options).`]),
  ),
  ...Object.fromEntries(
    ['table', 'target', ...READING_OPTIONS].map((name) => [
      name,
      `It belongs to the data, which come first: write fit({ table, target: 'y' }, options), or csvSource(file, { target: 'y' }) for a file.`,
    ]),
  ),
};
