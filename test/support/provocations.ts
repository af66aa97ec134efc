import { vi } from 'vitest';
import {
  createContext,
  type DescentErrorCode,
  type ErrorPlace,
  type ExampleSource,
  fit,
  type GpuContext,
  Moments,
  syntheticRegression,
} from '../../src/index.js';
import { openCpuBackend } from '../../src/cpu/backend.js';
import { csvSource } from '../../src/data/csv.js';
import { momentsFromSql } from '../../src/sql.js';
import { resolveReading } from '../../src/options/resolve-reading.js';
import { failMemoryScope } from './buffers.js';

/** How a code is provoked through the public face of the library or of the command line. */
export type Provocation =
  | { needs: 'nothing' | 'node'; provoke: () => unknown; where: ErrorPlace }
  | { needs: 'device'; provoke: (context: GpuContext) => unknown; where: ErrorPlace };

const DATA = { features: [[1], [2], [4]], targets: [1, 2, 3] };
const QUERY = { dialect: 'duckdb', from: 'homes', features: ['area'], target: 'price' } as const;
const UPLOAD = { standardize: true, kernels: 'auto', storage: 'f32' } as const;
const STREAMING = { strategy: 'streaming', epochs: 5, backend: 'webgpu' } as const;

const anywhere = (provoke: () => unknown, where: ErrorPlace = {}): Provocation => {
  return { needs: 'nothing', provoke, where };
};
const onDevice = (provoke: (context: GpuContext) => unknown, where: ErrorPlace = {}): Provocation => {
  return { needs: 'device', provoke, where };
};
const inNode = (provoke: () => unknown, where: ErrorPlace = {}): Provocation => ({ needs: 'node', provoke, where });

const fitCsv = (text: string, target: string) => fit(csvSource(text, { target }), { backend: 'cpu' });

/** A source that has a batch less each time that it is read. */
function shrinkingSource(): ExampleSource {
  let count = 6;
  return {
    name: 'shrinking',
    columns: () => Promise.resolve({ features: ['x'], target: 'y' }),
    async *batches() {
      for (let k = 0; k < count; k++) {
        yield await Promise.resolve({ features: [Float64Array.of(k, k * k)], targets: Float64Array.of(k, 1) });
      }
      count--;
    },
  };
}

/** Predictions for a buffer of four numbers that a device makes, and may spoil. */
async function predicted(
  context: GpuContext,
  usage: number,
  exampleCount = 1,
  spoil: (buffer: GPUBuffer) => void = () => undefined,
  maker = context,
): Promise<void> {
  const model = await fit(DATA, { backend: 'cpu' });
  const buffer = maker.device.createBuffer({ size: 16, usage });
  try {
    spoil(buffer);
    await model.predict(buffer, { context, exampleCount });
  } finally {
    buffer.destroy();
  }
}

/** Every code. The compiler and a test see to it that none is missing. */
export const PROVOCATIONS: Record<DescentErrorCode, Provocation> = {
  SHAPE_MISMATCH: anywhere(() => fit({ features: [1, 2, 3], targets: [1, 2], featureCount: 2 })),
  EMPTY_DATA: anywhere(() => fit({ columns: {}, targets: [] })),
  NON_FINITE_VALUE: anywhere(() => fit({ features: [[1], [Number.NaN]], targets: [1, 2] }), { row: 1, column: 'x1' }),
  SOURCE_CHANGED: anywhere(() => fit(shrinkingSource(), { backend: 'cpu', loss: 'huber', memoryBudget: 64 }), {
    file: 'shrinking',
  }),
  INVALID_LABEL: anywhere(() => fit(DATA, { loss: 'logistic', backend: 'cpu' }), { row: 2, column: 'y' }),
  INVALID_OPTION: anywhere(() => fit(DATA, { epochs: 0 }), { option: 'epochs' }),
  UNKNOWN_OPTION: anywhere(() => fit(DATA, { learnRate: 0.1 } as object), { option: 'learnRate' }),
  UNKNOWN_COLUMN: anywhere(() => fitCsv('x,y\n1,2\n', 'z'), { file: 'CSV', column: 'z' }),
  MISSING_VALUE: anywhere(() => fitCsv('x,y\n1,2\n,3\n', 'y'), { file: 'CSV', row: 3, column: 'x' }),
  INVALID_VALUE: anywhere(() => fit({ features: [[1], ['2']], targets: [1, 2] } as never), { row: 1, column: 'x1' }),
  INVALID_CSV: anywhere(() => fitCsv('x,y\n1,two\n', 'y'), { file: 'CSV', row: 2, column: 'y' }),
  INVALID_FILE: anywhere(() => Moments.fromJSON({})),
  SQL_FAILED: anywhere(() => momentsFromSql({ ...QUERY, execute: () => Promise.reject(new Error('no such table')) })),
  INVALID_RESULT: anywhere(() => momentsFromSql({ ...QUERY, execute: () => [{ m: 3 }] })),
  FILE_UNREADABLE: inNode(
    async () => {
      const { load } = await import('../../src/node/cli/load.js');
      await load(
        {
          ...{ kind: 'files', files: ['/nowhere/data.csv'], targets: ['y'], features: undefined, weights: undefined },
          reading: resolveReading({}),
        },
        { seed: 0, loss: 'squared', memoryBudget: 2 ** 29 },
      );
    },
    { file: '/nowhere/data.csv' },
  ),
  WEBGPU_UNAVAILABLE: inNode(() => fit(DATA, { backend: 'webgpu' })),
  BROWSER_UNAVAILABLE: inNode(async () => {
    vi.stubEnv('WEBGPU_DESCENT_CHROME', '/nowhere/chrome');
    const { launchBrowser } = await import('../../src/node/browser/browser.js');
    await launchBrowser({ prefer: 'installed' });
  }),
  BUFFER_USAGE: onDevice((context) => predicted(context, GPUBufferUsage.COPY_DST)),
  BUFFER_TOO_SMALL: onDevice((context) => predicted(context, GPUBufferUsage.STORAGE, 99)),
  BUFFER_NOT_READY: onDevice((context) => predicted(context, GPUBufferUsage.STORAGE, 1, (buffer) => buffer.destroy())),
  BUFFER_OF_ANOTHER_DEVICE: onDevice(async (context) => {
    const other = await createContext();
    await predicted(context, GPUBufferUsage.STORAGE, 1, () => undefined, other).finally(() => other.dispose());
  }),
  TOO_LARGE: onDevice(async () => {
    const small = await createContext({ limits: { maxStorageBufferBindingSize: 256 } });
    const { dataset } = syntheticRegression({ rows: 8, features: 20 });
    await fit(dataset, { ...STREAMING, kernels: 'textbook', context: small }).finally(() => small.dispose());
  }),
  OUT_OF_MEMORY: onDevice((context) => {
    failMemoryScope(context.device, 0);
    return fit(DATA, { ...STREAMING, context });
  }),
  SHADER_COMPILATION: onDevice(
    (context) => {
      vi.spyOn(context.device, 'createComputePipelineAsync').mockRejectedValue(new Error('not on this adapter'));
      return fit(DATA, { ...STREAMING, kernels: 'textbook', context });
    },
    { shader: 'residual.wgsl' },
  ),
  GPU_VALIDATION: onDevice((context) => {
    const { device } = context;
    const submit = device.queue.submit.bind(device.queue);
    vi.spyOn(device.queue, 'submit').mockImplementation((commands) => {
      device.createQuerySet({ type: 'occlusion', count: 5000 }); // 4096 at most
      submit(commands);
    });
    return fit(DATA, { ...STREAMING, context });
  }),
  READBACK_FAILED: onDevice((context) => {
    vi.spyOn(GPUBuffer.prototype, 'mapAsync').mockRejectedValue(new Error('not today'));
    return fit(DATA, { ...STREAMING, context }).finally(() => vi.restoreAllMocks());
  }),
  DEVICE_LOST: onDevice(async (context) => {
    context.device.destroy();
    await context.device.lost;
    await fit(DATA, { ...STREAMING, context });
  }),
  WORKER_LOST: inNode(async () => {
    const threads = await import('node:worker_threads');
    class Mortal extends threads.Worker {
      override postMessage(message: { action: string }, transfer: ArrayBuffer[]) {
        if (message.action === 'serve') void this.terminate();
        else super.postMessage(message, transfer);
      }
    }
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ ...threads, Worker: Mortal });
    const { dataset } = syntheticRegression({ rows: 1000, features: 2 });
    const trainer = await openCpuBackend({ threads: 2 })
      .upload(dataset, UPLOAD)
      .finally(() => vi.restoreAllMocks());
    await trainer.curvature(Float64Array.of(1, 1, 1)).finally(() => trainer.dispose());
  }),
  DISPOSED: onDevice((context) => {
    context.dispose();
    return fit(DATA, { ...STREAMING, context });
  }),
};

const ENTRIES = Object.entries(PROVOCATIONS) as [DescentErrorCode, Provocation][];

/** The entries for the tests in Node. */
export function provocationsInNode() {
  return ENTRIES.flatMap(([code, entry]) => (entry.needs === 'device' ? [] : [{ code, ...entry }]));
}

/** The entries for the tests on a device. */
export function provocationsOnDevice() {
  return ENTRIES.flatMap(([code, entry]) => (entry.needs === 'device' ? [{ code, ...entry }] : []));
}
