// Every kind of statement that webgpu-descent/sql writes, in one dialect.

import { LinearModel } from '../../src/index.js';
import { momentsPlan } from '../../src/sql.js';
import type { DialectName } from '../../src/sql/dialects.js';
import { sourceOf } from '../../src/sql/query.js';
import { groupedText } from '../../src/sql/rows-text.js';
import { scoreText } from '../../src/sql/score-text.js';
import { marginsText, stepStatements } from '../../src/sql/step-text.js';

/** The row of statistics that an engine could answer with. */
const STATISTICS: Record<string, number> = { d_m: 100, d_nk: 100, d_nl: 100, d_nw0: 0 };
for (const count of ['u', 't']) STATISTICS[`d_${count}y0`] = 100;
for (const name of ['c0', 'c2', 'w']) {
  for (const count of ['u', 'n', 't']) STATISTICS[`d_${count}${name}`] = 100;
  STATISTICS[`d_a${name}`] = 0.4;
}

/** The statements by name. */
export function statementsIn(dialect: DialectName): Record<string, string> {
  const query = {
    ...{
      dialect,
      from: 'lake.trips',
      features: ['distance', 'city'],
      target: 'fare',
      weights: 'n',
      where: 'year = 2026',
    },
    categories: { city: ['Oslo', "L'Aquila"] },
  };
  const sums = (grouping: object) => {
    const plan = momentsPlan({ ...query, ...grouping } as { foldBy: string } & typeof query);
    const [numbers = '', levels = ''] = plan.sums([STATISTICS]).statements;
    return { statistics: plan.statistics, sums: numbers, levels };
  };
  const folds = sums({ foldBy: 'MOD(id, 5)' });
  const both = { ...query, features: ['city', 'kind'], categories: { ...query.categories, kind: ['a', 'b'] } };
  const pairs = momentsPlan(both)
    .sums([{ ...STATISTICS, d_uy1: 100, d_ty1: 100 }])
    .statements.at(-1) as string;
  const source = sourceOf(query, null, [0, 1]);
  const model = { weights: Float64Array.of(0.25, -1e-7), bias: 3 };
  const step = (loss: 'logistic' | 'huber' | 'squared' | 'boundary') => {
    const objective = { loss, huberDelta: 1.5, withHessian: loss !== 'squared' };
    return stepStatements(source, [0.5, 0, 0], model, objective).statements[0] as string;
  };
  const parts = { ...model, featureNames: ['distance', 'city=L'], targetName: 'fare', report: null };
  const encoder = {
    columns: [
      { name: 'distance', kind: 'number', mean: 2.5 },
      { name: 'city', kind: 'category', levels: ['Oslo', "L'Aquila"], dropped: 0, unseen: 'zeros', shares: [0.5, 0.5] },
    ],
    ...{ polynomial: 1, missingValues: [] },
  } as const;
  return {
    statistics: folds.statistics,
    'sums by fold': folds.sums,
    'sums by fold and level': folds.levels,
    'sums by group': sums({ groupBy: 'region' }).sums,
    'sums by group and level': sums({ groupBy: 'region' }).levels,
    'sums by two categories': pairs,
    'logistic step': step('logistic'),
    'Huber step': step('huber'),
    'squared residuals': step('squared'),
    boundary: step('boundary'),
    margins: marginsText(source, [0.5, 0, 0], model),
    'different rows': groupedText(source, 1000),
    scores: scoreText(new LinearModel({ ...parts, loss: 'logistic', encoder }), { dialect, from: 'lake.trips' }),
  };
}
