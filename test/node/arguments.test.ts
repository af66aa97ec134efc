import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/node/cli/arguments.js';
import { resolveReading } from '../../src/options/resolve-reading.js';
import { DEFAULTS } from '../support/defaults.js';
import { parseFit, refusal } from '../support/parsed.js';

describe('words that are no command', () => {
  test.each([
    [['trian'], "no command 'trian'; expected 'fit', 'predict', 'moments', 'merge' or 'doctor'. See --help."],
    [['predit'], "Did you mean 'predict'?"],
    [['prices.csv'], 'Pass a file by an option: fit --data FILE --target NAME.'],
    [['predict', 'model.json'], 'Pass a file by an option: predict --model FILE --data FILE.'],
  ])('%j are told what to write', (words, text) => expect(refusal(...words).message).toContain(text));
});

describe('what is meant', () => {
  test('doctor answers as text or as JSON', () => {
    expect(parseCommand(['doctor'])).toEqual({ kind: 'doctor', json: false });
    expect(parseCommand(['--json', 'doctor'])).toEqual({ kind: 'doctor', json: true });
    expect(parseCommand(['doctor', '--help'])).toEqual({ kind: 'help', topic: 'doctor' });
    expect(refusal('doctor', '--rows', '3')).toMatchObject({ code: 'INVALID_OPTION', got: '--rows with doctor' });
    expect(refusal('doctor', 'fit').message).toContain('options after doctor');
    expect(refusal('fit', 'doctor').message).toContain('options after fit');
  });

  test('fit alone is the seed program', () => {
    expect(parseCommand(['fit'])).toEqual({
      kind: 'fit',
      data: { kind: 'synthetic', rows: 1_000_000, featureCount: 2, noise: 0.1 },
      settings: {
        ...DEFAULTS,
        optimizer: 'gradientDescent',
        epochs: 100,
        learningRate: 1,
        tolerance: 0,
        standardize: false,
        strategy: 'streaming',
      },
      warmStart: undefined,
      output: undefined,
      json: false,
      check: true,
      summary: false,
      weightsAs: 'auto',
    });
    expect(parseCommand(['--rows', '1000000'])).toEqual(parseFit());
  });

  test('a file has the defaults of fit', () => {
    const command = parseFit('--data', 'a.csv', '--target=y', '--features', 'p, q');
    expect(command.data).toEqual({
      kind: 'files',
      files: ['a.csv'],
      targets: ['y'],
      features: ['p', 'q'],
      weights: undefined,
      reading: resolveReading({}),
    });
    expect(command.settings).toEqual(DEFAULTS);
  });

  test('several targets are read, and names with commas in them', () => {
    const words = ['--target', 'y,"z, net"', '--features', '"a, b"', '--weights', '"w, kg"'];
    expect(parseFit('--data', 'a.csv', ...words).data).toEqual({
      kind: 'files',
      files: ['a.csv'],
      targets: ['y', 'z, net'],
      features: ['a, b'],
      weights: 'w, kg',
      reading: resolveReading({}),
    });
  });

  const given = (words: string) => parseFit('--data', 'a.csv', ...words.split(' ')).settings.optimizer;

  test.each([
    ...['--epochs 5', '--learning-rate 0.1', '--batch-size 8', '--schedule cosine', '--average', '--patience 3'],
    ...['--validation-fraction 0.2', '--path-every 1', '--strategy streaming', '--storage f16'],
  ])('with %s a file is for gradient descent', (words) => expect(given(words)).toBe('gradientDescent'));

  test.each(['--tolerance 0', '--no-standardize', '--l1 0.1', '--loss huber --huber-delta auto', '--strategy moments'])(
    'with %s it is for the solver that reaches the optimum',
    (words) => expect(given(words)).toBe('auto'),
  );

  test.each(['auto', 'newton', 'lbfgs'])('--optimizer %s is for a solver, with synthetic examples too', (optimizer) => {
    for (const words of [
      ['--data', 'a.csv'],
      ['--rows', '9'],
    ])
      expect(parseFit(...words, '--optimizer', optimizer).settings).toEqual({ ...DEFAULTS, optimizer });
  });

  test('every setting has its flag', () => {
    const words =
      '--loss huber --huber-delta 2 --no-fit-intercept --epochs 7 --learning-rate 1e-2 --tolerance 1e-3 --patience 2 --validation-fraction 0.25 --no-restore-best --seed 9 --path-every 4 --strategy auto --backend cpu --optimizer adam --beta1 0.8 --beta2 0.99 --epsilon 1e-6 --schedule exponential --decay 0.25 --decay-every 10 --warmup-epochs 3 --average --average-from 4 --batch-size 32 --no-shuffle --memory-budget 1000000 --no-recover';
    expect(parseFit(...words.split(' '), '--standardize').settings).toEqual({
      loss: 'huber',
      huberDelta: 2,
      fitIntercept: false,
      epochs: 7,
      batchSize: 32,
      shuffle: false,
      learningRate: 0.01,
      optimizer: 'adam',
      momentum: 0.9,
      beta1: 0.8,
      beta2: 0.99,
      epsilon: 1e-6,
      schedule: 'exponential',
      decay: 0.25,
      decayEvery: 10,
      warmupEpochs: 3,
      average: true,
      averageFrom: 4,
      tolerance: 0.001,
      patience: 2,
      validationFraction: 0.25,
      restoreBest: false,
      l1: 0,
      l2: 0,
      standardize: true,
      seed: 9,
      pathEvery: 4,
      strategy: 'auto',
      kernels: 'auto',
      storage: 'f32',
      backend: 'cpu',
      memoryBudget: 1_000_000,
      recover: false,
    });
  });

  test('validation examples may stop the seed program early, and so may a patience', () => {
    expect(parseFit('--epochs', '3').settings.tolerance).toBe(0);
    expect(parseFit('--patience', '3').settings).toMatchObject({ tolerance: 1e-6, patience: 3 });
    expect(parseFit('--validation-fraction', '0.2').settings).toMatchObject({ tolerance: 1e-6, epochs: 100 });
    expect(parseFit('--validation-fraction', '0.2', '--tolerance', '0').settings.tolerance).toBe(0);
    expect(parseFit('--data', 'a.csv', '--validation-fraction', '0.2').settings.tolerance).toBe(1e-6);
  });

  test("another optimizer than the seed program's finds a rate of its own", () => {
    expect(parseFit('--optimizer', 'nesterov').settings.learningRate).toBe('auto');
    expect(parseFit('--optimizer', 'nesterov', '--learning-rate', '0.2').settings.learningRate).toBe(0.2);
    expect(parseFit('--schedule', 'cosine').settings.learningRate).toBe(1);
    expect(parseFit('--batch-size', '256').settings).toMatchObject({ learningRate: 'auto', batchSize: 256 });
    expect(parseFit('--batch-size', 'full').settings.batchSize).toBe('full');
  });

  test('the last holds of a flag given twice, and of two opposites', () => {
    expect(parseFit('--epochs', '1', '--epochs', '2').settings.epochs).toBe(2);
    expect(parseFit('--standardize', '--no-standardize').settings.standardize).toBe(false);
    expect(parseFit('--no-standardize', '--standardize').settings.standardize).toBe(true);
  });

  test('help and version come before everything else', () => {
    expect(parseCommand(['fit', '--help'])).toEqual({ kind: 'help', topic: 'fit' });
    for (const words of [[], ['-h'], ['help'], ['--help', '--nonsense']])
      expect(parseCommand(words)).toEqual({ kind: 'help', topic: 'overview' });
    for (const words of [
      ['help', 'all'],
      ['--help', 'all'],
      ['fit', '--help', 'all'],
    ])
      expect(parseCommand(words)).toEqual({ kind: 'help', topic: 'all' });
    expect(parseCommand(['--version', '--rows', '0'])).toEqual({ kind: 'version' });
  });

  test('output, json, summary and no-check are read', () => {
    expect(parseFit('--output', 'm.json', '--json', '--summary', '--no-check')).toMatchObject({
      output: 'm.json',
      json: true,
      summary: true,
      check: false,
    });
  });

  test('the meaning of weights in a summary, which the logistic loss has, too', () => {
    const words = ['--data', 'a.csv', '--target', 'y', '--weights', 'w', '--summary', '--loss', 'logistic'];
    expect(parseFit(...words)).toMatchObject({ summary: true, weightsAs: 'auto' });
    expect(parseFit(...words, '--weights-as', 'counts')).toMatchObject({ weightsAs: 'counts' });
    expect(parseFit(...words, '--weights-as=precisions')).toMatchObject({ weightsAs: 'precisions' });
  });
});

describe('the command line', () => {
  test.each([
    ['--epochs', '0'],
    ['--epochs', '1.5'],
    ['--epochs', '-1'],
    ['--epochs=-1'],
    ['--epochs', 'ten'],
    ['--epochs', ''],
    ['--epochs'],
    ['--epochs', '--json'],
    ['--learning-rate', '0'],
    ['--learning-rate', '-1'],
    ['--learning-rate', 'NaN'],
    ['--learning-rate', 'Infinity'],
    ['--tolerance', '1'],
    ['--patience', '0'],
    ['--seed', '-1'],
    ['--strategy', 'fast'],
    ['--backend', 'gpu'],
    ['--rows', '0'],
    ['--rows', '1e12'],
    ['--feature-count', '0.5'],
    ['--noise', '-1'],
    ['--noise', '1e39'],
    ['--noise', 'NaN'],
    ['--json=yes'],
    ['--summary', '--l2', '0.1'],
    ['--summary', '--l1', '0.1'],
    ['--summary', '--loss', 'huber'],
    ['--weights-as', 'counts'],
    ['--weights-as', 'counts', '--summary'],
    ['--weights-as', 'frequencies', '--summary', '--data', 'a.csv', '--target', 'y', '--weights', 'w'],
    ['--target', 'y'],
    ['--data', 'a.csv', '--rows', '5'],
    ['--data', ''],
    ['--data', 'a.csv', '--features', 'a,,b'],
    ['--data', 'a.csv', '--target', ''],
    ['--data', 'a.csv', '--target', '"y'],
    ['--data', 'a.csv', '--target', 'y', '--weights', 'v,w'],
    ['--data', 'a.csv', '--target', 'y,z,y'],
    ['--data', 'a.csv', '--skip-rows', '3-'],
    ['--data', 'a.csv', '--missing', 'fill'],
    ['--data', 'a.csv', '--polynomial', '9'],
    ['--data', 'a.csv', '--classes', 'no'],
    ['--data', 'a.csv', '--dropped-level', 'none'],
    ['--categories', 'x'],
    ['--data', 'a.csv', '--target', 'y,z', '--optimizer', 'conjugateGradient', '--l1', '1'],
  ])('refuses %s %s', (...words) => {
    const error = refusal(...words);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(words[0].split('=')[0]!.replace('--data', ''));
    expect(error.message).not.toContain('\n');
  });

  test.each([
    ['batchSize 8', ['--batch-size', '8']],
    ['validationFraction', ['--validation-fraction', '0.1']],
    ["strategy 'moments'", ['--strategy', 'moments']],
  ])('refuses %s with several targets, each of which can have it', (got, words) => {
    const error = refusal('--data', 'a.csv', '--target', 'y,z', ...words);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.got).toContain(got);
    expect(error.fix).toBe('Pass one --target at a time.');
    expect(parseFit('--data', 'a.csv', '--target', 'y', ...words).kind).toBe('fit');
  });

  test('refuses a number out of range, with the range', () => {
    expect(refusal('--learning-rate', '-1').message).toBe(
      "--learning-rate -1; expected a number above 0, or 'auto'. See --help.",
    );
  });

  test('refuses a switch with a value, and names its opposite if there is one', () => {
    expect(refusal('--shuffle=false').expected).toBe('--shuffle alone, or --no-shuffle');
    expect(refusal('--json=yes').expected).toBe('--json alone');
  });

  test('refuses an unknown flag, with the nearest one', () => {
    const error = refusal('fit', '--learningrate', '1');
    expect(error.code).toBe('UNKNOWN_OPTION');
    expect(error.fix).toBe('Did you mean --learning-rate?');
  });

  test.each([[['-x']], [['train']], [['fit', 'fit']], [['fit', 'data.csv']], [['--__proto__', '1']]])(
    'refuses the words %j',
    (words) => expect(refusal(...words).code).toBe('UNKNOWN_OPTION'),
  );
});
