import type { RunResult, Parameters } from './backend.js';
import { DescentError } from '../base/errors.js';
import type { FitSettings } from '../options/specs.js';
import type { PathPoint } from './report.js';

/** The most numbers of a path: 16 MiB on the device, and some 100 MB as lists of plain numbers. */
export const MOST_PATH_NUMBERS = 2 ** 22;

/** Throws `TOO_LARGE` for a path of more than MOST_PATH_NUMBERS, with how often it may have a point. */
export function requirePathFits({ epochs, pathEvery }: FitSettings, featureCount: number): void {
  if (pathEvery === 0) return;
  const mostPoints = Math.floor(MOST_PATH_NUMBERS / (featureCount + 1));
  const points = 1 + Math.floor(epochs / pathEvery);
  if (points <= mostPoints) return;
  throw new DescentError('TOO_LARGE', {
    got: `a path of ${points} points of ${featureCount + 1} numbers`,
    expected: `at most ${MOST_PATH_NUMBERS} numbers`,
    fix: mostPoints < 2 ? 'Leave pathEvery out.' : `Use pathEvery ${Math.ceil(epochs / (mostPoints - 1))} or more.`,
  });
}

/**
 * The path for a report, in the caller's units: the points of an earlier fit, those of this one, and where it ended. After
 * a divergence that is before the last update, as the model is. null where no path was asked for.
 */
export function pathReport(
  earlier: readonly PathPoint[],
  { path, epoch: epochsRun, parameters, stopReason }: Pick<RunResult, 'path' | 'epoch' | 'parameters' | 'stopReason'>,
  { pathEvery }: { pathEvery: number },
  toCallerUnits: (parameters: Float64Array) => Parameters,
): PathPoint[] | null {
  if (pathEvery === 0) return null;
  const point = (epoch: number, values: Float64Array): PathPoint => {
    const { weights, bias } = toCallerUnits(values);
    return { epoch, weights: Array.from(weights), bias };
  };
  const last = stopReason === 'diverged' ? Math.max(0, epochsRun - 1) : epochsRun;
  // The end of an earlier fit is no point of the path any more.
  const before = earlier.filter(({ epoch }) => epoch % pathEvery === 0);
  const points = [
    ...before,
    ...path.filter(({ epoch }) => epoch <= last).map((state) => point(state.epoch, state.parameters)),
  ];
  return points.at(-1)?.epoch === last ? points : [...points, point(last, parameters)];
}
