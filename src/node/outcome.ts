import type { Dataset } from '../dataset.js';
import type { FitCommand } from './arguments.js';
import { F32_ROUNDING, type OptimumCheck, type ReferenceCheck } from './check.js';
import { count, difference, duration, lossCurve, number, table } from './terminal.js';
import type { Training } from './train.js';

/** All that a run of the command line has to say. */
export interface Outcome {
  command: FitCommand;
  /** A file's name, or 'synthetic'. */
  source: string;
  dataset: Dataset;
  training: Training;
  r2: number;
  /** null when the reference itself trained, or was not asked for. */
  check: ReferenceCheck | null;
  reference: { weights: ArrayLike<number>; bias: number } | null;
  optimum: OptimumCheck | null;
  /** The parameters that synthetic data was made with. */
  truth: { weights: ArrayLike<number>; bias: number } | null;
}

/** The one object of --json. */
export function outcomeJson({ source, dataset, training, r2, check, optimum, truth }: Outcome): object {
  const { report, weights, bias } = training;
  return {
    backend: report.backend,
    adapter: report.adapter,
    browser: training.browser,
    dataset: {
      source,
      rows: dataset.exampleCount,
      features: dataset.featureNames,
      target: dataset.targetName,
      ...(truth && { trueWeights: Array.from(truth.weights), trueBias: truth.bias }),
    },
    options: report.settings,
    strategy: report.strategy,
    weights,
    bias,
    loss: {
      first: report.lossHistory[0] ?? null,
      last: report.lossHistory.at(-1) ?? null,
      history: report.lossHistory,
    },
    epochsRun: report.epochsRun,
    stopReason: report.stopReason,
    r2,
    learningRateLimit: report.learningRateLimit,
    timing: report.timings,
    check,
    optimum,
    warnings: report.warnings,
  };
}

/** What people read before the training starts. */
export function introduction(source: string, dataset: Dataset, { data }: FitCommand): string {
  const names = dataset.featureNames;
  const listed = names.length <= 8 ? names.join(', ') : `${names.slice(0, 6).join(', ')}, … ${names.at(-1)}`;
  const from = data.kind === 'csv' ? ` from ${source}` : ', synthetic';
  const made =
    data.kind === 'synthetic' ? `, uniform in [−1, 1), noise ${data.noise}` : `, target ${dataset.targetName}`;
  return [
    'h(x) = X·w + b by gradient descent on L = 1/(2m) Σ (h(x) − y)²',
    '',
    `data       ${count(dataset.exampleCount)} examples${from}, ${names.length} ${names.length === 1 ? 'feature' : 'features'} (${listed})${made}`,
  ].join('\n');
}

/** What people read after it. */
export function summary(outcome: Outcome): string {
  const { training, r2 } = outcome;
  const { report } = training;
  const { timings, settings } = report;
  const limit = report.learningRateLimit === null ? 'unknown' : number(report.learningRateLimit);
  const speed =
    timings.msPerEpoch === null
      ? ''
      : `: ${number(Number(timings.msPerEpoch.toPrecision(3)))} ms per epoch, ${timings.gigabytesPerSecond?.toFixed(2)} GB/s of X and y`;
  return [
    `ran on     ${describePlace(training)}`,
    `options    λ = ${number(settings.learningRate)} (limit ${limit}), ${settings.standardize ? 'standardized' : 'features as they are'}, ${report.strategy}, seed ${settings.seed}`,
    '',
    ...lossCurve(report.lossHistory),
    '',
    `stopped    ${describeStop(outcome)}`,
    `time       ${duration(timings.trainMs)} training${speed}`,
    `           ${duration(timings.deviceMs)} device, ${duration(timings.uploadMs)} upload, ${duration(timings.readbackMs)} readback`,
    `R²         ${number(r2)}`,
    '',
    ...parameterTable(outcome),
    '',
    ...report.warnings.map(({ message }) => `warning    ${message}`),
    ...describeOptimum(outcome),
    ...describeCheck(outcome),
  ].join('\n');
}

function describePlace({ report: { backend, adapter }, browser }: Training): string {
  if (!adapter) return `the CPU, in f64 (backend ${backend})`;
  const name = [adapter.vendor, adapter.architecture, adapter.description].filter(Boolean).join(' ');
  const kind = adapter.isSoftware ? ' (a software adapter: the shaders run on the CPU)' : '';
  return `WebGPU, ${name}${kind}, in ${browser ?? 'this process'}`;
}

function describeStop({ training: { report } }: Outcome): string {
  const { stopReason, epochsRun, settings } = report;
  const epochs = `${count(epochsRun)} of ${count(settings.epochs)} epochs`;
  if (stopReason === 'epochs') return `after all ${count(epochsRun)} epochs`;
  if (stopReason === 'converged') return `converged after ${epochs}`;
  if (stopReason === 'aborted') return `aborted after ${epochs}`;
  return `DIVERGED after ${epochs}: the loss left the finite numbers; these are the last parameters before that`;
}

/** Beyond this many parameters a table hides what it shows. */
const MOST_ROWS = 12;

function parameterTable({ dataset, training, reference, truth }: Outcome): string[] {
  const names = [...dataset.featureNames, 'bias'];
  const list = (parameters: { weights: ArrayLike<number>; bias: number } | null) =>
    parameters && [...Array.from(parameters.weights), parameters.bias];
  const trained = list(training) ?? [];
  const expected = list(reference);
  const made = list(truth);
  const head = ['parameter', 'trained', ...(expected ? ['reference', 'difference'] : []), ...(made ? ['true'] : [])];
  const rows = names.map((name, j) => [
    name.length > 20 ? `${name.slice(0, 19)}…` : name,
    number(trained[j] as number),
    ...(expected ? [number(expected[j] as number), difference((trained[j] as number) - (expected[j] as number))] : []),
    ...(made ? [number(made[j] as number)] : []),
  ]);
  if (rows.length <= MOST_ROWS) return table(head, rows);
  const shown = [...rows.slice(0, MOST_ROWS - 2), ...rows.slice(-1)];
  return [...table(head, shown), `(${rows.length - shown.length} more weights: --json or --output shows all)`];
}

/** Whether descent arrived, said for data whose answer is not known beforehand. */
function describeOptimum({ optimum, training: { report }, command }: Outcome): string[] {
  if (!optimum || command.data.kind === 'synthetic') return [];
  const distance = `largest relative difference ${difference(optimum.maxRelativeDifference)}`;
  if (optimum.reached) return [`optimum    reached: ${distance} from the exact least squares (QR, f64)`];
  const lines = [`optimum    NOT reached: ${distance} from the exact least squares (QR, f64)`];
  return [
    ...lines,
    ...adviseOn(optimum, report.learningRateLimit, report.settings.learningRate).map((line) => `           ${line}`),
  ];
}

/** What to do about an optimum that was not reached, from the conditioning. */
function adviseOn(optimum: OptimumCheck, limit: number | null, learningRate: number): string[] {
  const { conditionNumber, tolerance } = optimum;
  if (conditionNumber === null) return ['Some features depend on others: no single set of weights is best.'];
  const squared = conditionNumber ** 2;
  const advice = [
    `The condition number of the standardized features is ${number(Number(conditionNumber.toPrecision(3)))}.`,
  ];
  if (limit !== null) {
    // The slowest direction shrinks by 1 − λ·λmin an epoch, with λmin = λmax/κ² and λmax = 2/limit.
    const shrink = (learningRate * 2) / limit / squared;
    const epochs = Math.ceil(Math.log(1 / tolerance) / shrink);
    advice.push(
      `The slowest direction needs about ${count(epochs)} epochs for three digits: --epochs ${epochs} --tolerance 0.`,
    );
  }
  if (squared * F32_ROUNDING > tolerance / 10) {
    advice.push(
      `In f32 such features leave about ${difference(squared * F32_ROUNDING)} of uncertainty, whatever the epochs.`,
    );
  }
  return advice;
}

function describeCheck({ check, training: { report } }: Outcome): string[] {
  if (!check)
    return [
      report.backend === 'cpu' ? 'check      none: the reference itself has trained' : 'check      none, as asked',
    ];
  const numbers = `largest relative difference ${difference(check.maxRelativeDifference)}, tolerance ${difference(check.tolerance)}`;
  return [`check      ${check.passed ? 'passed' : 'FAILED'} against the CPU reference in f64: ${numbers}`];
}
