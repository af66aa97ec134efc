// The fitted model in words and numbers: the equation, the parameters and their errors, and how well it fits.

import { create } from '../../pages/dom.js';
import type { SummaryRow } from '../../src/index.js';
import type { OwnResult } from '../lesson/own-fit.js';
import { Readout } from '../page/controls.js';
import { shortened } from '../page/format.js';
import { warningItem } from '../page/problem.js';
import type { Page } from '../page/section.js';

/** Terms that are written out; the table has them all. */
const TERMS = 4;

export class OwnModel {
  readonly equation = create('p', { class: 'equation' });
  readonly readout: HTMLElement;
  readonly table = create('table', { class: 'legend' });
  /** The library's warnings of the fit. */
  readonly warnings: HTMLElement;
  readonly #warnings = create('ul');
  readonly #values: Readout;
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
    const words = page.text.own;
    this.warnings = create('div', { class: 'banner warning' }, create('p', {}, words.warnings), this.#warnings);
    this.#values = new Readout([
      { key: 'count', name: words.count },
      { key: 'r2', name: words.r2 },
      { key: 'accuracy', name: words.accuracy },
      { key: 'deviation', name: words.deviation },
      { key: 'steps', name: words.steps },
      { key: 'loss', name: words.loss },
    ]);
    this.readout = this.#values.element;
  }

  show(result: OwnResult): void {
    const { format } = this.#page;
    const { data, model, score, summary } = result;
    const { report } = model;
    const isLogistic = model.loss === 'logistic';
    this.#values.set('count', format.count(data.exampleCount));
    this.#values.set('r2', isLogistic ? '' : format.number(score, 4));
    this.#values.set('accuracy', isLogistic ? format.number(score, 4) : '');
    this.#values.set('deviation', summary ? format.significant(summary.residualStandardError ?? Number.NaN) : '');
    this.#values.set('steps', format.count(report?.epochsRun ?? 0));
    this.#values.set('loss', format.significant(report?.lossHistory.at(-1) ?? Number.NaN));
    this.equation.replaceChildren(...this.#equationOf(result));
    this.table.replaceChildren(...this.#tableOf(result));
    const warnings = report?.warnings ?? [];
    this.warnings.hidden = warnings.length === 0;
    this.#warnings.replaceChildren(...warnings.map((warning) => warningItem(warning, this.#page)));
  }

  /** price ≈ 2.10 · area − 3.20 · rooms + 5.00, the names as they are in the file. */
  #equationOf({ model }: OwnResult): (Node | string)[] {
    const { text, format } = this.#page;
    const { weights, bias, featureNames, targetName } = model;
    const signed = (value: number, isFirst: boolean) => {
      const sign = value < 0 ? '−' : '+';
      const size = format.significant(Math.abs(value));
      if (isFirst) return value < 0 ? `−${size}` : size;
      return ` ${sign} ${size}`;
    };
    const terms = featureNames.slice(0, TERMS).flatMap((name, j) => {
      return [
        create('span', {}, signed(weights[j] as number, j === 0)),
        ' · ',
        create('bdi', { class: 'data' }, shortened(name)),
      ];
    });
    const rest = featureNames.length > TERMS ? [' + …'] : [];
    const target = shortened(targetName);
    const left = model.loss === 'logistic' ? text.own.logOdds(target) : target;
    return [create('bdi', { class: 'data' }, left), ' ≈ ', ...terms, ...rest, create('span', {}, signed(bias, false))];
  }

  #tableOf({ model, summary }: OwnResult): HTMLElement[] {
    const words = this.#page.text.own;
    const { weights, bias, featureNames } = model;
    const plain = [...weights, bias].map((value, j) => ({ name: featureNames[j] ?? 'bias', value }));
    const heads = [words.parameter, words.value, ...(summary ? [words.standardError, 't', 'p'] : [])];
    const rows = summary ? summary.rows.map((row) => this.#row(row)) : plain.map((row) => this.#row(row));
    return [
      create('caption', {}, summary ? words.summary : words.parameters),
      create('thead', {}, create('tr', {}, ...heads.map((name) => create('th', { scope: 'col' }, name)))),
      create('tbody', {}, ...rows),
    ];
  }

  #row({ name, value, ...errors }: Pick<SummaryRow, 'name' | 'value'> & Partial<SummaryRow>): HTMLElement {
    const { format } = this.#page;
    const { standardError, t, p } = errors;
    const shown = (number: number | null | undefined) => format.significant(number ?? Number.NaN, 4);
    const cells = [shown(value)];
    if ('p' in errors)
      cells.push(
        shown(standardError),
        shown(t),
        p != null && p < 1e-4 ? '< 0.0001' : format.number(p ?? Number.NaN, 4),
      );
    return create(
      'tr',
      { 'data-parameter': name },
      create('th', { scope: 'row' }, create('bdi', {}, name)),
      ...cells.map((cell) => create('td', {}, cell)),
    );
  }
}
