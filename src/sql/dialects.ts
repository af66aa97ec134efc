/** The engines whose SQL is written. */
export const DIALECT_NAMES = [
  'duckdb',
  'postgres',
  'clickhouse',
  'sqlite',
  'spark',
  'databricks',
  'trino',
  'athena',
  'bigquery',
  'snowflake',
  'redshift',
] as const;

/** An engine whose SQL the statements are written in. */
export type DialectName = (typeof DIALECT_NAMES)[number];

/** All in which the SQL of one engine differs from that of another. */
export interface Dialect {
  /** The mark around identifiers. */
  mark: '"' | '`';
  /** The way to write that mark, and others, inside: twice, or with a backslash before. */
  escapes: 'doubled' | 'backslash';
  /** The same for strings, which stand in single quotes; 'none' where a backslash has no certain meaning. */
  stringEscapes: 'doubled' | 'backslash' | 'none';
  /** The name of f64. */
  double: string;
  /** The name of text of any length. */
  text: string;
  /** The largest number of bytes of an identifier: some engines cut longer ones without a word. */
  mostNameBytes: number;
  /** Aggregates of one statement. */
  mostSums: number;
  /** Bytes of one statement. */
  mostBytes: number;
  /** A subquery in such a form that the planner does not merge it into sums, where it would compute its columns again for each. */
  fence: (select: string, prefix: string) => string;
  greatest: string;
  least: string;
  /** The condition of a finite number: two bounds, which DuckDB pushes down to where it reads, or one of ABS, a quarter faster in PostgreSQL. */
  finite: 'between' | 'abs';
  /** True if a cast makes NULL of text that is no number, or a condition in its place does; others refuse the statement. */
  hasSilentCasts: boolean;
  /** A condition for values that are numbers, where a cast makes 0 of text without a word. */
  isNumber?: (value: string) => string;
}

const USUAL: Dialect = {
  mark: '"',
  escapes: 'doubled',
  stringEscapes: 'doubled',
  double: 'DOUBLE',
  text: 'VARCHAR',
  mostNameBytes: 65_535,
  mostSums: 2000,
  mostBytes: 900_000,
  fence: (select) => select,
  greatest: 'GREATEST',
  least: 'LEAST',
  finite: 'between',
  hasSilentCasts: false,
};

/** A method of the JVM holds 64 KB: with more sums Spark no longer compiles a statement (SPARK-51582). */
const SPARK: Dialect = {
  ...USUAL,
  mark: '`',
  stringEscapes: 'backslash',
  text: 'STRING',
  mostSums: 200,
  hasSilentCasts: true, // with spark.sql.ansi.enabled off
};

/** More aggregates are "too many arguments in method signature" (prestodb issue 7645). */
const TRINO: Dialect = { ...USUAL, mostSums: 200 };

/** Limits are those of the engines' manuals, with room for what stands beside the sums. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  duckdb: USUAL,
  // 1,664 columns in a result, identifiers of 63 bytes (Appendix K).
  postgres: {
    ...USUAL,
    // A subquery with a part of its own is not merged, and unlike one with OFFSET 0 is read by parallel workers.
    fence: (select, prefix) => `WITH ${prefix}f AS (SELECT 1) ${select}`,
    finite: 'abs',
    double: 'DOUBLE PRECISION',
    text: 'TEXT',
    mostNameBytes: 63,
    mostSums: 1600,
  },
  // max_query_size is 262,144 bytes.
  clickhouse: {
    ...USUAL,
    mark: '`',
    escapes: 'backslash',
    stringEscapes: 'backslash',
    double: 'Nullable(Float64)',
    text: 'Nullable(String)',
    hasSilentCasts: true,
    mostBytes: 200_000,
  },
  // In double quotes a name that no column has would be a string. 2,000 columns in a result.
  sqlite: {
    ...USUAL,
    mark: '`',
    double: 'REAL',
    text: 'TEXT',
    mostSums: 1900,
    fence: (select) => `${select} LIMIT -1`,
    greatest: 'MAX',
    least: 'MIN',
    hasSilentCasts: true,
    isNumber: (value) => `typeof(${value}) IN ('integer', 'real')`,
  },
  spark: SPARK,
  databricks: SPARK,
  trino: TRINO,
  // Texts of 262,144 bytes, whatever is paid.
  athena: { ...TRINO, mostBytes: 200_000 },
  // Texts of 1 MB; names of 300 characters.
  bigquery: {
    ...USUAL,
    mark: '`',
    escapes: 'backslash',
    stringEscapes: 'backslash',
    double: 'FLOAT64',
    text: 'STRING',
    mostNameBytes: 300,
    mostSums: 5000,
  },
  snowflake: { ...USUAL, stringEscapes: 'backslash', mostNameBytes: 255 },
  redshift: {
    ...USUAL,
    stringEscapes: 'none',
    finite: 'abs',
    double: 'DOUBLE PRECISION',
    text: 'VARCHAR(65535)',
    mostNameBytes: 127,
    mostSums: 1500,
    fence: (select) => `${select} OFFSET 0`,
  },
};
