import { DescentError } from '../base/errors.js';
import { differs, inQuotes, NOT_ON_MOMENTS } from './check-combinations.js';
import type { FitSettings } from './specs.js';

/** The options that passes over a source cannot have. */
const NOT_STREAMED: readonly { option: keyof FitSettings; expected: string }[] = [
  { option: 'batchSize', expected: "batchSize 'full', because a pass reads the examples in their order" },
  { option: 'validationFraction', expected: 'no validationFraction, because a pass reads all examples' },
  { option: 'kernels', expected: "kernels 'auto', because no epoch has all examples on a device" },
];

/** Training data that not every option can be used with, as errors name them. */
export type DataKind = 'moments' | 'buffers of a device' | 'several models' | 'a source larger than memoryBudget';

/** An option that one kind of data cannot have. */
interface Unavailable {
  kind: DataKind;
  when: (settings: FitSettings) => boolean;
  expected: string;
  fix: string;
  option: keyof FitSettings;
}

/** The options that depend on the kind of data, in the order in which they are checked. */
const UNAVAILABLE: readonly Unavailable[] = [
  ...NOT_ON_MOMENTS.map(({ option, expected }): Unavailable => ({
    kind: 'moments',
    when: (settings) => differs(settings, option),
    expected,
    fix: 'Leave the option out, or pass the examples.',
    option,
  })),
  {
    kind: 'moments',
    when: ({ strategy }) => strategy === 'streaming',
    expected: "strategy 'moments' or 'auto', because there are no examples to stream",
    fix: 'Leave strategy out, or pass the examples.',
    option: 'strategy',
  },
  {
    kind: 'moments',
    when: ({ backend }) => backend === 'webgpu',
    expected: "backend 'cpu' or 'auto', because training on moments runs on the CPU",
    fix: 'Leave backend out, or pass the examples.',
    option: 'backend',
  },
  {
    kind: 'moments',
    when: ({ validationFraction }) => validationFraction > 0,
    expected: 'no validationFraction, because moments have no examples to set aside',
    fix: 'Leave validationFraction out, or pass the examples.',
    option: 'validationFraction',
  },
  {
    kind: 'buffers of a device',
    when: ({ strategy }) => strategy === 'moments',
    expected: "strategy 'streaming' or 'auto', which streams them",
    fix: 'Leave strategy out, or pass typed arrays.',
    option: 'strategy',
  },
  {
    kind: 'buffers of a device',
    when: (settings) => differs(settings, 'validationFraction'),
    expected: 'all examples for training, because the rows of buffers are not split',
    fix: 'Leave validationFraction out, or pass typed arrays.',
    option: 'validationFraction',
  },
  {
    kind: 'buffers of a device',
    when: (settings) => differs(settings, 'batchSize'),
    expected: "'full', because examples are assigned to mini-batches on the host",
    fix: 'Leave batchSize out, or pass typed arrays.',
    option: 'batchSize',
  },
  {
    kind: 'buffers of a device',
    when: ({ loss, huberDelta }) => loss === 'huber' && huberDelta === 'auto',
    expected: 'a number above 0, because the errors of examples in buffers are not read back',
    fix: 'Set huberDelta in units of the targets, or pass typed arrays.',
    option: 'huberDelta',
  },
  ...NOT_STREAMED.map(({ option, expected }): Unavailable => ({
    kind: 'a source larger than memoryBudget',
    when: (settings) => differs(settings, option),
    expected,
    fix: `Leave ${option} out, or raise memoryBudget so that the examples are read into memory.`,
    option,
  })),
  {
    kind: 'a source larger than memoryBudget',
    when: ({ backend }) => backend === 'reference',
    expected: "backend 'cpu', 'webgpu' or 'auto', because the reference holds all examples",
    fix: 'Leave backend out, or raise memoryBudget so that the examples are read into memory.',
    option: 'backend',
  },
  {
    kind: 'several models',
    when: (settings) => differs(settings, 'memoryBudget'),
    expected: 'no memoryBudget, because the models share examples that are all in memory',
    fix: 'Leave memoryBudget out, or train them one by one with fit.',
    option: 'memoryBudget',
  },
  {
    kind: 'several models',
    when: (settings) => differs(settings, 'recover'),
    expected: 'no recover, because models that train together begin again as one',
    fix: 'Leave recover out, or train them one by one with fit.',
    option: 'recover',
  },
  {
    kind: 'several models',
    when: ({ strategy }) => strategy === 'moments',
    expected: "'streaming' or 'auto', because several models share each read of the examples",
    fix: 'Use computeMoments once, and fit with its moments for each model.',
    option: 'strategy',
  },
  {
    kind: 'several models',
    when: (settings) => differs(settings, 'validationFraction'),
    expected: 'all examples for each model, because models that share each read are not validated while they train',
    fix: 'Use crossValidate, whose folds validate them, or fit for each model.',
    option: 'validationFraction',
  },
  {
    kind: 'several models',
    when: (settings) => differs(settings, 'batchSize'),
    expected: "'full', because the models share each read of all examples",
    fix: 'Train them one by one with fit.',
    option: 'batchSize',
  },
];

/** Throws `INVALID_OPTION` for an option that this kind of data cannot have. */
export function checkDataKind(kind: DataKind, settings: FitSettings): void {
  const found = UNAVAILABLE.find((row) => row.kind === kind && row.when(settings));
  if (!found) return;
  const { expected, fix, option } = found;
  const got = `${kind} with ${option} ${inQuotes(settings[option])}`;
  throw new DescentError('INVALID_OPTION', { got, expected, fix, where: { option } });
}
