import { describe, expect, it } from 'vitest';
import { syntheticRegression } from '../../src/data/synthetic.js';
import { fit } from '../../src/fit.js';
import { contextFromDevice } from '../../src/gpu/device/device.js';
import { expectClose } from './close.js';
import { requireAdapter, withErrorScopes } from './gpu.js';

/** Fits of so many MiB in bindings of the size that every device has. */
export function describeWholeDevice(sizes: readonly number[]): void {
  describe('a fit on a device as it comes, with bindings of 128 MiB,', () => {
    it.each(sizes)('trains on %i MiB of X', { timeout: 120_000 }, async (mebibytes) => {
      const device = await (await requireAdapter()).requestDevice();
      const context = contextFromDevice(device);
      expect(context.limits.maxStorageBufferBindingSize).toBe(2 ** 27);
      const rows = (mebibytes * 2 ** 20) / 8;
      const { dataset: part } = syntheticRegression({ rows: 65_536, features: 2, seed: 3 });
      // The same examples again and again: made quickly, and with the descent of the part.
      const repeated = (column: ArrayLike<number>) => {
        const long = new Float32Array(rows);
        for (let i = 0; i < rows; i += column.length) long.set(Float32Array.from(column).subarray(0, rows - i), i);
        return long;
      };
      const [x1, x2] = part.columns.map(repeated) as [Float32Array, Float32Array];
      const data = { columns: { x1, x2 }, targets: repeated(part.targets) };
      const options = { epochs: 4, standardize: false, learningRate: 1, tolerance: 0, strategy: 'streaming' } as const;
      const model = await withErrorScopes(device, () => fit(data, { ...options, context }));
      const expected = await fit(part, { ...options, backend: 'cpu' });
      expect(model.report).toMatchObject({ exampleCount: rows, epochsRun: 4, stopReason: 'epochs' });
      expectClose([...model.weights, model.bias], [...expected.weights, expected.bias], {
        absolute: (2 * 65_536) / rows + 1e-6,
        because: 'the last repeat is cut off where the rows end',
      });
      device.destroy();
    });
  });
}
