import { number, printable, table } from '../../base/text-table.js';
import type { WeightsAs } from './weights-as.js';

/** One weight, or the bias. */
export interface SummaryRow {
  /** The feature, or 'bias'. */
  name: string;
  /** The weight or the bias, in the units of the caller. */
  value: number;
  /** null where the data do not determine the weight, and where no degrees of freedom are left. */
  standardError: number | null;
  /** value/standardError, for a logistic model called z; null where there is no error, or none to speak of. */
  t: number | null;
  /**
   * The p value: the probability of a value at least this far from 0 if the true value is 0. By Student's t distribution, for
   * a logistic model by the normal distribution.
   */
  p: number | null;
}

/** The numbers of a summary: plain data. */
export interface SummaryParts {
  /** Name of the target. */
  targetName: string;
  /** The loss of the model. */
  loss: 'squared' | 'logistic';
  /** The meaning of the weights of the examples; null for examples without weights, and for moments. */
  weightsAs: WeightsAs | null;
  /** m; with weights as counts the sum of these, with weights as precisions the number of weights above 0. */
  exampleCount: number;
  /** Examples less determined parameters. */
  degreesOfFreedom: number;
  /** The weights, and last the bias, if there is one. */
  rows: SummaryRow[];
  /** √(Σ w·r²/degrees of freedom); null where none are left, and for a logistic model. */
  residualStandardError: number | null;
  /** Without a bias about 0 rather than about the mean of the targets. For a logistic model McFadden's R². */
  r2: number;
  /**
   * R² less what that many features explain by chance; null where no degrees of freedom are left, and for a logistic
   * model.
   */
  adjustedR2: number | null;
  /** Minus twice the log-likelihood of a logistic model; null for other models, as are the three that follow. */
  deviance: number | null;
  /** The deviance of the best model without features. */
  nullDeviance: number | null;
  /** The degrees of freedom of the model without features. */
  nullDegreesOfFreedom: number | null;
  /** Akaike's information criterion: the deviance plus twice the number of determined parameters. */
  aic: number | null;
  /** Condition number of the standardized features; null if some are linearly dependent. */
  conditionNumber: number | null;
  /**
   * Distance of the model from the optimum, in standard errors: an upper bound for every weight and every linear
   * combination of weights; for a logistic model the Newton decrement, which approximates that bound near the optimum.
   * Standard errors hold at the optimum; from about 0.1 on, train longer. null without standard errors.
   */
  errorsFromOptimum: number | null;
}

/** From this distance on, in standard errors, the summary advises to train longer. */
const FAR = 0.1;

/** Statistics of a least-squares or a logistic model; `String(summary)` is a table. */
export class ModelSummary implements SummaryParts {
  readonly targetName: string;
  readonly loss: 'squared' | 'logistic';
  readonly weightsAs: WeightsAs | null;
  readonly exampleCount: number;
  readonly degreesOfFreedom: number;
  readonly rows: SummaryRow[];
  readonly residualStandardError: number | null;
  readonly r2: number;
  readonly adjustedR2: number | null;
  readonly deviance: number | null;
  readonly nullDeviance: number | null;
  readonly nullDegreesOfFreedom: number | null;
  readonly aic: number | null;
  readonly conditionNumber: number | null;
  readonly errorsFromOptimum: number | null;

  constructor(parts: SummaryParts) {
    this.targetName = parts.targetName;
    this.loss = parts.loss;
    this.weightsAs = parts.weightsAs;
    this.exampleCount = parts.exampleCount;
    this.degreesOfFreedom = parts.degreesOfFreedom;
    this.rows = parts.rows;
    this.residualStandardError = parts.residualStandardError;
    this.r2 = parts.r2;
    this.adjustedR2 = parts.adjustedR2;
    this.deviance = parts.deviance;
    this.nullDeviance = parts.nullDeviance;
    this.nullDegreesOfFreedom = parts.nullDegreesOfFreedom;
    this.aic = parts.aic;
    this.conditionNumber = parts.conditionNumber;
    this.errorsFromOptimum = parts.errorsFromOptimum;
  }

  /** Aligned lines, no longer than the names of the features make them. */
  toString(): string {
    const rows = this.rows.map(({ name, value, standardError, t, p }) => [
      printable(name),
      number(value),
      shown(standardError),
      t === null ? '–' : String(Number(t.toPrecision(4))),
      p === null ? '–' : p < 1e-4 ? p.toExponential(1) : p.toFixed(4),
    ]);
    const as = this.weightsAs === null ? '' : ` (weights as ${this.weightsAs})`;
    return [
      `${printable(this.targetName)}: ${this.exampleCount} ${this.exampleCount === 1 ? 'example' : 'examples'}${as}, ${degrees(this.degreesOfFreedom)}`,
      '',
      ...table(['parameter', 'value', 'standard error', this.loss === 'logistic' ? 'z' : 't', 'p'], rows),
      '',
      ...this.#explained(),
      `condition number of the features ${this.conditionNumber === null ? 'infinite: some are linearly dependent' : number(this.conditionNumber)}`,
      ...this.#distance(),
    ].join('\n');
  }

  /** The part of the targets that the model explains, and the rest. */
  #explained(): string[] {
    if (this.loss === 'squared') {
      return [
        `R² ${number(this.r2)}, adjusted ${shown(this.adjustedR2)}`,
        `residual standard error ${shown(this.residualStandardError)}`,
      ];
    }
    return [
      `deviance ${shown(this.deviance)} on ${degrees(this.degreesOfFreedom)}`,
      `null deviance ${shown(this.nullDeviance)} on ${degrees(this.nullDegreesOfFreedom ?? 0)}`,
      `McFadden's R² ${number(this.r2)}, AIC ${shown(this.aic)}`,
    ];
  }

  #distance(): string[] {
    const errors = this.errorsFromOptimum;
    if (errors === null) return [];
    // Less than a thousandth of a standard error is nothing.
    const size = errors < 1e-3 ? 'under 0.001' : String(Number(errors.toPrecision(2)));
    const advice = errors < FAR ? '' : ': the standard errors hold at the optimum, train longer';
    return [`from the exact optimum: ${size} standard errors${advice}`];
  }
}

function degrees(count: number): string {
  return `${count} ${count === 1 ? 'degree' : 'degrees'} of freedom`;
}

function shown(value: number | null): string {
  return value === null ? '–' : number(value);
}
