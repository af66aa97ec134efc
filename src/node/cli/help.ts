import type { FitSettings } from '../../options/specs.js';
import {
  DATA_FLAGS,
  type Flag,
  kebab,
  MERGE_FLAGS,
  MODEL_FLAG,
  MOMENTS_FLAGS,
  OUTPUT_FLAGS,
  PREDICT_FLAGS,
  READING_FLAGS,
  SETTING_FLAGS,
} from './flags.js';
import type { HelpTopic, Verb } from './help-topic.js';
import { wrap } from '../report/terminal.js';

/** --validation-fraction X */
const LONGEST_FLAG = 23;

const EXAMPLES = [
  '--data prices.csv --target price --summary --output model.json',
  '--data prices.csv --target price,rent --features area,rooms',
  '--data signs.csv --target ill --loss logistic --l1 0.01',
  '--rows 100000 --optimizer adam --batch-size 256 --epochs 20',
];

const USAGE: Readonly<Record<Verb, string>> = {
  fit: 'fit [options]',
  predict: 'predict --model FILE --data FILE [options]',
  moments: 'moments --data FILE --target NAME [options]',
  merge: 'merge --moments FILE --output FILE',
  doctor: 'doctor [--json]',
};

/** A sentence for each command, for those who chose it. */
const PURPOSE: Readonly<Record<Verb, string>> = {
  fit:
    'Fits h(x) = X·w + b to a file, and checks the result against the CPU. Without --data it fits 1,000,000 synthetic ' +
    'examples of 2 features by gradient descent on the GPU, in a headless browser, in 100 epochs at learning rate 1.',
  predict:
    'predict reads a file as the model was trained and writes a prediction for each row, or the probability of the second class and the class.',
  moments: 'moments adds up a part of the data, on any machine; fit --moments trains on the parts.',
  merge: 'merge puts moments together, in any order.',
  doctor: 'doctor reports whether WebGPU works here, and what to do if it does not.',
};

/** The settings by the task that they serve, in the order in which a fit meets them. */
const TASKS: readonly (readonly [string, readonly (keyof FitSettings)[]])[] = [
  ['The objective', ['loss', 'huberDelta', 'fitIntercept', 'l1', 'l2', 'standardize']],
  [
    'The optimizer and its learning rate',
    ['optimizer', 'learningRate', 'momentum', 'beta1', 'beta2', 'epsilon', 'schedule', 'decay', 'decayEvery', 'warmupEpochs', 'average', 'averageFrom'], // prettier-ignore
  ],
  ['Mini-batches', ['batchSize', 'shuffle']],
  ['When to stop', ['epochs', 'tolerance', 'patience', 'validationFraction', 'restoreBest']],
  ['Where it runs, and how', ['backend', 'strategy', 'kernels', 'storage', 'memoryBudget', 'recover', 'seed', 'pathEvery']], // prettier-ignore
];

const SYNTHETIC = ['rows', 'feature-count', 'noise'];

/** The text of the help on a topic. */
export function helpText(topic: HelpTopic, width?: number): string {
  if (topic === 'overview') return overview(width);
  const verbs = topic === 'all' ? (Object.keys(USAGE) as Verb[]) : [topic];
  const paragraph = (text: string) => ['', ...wrap('', text, width)];
  return [
    ...verbs.map((verb) => `webgpu-descent ${USAGE[verb]}`),
    ...verbs.flatMap((verb) => paragraph(PURPOSE[verb])),
    ...(verbs.includes('fit')
      ? ['', 'Examples', ...EXAMPLES.flatMap((words) => wrap('  webgpu-descent fit ', words, width))]
      : []),
    ...sectionsOf(topic).flatMap(([title, flags]) => section(title, flags, width)),
    ...paragraph(
      'Exit code: 0 success, 1 the fit or its check failed (doctor: no WebGPU), 2 the command or the input is wrong.',
    ),
  ].join('\n');
}

/** The help that fits a screen. */
function overview(width?: number): string {
  const line = (label: string, text: string) => wrap(`  ${label.padEnd(8)} `, text, width);
  return [
    'webgpu-descent COMMAND [options]',
    '',
    ...line('fit', 'train on a file; without --data, on synthetic examples'),
    ...line('predict', 'predictions of a saved model for the rows of a file'),
    ...line('moments', 'the sums of a part of the data, which merge puts together'),
    ...line('doctor', 'what there is to train with, and what is missing'),
    '',
    'Examples',
    ...[
      `fit ${EXAMPLES[0] ?? ''}`,
      'predict --model model.json --data new.csv --output predictions.csv',
      'fit --rows 100000',
    ].flatMap((words) => wrap('  webgpu-descent ', words, width)),
    '',
    'Optional packages, by npm install',
    ...line('CSV', 'papaparse'),
    ...line('Parquet', 'hyparquet, and hyparquet-compressors for its compressions'),
    ...line('Arrow', 'apache-arrow'),
    ...line('WebGPU', 'puppeteer and @puppeteer/browsers, which start a browser'),
    '',
    ...wrap('', 'Options of a command: webgpu-descent fit --help. All options: webgpu-descent --help all.', width),
  ].join('\n');
}

type Section = readonly [title: string, flags: readonly Flag[]];

function sectionsOf(topic: Exclude<HelpTopic, 'overview'>): readonly Section[] {
  switch (topic) {
    case 'predict':
      return sectionsAmong(PREDICT_FLAGS);
    case 'moments':
      return sectionsAmong(MOMENTS_FLAGS);
    case 'merge':
      return sectionsAmong(MERGE_FLAGS);
    case 'doctor':
      return sectionsAmong(OUTPUT_FLAGS.filter(({ name }) => name === 'json'));
    case 'fit':
      return sectionsAmong([...DATA_FLAGS, ...READING_FLAGS, ...SETTING_FLAGS, ...OUTPUT_FLAGS]);
    default:
      return sectionsAmong([...DATA_FLAGS, MODEL_FLAG, ...READING_FLAGS, ...SETTING_FLAGS, ...OUTPUT_FLAGS]);
  }
}

/** All sections, with those of these flags that belong to each. */
function sectionsAmong(flags: readonly Flag[]): readonly Section[] {
  const isOf = (names: readonly string[], { name }: Flag) => names.includes(name.replace(/^no-/, '')) || names.includes(name); // prettier-ignore
  const among = (sectionFlags: readonly Flag[]) => sectionFlags.filter((flag) => flags.includes(flag));
  const sections: Section[] = [
    ['Data', among([...DATA_FLAGS, MODEL_FLAG].filter((flag) => !isOf(SYNTHETIC, flag)))],
    ['Synthetic data', among(DATA_FLAGS.filter((flag) => isOf(SYNTHETIC, flag)))],
    ['Reading a file', among(READING_FLAGS)],
    ...TASKS.map(([title, names]): Section => [title, among(SETTING_FLAGS.filter((flag) => isOf(names.map(kebab), flag)))]), // prettier-ignore
    ['Result', among(OUTPUT_FLAGS)],
  ];
  return sections.filter(([, inIt]) => inIt.length > 0);
}

function section(title: string, flags: readonly Flag[], width?: number): string[] {
  const lines = flags.flatMap(({ name, value, sentence }) =>
    wrap(`  ${`--${name} ${value ?? ''}`.padEnd(LONGEST_FLAG)} `, sentence, width),
  );
  return ['', title, ...lines];
}
