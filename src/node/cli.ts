#!/usr/bin/env node
import { createReadStream } from 'node:fs';
import { access, constants, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { collectDataset, type Dataset } from '../dataset.js';
import { DescentError, type DescentErrorCode } from '../errors.js';
import { LinearModel } from '../model.js';
import { csvColumns, csvSource } from '../sources/csv.js';
import { syntheticRegression } from '../sources/synthetic.js';
import { type DataChoice, type FitCommand, helpText, parseCommand } from './arguments.js';
import { checkAgainstReference, compareWithOptimum } from './check.js';
import { introduction, type Outcome, outcomeJson, summary } from './outcome.js';
import { ProgressBar } from './terminal.js';
import { train } from './train.js';

const EXIT = { done: 0, failed: 1, wrongInput: 2, interrupted: 130 } as const;

/** The codes that speak of the command or of the data, rather than of the machine. */
const INPUT_CODES: readonly DescentErrorCode[] = [
  'SHAPE_MISMATCH',
  'EMPTY_DATA',
  'NON_FINITE_VALUE',
  'INVALID_OPTION',
  'UNKNOWN_OPTION',
  'UNKNOWN_COLUMN',
  'INVALID_CSV',
  'FILE_UNREADABLE',
];

async function main(): Promise<number> {
  const command = parseCommand(process.argv.slice(2));
  if (command.kind === 'help') {
    console.log(helpText());
    return EXIT.done;
  }
  if (command.kind === 'version') {
    console.log(await version());
    return EXIT.done;
  }
  const interruption = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interruption.abort());
  try {
    return await runFit(command, interruption.signal);
  } catch (error) {
    if (interruption.signal.aborted) return EXIT.interrupted;
    throw error;
  }
}

/** load → train → check → say. */
async function runFit(command: FitCommand, signal: AbortSignal): Promise<number> {
  if (command.output !== undefined) await requireWritable(command.output);
  const { dataset, source, truth } = await load(command.data, command.settings.seed);
  signal.throwIfAborted();
  if (!command.json) console.log(introduction(source, dataset, command));

  const bar = new ProgressBar(process.stderr);
  const draw = (epoch: number, loss: number) =>
    bar.draw(epoch, command.settings.epochs, `${epoch}/${command.settings.epochs} epochs, loss ${loss.toPrecision(6)}`);
  if (!command.json) bar.draw(0, 1, 'starting');
  const training = await train(
    dataset,
    command.settings,
    ({ epoch, loss }) => (command.json ? undefined : draw(epoch, loss)),
    signal,
  ).finally(() => bar.clear());
  signal.throwIfAborted();

  const model = new LinearModel({
    weights: Float64Array.from(training.weights),
    bias: training.bias,
    featureNames: dataset.featureNames,
    targetName: dataset.targetName,
    report: training.report,
  });
  const optimum = compareWithOptimum(dataset, training);
  const checked =
    command.check && training.report.backend !== 'cpu'
      ? await checkAgainstReference(dataset, training, training.report, optimum?.conditionNumber ?? null)
      : { check: null, reference: null };
  const outcome: Outcome = {
    ...{ command, source, dataset, training, truth },
    ...checked,
    r2: await model.score(dataset),
    optimum,
  };
  const isGood = training.report.stopReason !== 'diverged' && outcome.check?.passed !== false;
  console.log(command.json ? JSON.stringify(outcomeJson(outcome)) : summary(outcome));
  if (command.output !== undefined && isGood) await writeFile(command.output, `${JSON.stringify(model, null, 2)}\n`);
  if (!command.json && command.output !== undefined) {
    console.log(
      isGood ? `model      ${command.output}` : `model      not written to ${command.output}: the fit failed`,
    );
  }
  return isGood ? EXIT.done : EXIT.failed;
}

/** Column names that an error lists. */
const MOST_LISTED = 10;

interface Loaded {
  dataset: Dataset;
  source: string;
  truth: Outcome['truth'];
}

async function load(data: DataChoice, seed: number): Promise<Loaded> {
  if (data.kind === 'synthetic') {
    const { rows, featureCount, noise } = data;
    const { dataset, weights, bias } = syntheticRegression({ rows, features: featureCount, noise, seed });
    return { dataset, source: 'synthetic', truth: { weights, bias } };
  }
  const { file, target, features } = data;
  await requireReadable(file);
  const open = () => Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const name = basename(file);
  if (target === undefined) throw await targetMissing(open, name);
  const source = csvSource(open, { target, name, ...(features && { features }) });
  return { dataset: await collectDataset(source), source: name, truth: null };
}

/** --target was left out: say which columns there are to choose from. */
async function targetMissing(open: () => ReadableStream<Uint8Array>, name: string): Promise<DescentError> {
  const columns = await csvColumns(open, name);
  const listed = columns.slice(0, MOST_LISTED).join(', ') + (columns.length > MOST_LISTED ? ', …' : '');
  return new DescentError('INVALID_OPTION', {
    got: '--data without --target',
    expected: `--target NAME, one of ${listed}`,
    fix: 'Name the column to predict.',
  });
}

async function requireReadable(file: string): Promise<void> {
  const isFile = await stat(file).then(
    (found) => found.isFile() || found.isFIFO(),
    () => false,
  );
  const isReadable =
    isFile &&
    (await access(file, constants.R_OK).then(
      () => true,
      () => false,
    ));
  if (isReadable) return;
  throw new DescentError('FILE_UNREADABLE', {
    got: `no readable file ${file}`,
    expected: 'a CSV file',
    fix: 'Check the path given with --data.',
  });
}

async function requireWritable(file: string): Promise<void> {
  const folder = dirname(resolve(file));
  const isFolder = await stat(file).then(
    (found) => found.isDirectory(),
    () => false,
  );
  const isWritable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (isWritable && !isFolder) return;
  throw new DescentError('FILE_UNREADABLE', {
    got: isFolder ? `a folder, ${file}` : `no folder ${folder} to write to`,
    expected: 'a path for the model file',
    fix: 'Check the path given with --output.',
  });
}

async function version(): Promise<string> {
  const manifest = await readFile(join(dirname(fileURLToPath(import.meta.url)), '../../package.json'), 'utf8');
  return (JSON.parse(manifest) as { version: string }).version;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const isInput = error instanceof DescentError && INPUT_CODES.includes(error.code);
    console.error(`webgpu-descent: ${error instanceof Error ? error.message.replace(/\s+/g, ' ') : String(error)}`);
    process.exitCode = isInput ? EXIT.wrongInput : EXIT.failed;
  },
);
