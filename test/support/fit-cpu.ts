import type { FitReport } from '../../src/descent/report.js';
import { fit } from '../../src/fit.js';
import type { FitOptions } from '../../src/fitting/fit-options.js';

/** The model of descent on examples on the CPU, and its report. */
export const fitCpu = async (data: Parameters<typeof fit>[0], options: FitOptions = {}) => {
  const model = await fit(data, { backend: 'cpu', strategy: 'streaming', ...options });
  return { model, report: model.report };
};

export const neverRises = ({ lossHistory }: FitReport) =>
  // Where descent stands still, the sums of one epoch differ from the next one's by their rounding.
  lossHistory.every((loss, i) => i === 0 || loss <= (lossHistory[i - 1] as number) * (1 + 1e-12));
