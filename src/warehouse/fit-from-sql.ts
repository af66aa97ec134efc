import { anyText } from '../base/quote.js';
import { requireKnown } from '../base/check-names.js';
import { DescentError } from '../base/errors.js';
import { ZERO_AND_ONE } from '../data/table/encoding.js';
import { fit } from '../fit.js';
import { resolveOptions } from '../fitting/fit-options.js';
import { fitBySql, type SqlProblem, type SqlProgress } from '../fitting/sql-fit.js';
import type { RunnableQuery } from './moments-from-sql.js';
import type { FitSettings } from '../options/specs.js';
import { sqlEncoder } from '../sql/encoding.js';
import { labelColumn, type SqlClasses } from '../sql/label-column.js';
import { withLevels } from '../sql/levels.js';
import { invalidQuery, QUERY_NAMES, sourceOf, type SqlQuery } from '../sql/query.js';
import { readOne } from '../sql/result-rows.js';
import { Statements } from '../sql/run-statement.js';
import { adviceOnText, readStatistics, statisticsText } from '../sql/statistics.js';
import { sumStatements } from '../sql/sums.js';
import type { FittedModel } from '../model/fitted-model.js';
import { LinearModel } from '../model/linear-model.js';

const OBJECTIVE = ['loss', 'l1', 'l2', 'fitIntercept', 'standardize', 'tolerance', 'epochs'] as const;

/** The options of `fitFromSql` beside the query: those of `fit` with the same names, and how the statements are run. */
export interface SqlFitOptions extends Partial<Pick<FitSettings, (typeof OBJECTIVE)[number]>> {
  /** Threshold of the Huber loss, in units of the targets. Medians take more than sums, so it is to be given. */
  huberDelta?: number;
  /** 'newton' sums up second derivatives, 'lbfgs' gradients only; 'auto' takes L-BFGS from 101 features on, for the squared loss from 513. Default 'auto'. */
  optimizer?: 'auto' | 'newton' | 'lbfgs';
  /** The two labels of the target with the logistic loss, of text or numbers, if they are not 0 and 1: the second one counts as 1. */
  classes?: SqlClasses;
  /** True corrects a model of the squared loss by residuals, a statement each, where moments lost digits. Default false. */
  refine?: boolean;
  /** A model to start from: that of a fit, or of the last progress of one that broke off. */
  warmStart?: { weights: ArrayLike<number>; bias: number };
  /** Called after each step. */
  onProgress?: (progress: SqlProgress) => void;
}

const NAMES: readonly string[] = [
  ...QUERY_NAMES,
  ...OBJECTIVE,
  ...['huberDelta', 'optimizer', 'classes', 'refine', 'warmStart', 'onProgress', 'execute', 'signal'],
];

/**
 * With more features, the d²/2 sums of a Hessian take many statements, or one of megabytes: once for the squared loss, and in
 * every step for others.
 */
const MOST_HESSIAN_FEATURES = { squared: 512, other: 100 };

/**
 * A model of rows that stay where they are: the engine sums up the loss and its derivatives, and the steps are taken here,
 * in f64. The squared loss takes the moments alone; the logistic and Huber's loss a statement for each step of Newton's
 * method, five to eight mostly.
 *
 * After an abort between steps the fit ends as 'aborted' with the last model. A statement that fails rejects with
 * `SQL_FAILED`; `warmStart` with the model of the last progress goes on from there. Throws what `momentsFromSql` and `fit`
 * throw, `INVALID_LABEL` for labels that are not 0 and 1, and `INVALID_OPTION` for the Huber loss without `huberDelta`.
 *
 *     const model = await fitFromSql({ dialect, from: 'visits', features: ['age'], target: 'bought', loss: 'logistic', execute });
 */
export async function fitFromSql(given: RunnableQuery<SqlQuery> & SqlFitOptions): Promise<FittedModel> {
  const startMs = performance.now();
  const query = requireKnown(given, NAMES);
  const { loss } = settingsOf(query, 1); // before anything is run
  const statements = new Statements(query.execute, query.signal);
  const whole = await withLevels<SqlQuery>(queryOf(query), statements);
  const isLabelled = loss === 'logistic';
  const { classes } = query;
  if (classes && !isLabelled) throw invalidQuery('classes', `classes with loss '${loss}'`, "loss 'logistic'");
  const named = classes ? { ...whole, target: labelColumn(whole, classes) } : whole;
  const source = sourceOf(named, null, isLabelled ? (classes ?? ZERO_AND_ONE) : null);
  const settings = settingsOf(query, source.columns.length - 1);
  const isWhole = settings.optimizer === 'newton';
  const { centers, rowCount } = readStatistics(
    readOne(await statements.run(statisticsText(source), adviceOnText(source)), 'the statistics'),
    source,
  );
  const { statements: texts, read } = sumStatements(source, { centers, rowCount }, isWhole ? 'all' : 'columns');
  const moments = read(await statements.runAll(texts)).get(null) as Parameters<typeof fit>[0] & SqlProblem['moments'];
  const encoder = sqlEncoder(source, whole);
  const origin = { encoder, labels: classes ?? null, reading: null, inputs: null };
  const problem = {
    source,
    centers,
    rowCount,
    moments,
    isWhole,
    settings,
    dialect: query.dialect,
    statements,
    origin,
    startMs,
  };
  const watch = { signal: query.signal, onProgress: query.onProgress };
  if (settings.loss !== 'squared' || !isWhole) return fitBySql(problem, query.warmStart ?? null, watch);
  const { l1, l2, fitIntercept, standardize, tolerance } = settings;
  const model = await fit(moments, {
    l1,
    l2,
    fitIntercept,
    standardize,
    tolerance,
    ...(query.signal && { signal: query.signal }),
  });
  if (query.refine === true) return fitBySql(problem, query.warmStart ?? model, watch);
  const { weights, bias, featureNames, targetName, report } = model;
  return new LinearModel({ weights, bias, featureNames, targetName, encoder, report }) as FittedModel;
}

/** Options in force, for a number of features. */
function settingsOf(query: RunnableQuery<SqlQuery> & SqlFitOptions, featureCount: number): SqlProblem['settings'] {
  const { optimizer = 'auto', huberDelta, refine, epochs = 100 } = query;
  const given = Object.fromEntries(OBJECTIVE.map((name) => [name, query[name]])) as Partial<FitSettings>;
  const { loss = 'squared' } = given;
  if (loss === 'huber' && typeof huberDelta !== 'number') {
    throw new DescentError('INVALID_OPTION', {
      got: `loss 'huber' with huberDelta ${anyText(huberDelta)}`,
      expected: 'a number, in units of the targets',
      fix: 'Take 1.345 · 1.4826 times the median of the absolute errors of a first model: docs/warehouse.md has the statement.',
      where: { option: 'huberDelta' },
    });
  }
  if (!['auto', 'newton', 'lbfgs'].includes(optimizer))
    throw invalidQuery('optimizer', `optimizer '${optimizer}'`, "'auto', 'newton' or 'lbfgs'");
  if (refine !== undefined && typeof refine !== 'boolean')
    throw invalidQuery('refine', `refine ${anyText(refine)}`, 'true or false');
  if (refine === true && loss !== 'squared')
    throw invalidQuery(
      'refine',
      `refine with loss '${loss}'`,
      "loss 'squared'",
      'Other losses are refined by their steps.',
    );
  const isMany = featureCount > MOST_HESSIAN_FEATURES[loss === 'squared' ? 'squared' : 'other'];
  const chosen = optimizer === 'auto' ? (isMany ? 'lbfgs' : 'newton') : optimizer;
  const resolved = resolveOptions({
    ...given,
    ...(huberDelta !== undefined && { huberDelta }),
    epochs,
    optimizer: chosen,
  });
  return { ...resolved, huberDelta: typeof huberDelta === 'number' ? huberDelta : 1 };
}

function queryOf(query: RunnableQuery<SqlQuery> & SqlFitOptions): Omit<RunnableQuery<SqlQuery>, 'execute' | 'signal'> {
  const own = QUERY_NAMES.filter((name) => query[name] !== undefined);
  return Object.fromEntries(own.map((name) => [name, query[name]])) as Omit<
    RunnableQuery<SqlQuery>,
    'execute' | 'signal'
  >;
}
