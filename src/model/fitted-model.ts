import type { FitReport } from '../descent/report.js';
import type { LinearModel } from './linear-model.js';

/** A model with the report of the fit that made it; one that was loaded has none. */
export interface FittedModel extends LinearModel {
  readonly report: FitReport;
}
