import './base/global-names.js';
// The entry point webgpu-descent/sql: statements that an engine runs where the data lie, and models from their results.

export { momentsPlan, type KeyedQuery, type MomentsByKey, type MomentsPlan } from './warehouse/moments-plan.js';
export { momentsFromSql, type Categories, type RunnableQuery, type SqlRun } from './warehouse/moments-from-sql.js';
export type { DialectName } from './sql/dialects.js';
export type { SqlClasses } from './sql/label-column.js';
export type { SqlColumn, SqlQuery } from './sql/query.js';
export type { GroupKey } from './sql/result-rows.js';
export type { Execute } from './sql/run-statement.js';
export { fitFromSql, type SqlFitOptions } from './warehouse/fit-from-sql.js';
export type { SqlProgress } from './fitting/sql-fit.js';
export { compressFromSql, type CompressedData } from './warehouse/compress-from-sql.js';
export type { ScoreSqlOptions } from './sql/score-text.js';
