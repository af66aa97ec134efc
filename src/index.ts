import './base/global-names.js';
// Training
export { fit } from './fit.js';
export { FitSteps, fitSteps } from './fit-steps.js';
export { fitMany } from './fit-many.js';
export { crossValidate, type CrossValidation, type CrossValidationOptions } from './cross-validate.js';
export { resume, resumeSteps, type ResumeOptions } from './resume.js';
export { solveExact, type ExactOptions } from './solve-exact.js';
export {
  lossSurface,
  type SurfaceAxis,
  type SurfaceGrid,
  type SurfaceOptions,
  type SurfacePoints,
} from './loss-surface.js';
export type { FitOptions, FitProgress, StepOptions } from './fitting/fit-options.js';
export type { ManyOptions, ModelOptions } from './fitting/many-options.js';
export type { FitStep, ResetOptions } from './fitting/stepped-fit.js';
export type { ModelProgress } from './descent/backend.js';

// Options
export { SETTINGS } from './options/settings.js';
export type { FitSettings } from './options/specs.js';
export { SEED_PROGRAM } from './options/presets.js';

// Models and their reports
export { LinearModel } from './model/linear-model.js';
export type { FittedModel } from './model/fitted-model.js';
export { ModelSummary, type SummaryParts, type SummaryRow } from './model/summary/model-summary.js';
export type { SummaryOptions } from './model/summary/summary-options.js';
export type { WeightsAs } from './model/summary/weights-as.js';
export type { Checkpoint } from './model/checkpoint.js';
export type { ModelJson } from './model/model-format.js';
export type {
  AdapterReport,
  FitReport,
  FitWarning,
  PathPoint,
  SolverReport,
  StateReport,
  StopReason,
  Timings,
} from './descent/report.js';

// Data
export {
  createDataset,
  collectDataset,
  Dataset,
  type ColumnInput,
  type DatasetInput,
  type RowInput,
} from './data/dataset.js';
export { tableBatches } from './data/table-batches.js';
export type { TableBatches } from './data/table/batch-table.js';
export type { ClassLabel, Classes, ColumnEncoding } from './data/table/encoding.js';
export type { Table, TableInput } from './data/table/memory-table.js';
export type { SourceOptions, TableOptions } from './data/table/plan-columns.js';
export type { ReadProgress, ReadWatch } from './data/read-watch.js';
export type { ColumnReport, ReadingReport } from './data/table/reading-report.js';
export type { TableSettings } from './options/reading.js';
export {
  SyntheticData,
  syntheticClassification,
  syntheticRegression,
  type SyntheticFeatures,
  type SyntheticOptions,
  type SyntheticSpec,
} from './data/synthetic.js';
export type { BufferInput } from './data/buffer-input.js';
export type { ExampleData } from './data/inputs.js';
export type { ColumnBatch, ExampleSource } from './data/source.js';
export type { FitData } from './fitting/prepare-data.js';

// Moments
export { computeMoments, type MomentsOptions } from './compute-moments.js';
export { mergeMoments } from './moments/merge.js';
export { Moments, type MomentsParts, type Precision } from './moments/moments.js';
export type { MomentsJson } from './moments/json.js';

// Devices and their buffers
export { type ContextOptions, contextFromDevice, createContext, type GpuContext } from './gpu/device/device.js';
export { tune, type TuneOptions } from './tune.js';
export type { Tuning } from './gpu/device/tuning.js';
export { generateExamples, type GeneratedExamples, type GenerateOptions } from './gpu/examples/generate-examples.js';
export type { BufferOptions, PredictOptions } from './gpu/evaluate/predict.js';
export {
  checkSupport,
  type DeviceFeatures,
  type DeviceLimits,
  type FitCheck,
  type SupportReason,
  type SupportOptions,
  type SupportReport,
} from './check-support.js';
export type { SupportCode } from './base/webgpu-hints.js';

// Errors
export {
  DESCENT_ERROR_CODES,
  DescentError,
  type DescentErrorCode,
  type DescentErrorJson,
  type ErrorPlace,
} from './base/errors.js';
