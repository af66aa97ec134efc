import type { SupportReport } from '../../check-support.js';
import type { DescentErrorCode, DescentErrorParts } from '../../base/errors.js';
import type { ModelJson } from '../../model/model-format.js';
import type { FitSettings } from '../../options/specs.js';
import type { FitReport, FitWarning } from '../../descent/report.js';
import type { TrainingProgress } from '../fit-targets.js';

/** The request of the command line to the page that it opens in the browser. Plain data: it is sent as JSON. */
export interface PageJob {
  featureNames: string[];
  /** A model for each. */
  targetNames: string[];
  /**
   * The number format of the columns that are sent: /columns/0 … /columns/d−1, then those of the targets, then the
   * example weights.
   */
  precision: 'f32' | 'f64';
  isWeighted: boolean;
  settings: FitSettings;
  /** A model to start from for each target; none where they start by chance. */
  warmStarts: ModelJson[];
}

export interface JobResult {
  weights: number[];
  bias: number;
  report: FitReport;
}

/** A DescentError as it crosses over. */
export type JobError = { code: DescentErrorCode } & Omit<DescentErrorParts, 'cause'>;

export type JobOutcome = { results: JobResult[] } | { error: JobError };

/** The functions that page and command line call on one another. */
export interface JobPage {
  runJob(job: PageJob): Promise<JobOutcome>;
  checkSupport(): Promise<SupportReport>;
  reportProgress(progress: TrainingProgress): Promise<void>;
  reportWarning(warning: FitWarning): Promise<void>;
}
