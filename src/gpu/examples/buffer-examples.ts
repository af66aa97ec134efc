import { anyText } from '../../base/quote.js';
import { type BufferInput, isGpuBuffer } from '../../data/buffer-input.js';
import type { Dataset } from '../../data/checked-dataset.js';
import { DescentError } from '../../base/errors.js';
import type { GpuContext } from '../device/device.js';
import { type BufferTable } from './tables.js';

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;

/** Examples in a caller's buffers, as far as they can be checked without their device: counts and names fit. */
export class BufferExamples {
  readonly features: BufferTable;
  readonly targets: BufferTable;
  readonly exampleWeights: BufferTable | undefined;

  /** Throws `SHAPE_MISMATCH` or `EMPTY_DATA`. */
  constructor(input: BufferInput) {
    const { features, targets, exampleWeights, featureCount, targetName = 'y' } = input;
    // Callers without types hand in anything.
    const tables = { features, targets, ...(exampleWeights !== undefined && { exampleWeights }) };
    const other = Object.entries(tables).find(([, buffer]) => !isGpuBuffer(buffer));
    if (other) throw mismatch(`${other[0]} that are in no GPUBuffer`, 'all of the data in one each');
    const exampleCount = input.exampleCount ?? Math.floor(targets.size / FLOAT_BYTES);
    checkCount('featureCount', featureCount);
    checkCount('exampleCount', exampleCount);
    const names = input.featureNames ?? Array.from({ length: featureCount }, (_, j) => `x${j + 1}`);
    if (names.length !== featureCount) {
      throw mismatch(`${names.length} feature names for ${featureCount} features`, 'one name for each');
    }
    this.features = { label: 'features', buffer: features, rowCount: exampleCount, columns: names };
    this.targets = { label: 'targets', buffer: targets, rowCount: exampleCount, columns: [targetName] };
    this.exampleWeights = exampleWeights && {
      ...{ label: 'exampleWeights', buffer: exampleWeights, rowCount: exampleCount, columns: ['exampleWeights'] },
    };
  }

  /** d names. */
  get featureNames(): readonly string[] {
    return this.features.columns;
  }

  get targetName(): string {
    return this.targets.columns[0] as string;
  }

  /** m */
  get exampleCount(): number {
    return this.features.rowCount;
  }

  /** d */
  get featureCount(): number {
    return this.features.columns.length;
  }

  /**
   * The dataset for training on the CPU, which does not exist. Throws `INVALID_OPTION`: GPU buffers stay on the device.
   */
  get dataset(): Dataset {
    throw new DescentError('INVALID_OPTION', {
      got: "GPU buffers with backend 'cpu'",
      expected: "backend 'webgpu' or 'auto', because GPU buffers are trained on the GPU",
      fix: 'Leave backend out, or pass typed arrays.',
      where: { option: 'backend' },
    });
  }
}

/** The examples in a caller's buffers. `check` refuses options, once there is a context. */
export function bufferExamples(input: BufferInput, context: GpuContext | undefined, check: () => void): BufferExamples {
  requireContext(context);
  check();
  return new BufferExamples(input);
}

/** Throws `INVALID_OPTION` where the device that buffers belong to was left out. */
export function requireContext(context: GpuContext | undefined): asserts context is GpuContext {
  if (context) return;
  throw new DescentError('INVALID_OPTION', {
    got: 'a GPUBuffer without a context',
    expected: 'the context of the device that made the buffer',
    fix: 'Pass { context: contextFromDevice(device) }.',
    where: { option: 'context' },
  });
}

function checkCount(name: 'featureCount' | 'exampleCount', count: unknown): void {
  if (Number.isSafeInteger(count) && (count as number) >= 1) return;
  if (count === 0) {
    throw new DescentError('EMPTY_DATA', {
      got: `${name} 0`,
      expected: 'at least one example of one feature',
      fix: 'Check where the data comes from.',
    });
  }
  throw mismatch(`${name} ${anyText(count)}`, 'a whole number from 1 up', name);
}

function mismatch(got: string, expected: string, option?: string): DescentError {
  const fix = 'Pass { features, targets, featureCount, exampleCount }, buffers of f32.';
  return new DescentError('SHAPE_MISMATCH', { got, expected, fix, ...(option !== undefined && { where: { option } }) });
}
