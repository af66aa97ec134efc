import { NOT_CONVERGED } from '../../fitting/convergence-warnings.js';
import type { FitReport } from '../../descent/report.js';
import { isDescent } from '../../options/choose-optimizer.js';
import type { OptimumCheck } from '../cli/check-optimum.js';
import { sizeOfTargets, spread } from '../cli/check.js';
import type { Outcome } from './report-text.js';
import { difference, plural } from './terminal.js';
import { inWordsOf } from './warning-text.js';

/** A share of the excess loss that is nearly nothing. */
const NEARLY = 0.01;

/** From this condition number on, single weights depend on the last digits of the data. */
const NEARLY_DEPENDENT = 1e4;

/** Tells if the model is the optimum of its objective, or what is left and what to do. */
export function describeOptimum({ command, optimum, training: { report } }: Outcome): string {
  const { converged, stopReason, warnings } = report;
  if (converged) return `reached${optimum ? caveatOf(optimum) : ''}`;
  const said = (code: string) => inWordsOf(command, warnings.find((warning) => warning.code === code)?.message ?? '');
  if (stopReason === 'diverged') return `NOT reached. ${said('DIVERGED')}`;
  if (stopReason === 'separable') return `none. ${said('SEPARABLE_CLASSES')}`;
  const isNear = optimum?.reached === true && (report.distanceToOptimum ?? 0) < NEARLY;
  const [verdict, missed] = [isNear ? 'nearly reached' : 'NOT reached', said('NOT_CONVERGED')];
  return missed === '' ? verdict : `${verdict}: ${missed.replace(`${NOT_CONVERGED}: `, '')}`;
}

function caveatOf({ isDeficient, conditionNumber }: OptimumCheck): string {
  if (isDeficient) return '; others are as good';
  if (conditionNumber === null || conditionNumber < NEARLY_DEPENDENT) return '';
  return `; some features nearly depend on others (condition number ${difference(conditionNumber)}), so that single weights are uncertain`;
}

/** Tells what was compared: the steps with those of the CPU, and the answer with the optimum. */
export function describeChecks(outcome: Outcome): string[] {
  const { check, command, training } = outcome;
  if (!command.check) return ['none: --no-check'];
  const lines = [...(check ? [describeSteps(check, training.report)] : []), ...describeAnswer(outcome)];
  return lines.length > 0 ? lines : [withoutCheck(training.report)];
}

function describeSteps(
  { passed, compared, maxRelativeDifference, tolerance }: NonNullable<Outcome['check']>,
  { epochsRun }: FitReport,
): string {
  const measure =
    compared === 'predictions' ? 'relative difference of predictions' : 'largest relative difference of a parameter';
  const numbers = `${measure} ${difference(maxRelativeDifference)}, tolerance ${difference(tolerance)}`;
  return `steps ${passed ? 'passed' : 'FAILED'}: the same ${plural(epochsRun, 'epoch')} on the CPU in f64, ${numbers}`;
}

function describeAnswer({ optimum, dataset, training: { report } }: Outcome): string[] {
  if (!optimum) return [];
  const { solver, maxDifference, tolerance, reached } = optimum;
  const by = solver === 'qr-f64' ? 'QR in f64' : "a step of Newton's method in f64";
  const numbers = `effects w·sd(x) differ by at most ${difference(maxDifference)} ${unitOf(dataset, report)}, tolerance ${difference(tolerance)}`;
  if (reached) return [`answer confirmed by ${by}: ${numbers}`];
  return [`answer ${report.converged ? 'NOT confirmed by' : 'not yet that of'} ${by}: ${numbers}`];
}

/** The unit in which effects are compared. */
function unitOf({ targets, targetName }: Outcome['dataset'], { settings }: FitReport): string {
  if (settings.loss === 'logistic') return 'in log-odds';
  const isSpread = targets !== undefined && sizeOfTargets({ targets }, settings) === spread(targets);
  return isSpread ? `of sd(${targetName})` : `of the size of ${targetName}`;
}

/** The reason why nothing was compared. */
export function withoutCheck({ backend, settings, stopReason, source }: FitReport): string {
  if (stopReason === 'separable') return 'none: there is no optimum to compare with';
  if (source?.read === 'streamed') return 'none: the examples of a file that is streamed are not held';
  if (backend !== 'webgpu' && isDescent(settings))
    return 'none: the CPU trained the model, and to find the optimum would take long';
  return 'none: to find the optimum in another way would take long';
}
