export {
  checkSupport,
  type DeviceFeatures,
  type DeviceLimits,
  type FitCheck,
  type SupportReason,
  type SupportOptions,
  type SupportReport,
} from './check-support.js';
export { computeMoments, type MomentsOptions } from './compute-moments.js';
export type { ExampleData } from './data/inputs.js';
export type { ModelProgress } from './descent/backend.js';
export type { Checkpoint } from './model/checkpoint.js';
export { crossValidate, type CrossValidation, type CrossValidationOptions } from './cross-validate.js';
export {
  createDataset,
  collectDataset,
  Dataset,
  type ColumnInput,
  type DatasetInput,
  type RowInput,
} from './data/dataset.js';
export { DESCENT_ERROR_CODES, DescentError, type DescentErrorCode, type ErrorPlace } from './base/errors.js';
export { fit } from './fit.js';
export { type FitData } from './fitting/prepare-data.js';
export { fitMany } from './fit-many.js';
export { FitSteps, fitSteps, type FitStep, type ResetOptions } from './fit-steps.js';
export type { BufferInput } from './data/inputs.js';
export { contextFromDevice, createContext, type GpuContext } from './gpu/device/device.js';
export { generateExamples, type GeneratedExamples, type GenerateOptions } from './gpu/examples/generate-examples.js';
export type { BufferOptions, PredictOptions } from './gpu/evaluate/predict.js';
export {
  lossSurface,
  type SurfaceAxis,
  type SurfaceGrid,
  type SurfaceOptions,
  type SurfacePoints,
} from './loss-surface.js';
export type { ManyOptions, ModelOptions } from './fitting/many-options.js';
export { LinearModel } from './model/linear-model.js';
export type { ModelJson } from './model/model-json.js';
export type { MomentsJson } from './moments/json.js';
export { mergeMoments } from './moments/merge.js';
export { Moments, type MomentsParts, type Precision } from './moments/moments.js';
export { type FitOptions, type FitProgress, type StepOptions } from './fitting/fit-options.js';
export { FILE_PRESET, SEED_PROGRAM } from './options/presets.js';
export { type FitSettings } from './options/specs.js';
export { SETTINGS } from './options/specs.js';
export type { SupportCode } from './base/webgpu-hints.js';
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
export { resume, resumeSteps, type ResumeOptions } from './resume.js';
export { solveExact, type ExactOptions } from './solve-exact.js';
export { ModelSummary, type SummaryOptions, type SummaryParts, type SummaryRow } from './model/summary.js';
export type { ColumnBatch, ExampleSource } from './data/source.js';
export { tableBatches } from './data/table-batches.js';
export type { TableBatches } from './data/table/batch-table.js';
export type { ClassLabel, Classes, ColumnEncoding } from './data/table/encoding.js';
export type { Table, TableInput } from './data/table/memory-table.js';
export type { TableOptions } from './data/table/plan-columns.js';
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
