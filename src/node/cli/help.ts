import { DATA_FLAGS, type Flag, MODEL_FLAG, OUTPUT_FLAGS, READING_FLAGS, SETTING_FLAGS } from './flags.js';
import { wrap } from '../report/terminal.js';

/** --validation-fraction X */
const LONGEST_FLAG = 23;

const EXAMPLES = [
  '--data prices.csv --target price --summary --output model.json',
  '--data prices.csv --target price,rent --features area,rooms',
  '--data signs.csv --target ill --loss logistic --l1 0.01',
  '--rows 100000 --optimizer adam --batch-size 256 --epochs 20',
];

/** The text of --help. */
export function helpText(width?: number): string {
  const section = (title: string, flags: readonly Flag[]) => [
    '',
    title,
    ...flags.flatMap(({ name, value, sentence }) =>
      wrap(`  ${`--${name} ${value ?? ''}`.padEnd(LONGEST_FLAG)} `, sentence, width),
    ),
  ];
  const paragraph = (text: string) => ['', ...wrap('', text, width)];
  return [
    'webgpu-descent fit [options]',
    'webgpu-descent predict --model FILE --data FILE [options]',
    'webgpu-descent moments --data FILE --target NAME [options]',
    'webgpu-descent merge --moments FILE --output FILE',
    'webgpu-descent doctor [--json]',
    ...paragraph(
      'Fits h(x) = X·w + b by gradient descent on the GPU, in a headless browser, and checks the result against the CPU. ' +
        'Without --data it fits 1,000,000 synthetic examples of 2 features in 100 epochs at learning rate 1.',
    ),
    ...paragraph(
      'predict reads a file as the model was trained and writes a prediction for each row, or the probability of the second class and the class.',
    ),
    ...paragraph(
      'moments adds up a part of the data, on any machine; merge puts parts together, in any order; fit --moments trains on them.',
    ),
    ...paragraph('doctor reports whether WebGPU works here, and what to do if it does not.'),
    '',
    'Examples',
    ...EXAMPLES.flatMap((words) => wrap('  webgpu-descent fit ', words, width)),
    ...section('Data', [...DATA_FLAGS, MODEL_FLAG]),
    ...section('Reading a file', READING_FLAGS),
    ...section('Training', SETTING_FLAGS),
    ...section('Result', OUTPUT_FLAGS),
    ...paragraph(
      'Exit code: 0 success, 1 the fit or its check failed (doctor: no WebGPU), 2 the command or the input is wrong.',
    ),
  ].join('\n');
}
