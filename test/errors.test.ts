import { describe, expect, it } from 'vitest';
import { createDataset } from '../src/dataset.js';
import { DESCENT_ERROR_CODES, DescentError, type DescentErrorCode } from '../src/errors.js';
import { fit } from '../src/fit.js';
import { contextFromDevice } from '../src/gpu/device.js';
import { Moments } from '../src/moments/moments.js';
import { csvSource } from '../src/sources/csv.js';
import { syntheticRegression } from '../src/sources/synthetic.js';
import { expectRefusal } from './support/refusal.js';

const PARTS = { got: 'a cat', expected: 'a dog', fix: 'Bring a dog.' };
const DATA = { features: [[1], [2], [4]], targets: [1, 2, 3] };

/** A device that does nothing: enough for what a context checks before it is used. */
const idleDevice = () =>
  Object.assign(new EventTarget(), {
    adapterInfo: { vendor: '', architecture: '', description: '', device: '' },
    limits: { maxBufferSize: 0, maxStorageBufferBindingSize: 0 },
    features: new Set(),
    lost: new Promise(() => undefined),
  }) as unknown as GPUDevice;

const fitCsv = (text: string, target: string) => fit(csvSource(text, { target }), { backend: 'cpu' });

/** How each code is provoked where there is no GPU. */
const PROVOKED: Partial<Record<DescentErrorCode, () => unknown>> = {
  SHAPE_MISMATCH: () => createDataset({ features: [1, 2, 3], targets: [1, 2], featureCount: 2 }),
  EMPTY_DATA: () => createDataset({ columns: {}, targets: [] }),
  NON_FINITE_VALUE: () => createDataset({ features: [[Number.NaN]], targets: [1] }),
  INVALID_LABEL: () => fit(DATA, { loss: 'logistic', backend: 'cpu' }),
  INVALID_OPTION: () => syntheticRegression({ rows: -1, features: 1 }),
  UNKNOWN_OPTION: () => fit(DATA, { epoch: 3 } as object),
  UNKNOWN_COLUMN: () => fitCsv('x,y\n1,2\n', 'z'),
  INVALID_CSV: () => fitCsv('x,y\n1,two\n', 'y'),
  INVALID_FILE: () => Moments.fromJSON({}),
  WEBGPU_UNAVAILABLE: () => fit(DATA, { backend: 'webgpu' }),
  DISPOSED: () => {
    const context = contextFromDevice(idleDevice());
    context.dispose();
    return fit(DATA, { context, backend: 'webgpu' });
  },
};

/** Codes that need a device, a browser or the command line: their tests are beside those. */
const ELSEWHERE: DescentErrorCode[] = [
  'FILE_UNREADABLE',
  'BROWSER_UNAVAILABLE',
  'TOO_LARGE',
  'OUT_OF_MEMORY',
  'SHADER_COMPILATION',
  'GPU_VALIDATION',
  'DEVICE_LOST',
];

describe('a DescentError', () => {
  it('says what came, what was expected and what to do, in one line', () => {
    const error = new DescentError('SHAPE_MISMATCH', PARTS);
    expect(error.message).toBe('a cat; expected a dog. Bring a dog.');
    expect(error).toMatchObject({ ...PARTS, name: 'DescentError', code: 'SHAPE_MISMATCH' });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe('DescentError: a cat; expected a dog. Bring a dog.');
  });

  it('stays on one line when what it quotes does not', () => {
    const error = new DescentError('SHADER_COMPILATION', { ...PARTS, got: 'line 1\n  line 2\r\nline 3' });
    expect(error.message).toBe('line 1 line 2 line 3; expected a dog. Bring a dog.');
  });

  it('holds the error below it, and nothing when there is none', () => {
    const cause = new Error('below');
    expect(new DescentError('DEVICE_LOST', { ...PARTS, cause }).cause).toBe(cause);
    expect('cause' in new DescentError('DEVICE_LOST', PARTS)).toBe(false);
  });
});

describe('the list of codes is closed', () => {
  it('and holds each code once', () => expect(new Set(DESCENT_ERROR_CODES).size).toBe(DESCENT_ERROR_CODES.length));

  it('every code is provoked, here or where a device is', () => {
    const known = [...Object.keys(PROVOKED), ...ELSEWHERE];
    expect(known.toSorted()).toEqual([...DESCENT_ERROR_CODES].toSorted());
  });

  it.each(Object.entries(PROVOKED))('%s', (code, provoke) => expectRefusal(provoke, code as DescentErrorCode));
});
