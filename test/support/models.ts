import type { LinearModel } from '../../src/model/linear-model.js';
import type { FitReport } from '../../src/descent/report.js';

/** [d + 1] the weights of a model, then its bias. */
export const parametersOf = ({ weights, bias }: Pick<LinearModel, 'weights' | 'bias'>) => [...weights, bias];

/** The report of a model that was fitted. */
export const reportOf = ({ report }: { report: FitReport | null }) => report as FitReport;

/** The codes of the warnings in a report. */
export const codes = ({ warnings }: Pick<FitReport, 'warnings'>) => warnings.map(({ code }) => code);
