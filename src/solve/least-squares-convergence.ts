import type { FitReport } from '../descent/report.js';
import type { LeastSquaresSolution } from './least-squares.js';

/** A solution as an optimum: corrected to its rounding, or at least with a gradient below the tolerance. */
export function convergenceOf(
  { isRefined, relativeGradient, excessShare }: LeastSquaresSolution,
  tolerance: number,
): Pick<FitReport, 'converged' | 'relativeGradient' | 'distanceToOptimum' | 'distanceBy'> & {
  stopReason: 'converged' | 'plateau';
} {
  const converged = isRefined || (relativeGradient !== null && relativeGradient <= tolerance);
  const stopReason = converged ? 'converged' : 'plateau';
  if (isRefined) return { converged, stopReason, relativeGradient, distanceToOptimum: 0, distanceBy: 'optimum' };
  const isKnown = excessShare !== null && excessShare >= 0 && excessShare <= 1;
  return {
    ...{ converged, stopReason, relativeGradient },
    distanceToOptimum: isKnown ? excessShare : null,
    distanceBy: isKnown ? 'newtonStep' : null,
  };
}
