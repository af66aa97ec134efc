import type { LinearModel } from '../../src/model/linear-model.js';

/** The SQL of a model, whose names are quoted. */
export function sqlModelText(model: LinearModel): Promise<string> {
  return model.toSql({ dialect: 'duckdb', from: 'homes' });
}
