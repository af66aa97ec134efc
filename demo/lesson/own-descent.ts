// Descent on the reader's own columns, step by step, as the page plays it: with the features as they are, or standardised.

import { fit, fitSteps, type FitSteps, LinearModel, SEED_PROGRAM } from '../../src/index.js';
import { Player } from '../page/player.js';
import type { Store } from '../page/store.js';
import type { OwnResult } from './own-fit.js';
import { ON_CPU } from './program-data.js';
import { arrivalOf } from './program-rates.js';
import type { ProgramSource } from './program-text.js';

/** Epochs of a play; where they are too few, that is what is to be seen. */
const EPOCHS = 1000;

const EPOCH_INTERVAL_MS = 60;

/** A loss this many times that of the start has nothing more to show: f64 has room for hundreds of epochs of a divergence. */
const FARTHEST = 100;

/** The state of descent. */
export interface DescentState {
  result: OwnResult;
  isStandardized: boolean;
  /** The λ over which it diverges, with the features as they are and standardised; and the λ in force. */
  limits: Readonly<Record<'no' | 'yes', number>>;
  rate: number;
  /** h(x) as it stands. */
  model: LinearModel;
  /** The parameters before the first epoch, for the features as they are trained on. */
  start: { weights: readonly number[]; bias: number };
  losses: readonly number[];
  /** L of the best model. */
  least: number;
  /** Epochs after which all but one ten-thousandth of the way was done; null where it is not. */
  arrival: number | null;
  isOver: boolean;
  hasDiverged: boolean;
}

/** Plays descent on the columns that are fitted; the solver's answer tells where it has to arrive. */
export class OwnDescent {
  readonly player: Player;
  #state: DescentState | null = null;
  #steps: FitSteps | null = null;
  #turn = 0;
  readonly #listeners = new Set<(state: DescentState | null) => void>();

  constructor(private readonly store: Store) {
    this.player = new Player(
      () => this.step(),
      EPOCH_INTERVAL_MS,
      () => this.#tell(),
    );
    store.subscribe((state, before) => {
      if (state.scaled !== before.scaled) void this.open(this.#state?.result ?? null);
      else if (state.rateShare !== before.rateShare) this.#change({});
    });
  }

  get state(): DescentState | null {
    return this.#state;
  }

  subscribe(listener: (state: DescentState | null) => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    listener(this.#state);
  }

  /** Begins on the columns of a result; on none there is nothing to play. */
  async open(result: OwnResult | null): Promise<void> {
    const turn = ++this.#turn;
    this.player.pause();
    await this.#steps?.return();
    this.#steps = null;
    if (!result) return this.#replace(null);
    const { data, model } = result;
    const isStandardized = this.store.state.scaled === 'yes';
    const steps = fitSteps(data, {
      ...{ ...SEED_PROGRAM, epochs: EPOCHS, learningRate: 'auto' },
      ...{ standardize: isStandardized, loss: model.loss, ...ON_CPU },
    });
    const first = await steps.model();
    if (turn !== this.#turn) return void steps.return();
    const { report } = first;
    this.#steps = steps;
    const [limit, other] = [report.learningRateLimit ?? Number.NaN, await limitOf(result, !isStandardized)];
    const limits = isStandardized ? { no: other, yes: limit } : { no: limit, yes: other };
    const initial = report.state?.initial ?? [];
    this.#replace({
      ...{ result, isStandardized, limits, rate: limit, model: first, losses: [], arrival: null },
      start: { weights: initial.slice(0, -1), bias: initial.at(-1) ?? Number.NaN },
      least: result.least,
      ...{ isOver: false, hasDiverged: false },
    });
  }

  /** One epoch. Says whether there is another to make. */
  async step(): Promise<boolean> {
    const [steps, state] = [this.#steps, this.#state];
    if (!steps || !state || state.isOver) return false;
    steps.learningRate = state.rate;
    const { value, done } = await steps.next();
    if (steps !== this.#steps || done) return false;
    const losses = [...state.losses, ...value.losses];
    const hasDiverged = value.stopReason === 'diverged' || !(value.loss <= FARTHEST * (losses[0] as number));
    const arrival = arrivalOf(losses, state.least);
    const isOver = value.stopReason !== null || arrival !== null || hasDiverged;
    this.#change({ losses, hasDiverged, arrival, isOver, model: modelOf(state, value) });
    return !isOver;
  }

  async restart(): Promise<void> {
    this.player.pause();
    await this.open(this.#state?.result ?? null);
  }

  #replace(state: DescentState | null): void {
    this.#state = state;
    this.#change({});
  }

  #change(changes: Partial<DescentState>): void {
    if (this.#state) {
      const state = { ...this.#state, ...changes };
      this.#state = { ...state, rate: rateOf(state, this.store.state.rateShare) };
    }
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener(this.#state);
  }
}

function rateOf({ limits, isStandardized }: DescentState, share: number): number {
  return Number((limits[isStandardized ? 'yes' : 'no'] * share).toPrecision(3));
}

/** The λ over which descent diverges on these columns. */
async function limitOf({ data, model }: OwnResult, standardize: boolean): Promise<number> {
  const { report } = await fit(data, { ...SEED_PROGRAM, epochs: 1, ...ON_CPU, standardize, loss: model.loss });
  return report.learningRateLimit ?? Number.NaN;
}

/** The model of a step, which also knows its classes and its columns. */
function modelOf(
  { result }: DescentState,
  { weights, bias }: { weights: readonly number[]; bias: number },
): LinearModel {
  const { featureNames, targetName, loss, classes } = result.model;
  return new LinearModel({
    ...{ weights: Float64Array.from(weights), bias, featureNames, targetName, loss, classes, report: null },
  });
}

/**
 * The columns and the start as a program takes them. Standardised training of the squared loss takes the mean off the targets, too,
 * which only moves the bias.
 */
export function programOf({ result, start, rate, isStandardized }: DescentState, epochs: number): ProgramSource {
  const { columns, targets, featureNames, targetName } = result.data;
  const isSquared = result.model.loss === 'squared';
  const mean = isStandardized && isSquared ? Array.from(targets).reduce((sum, y) => sum + y, 0) / targets.length : 0;
  const { weights, bias } = start;
  return {
    ...{ columns, targets, featureNames, targetName, weights, bias: bias + mean, rate, epochs, isStandardized },
    loss: isSquared ? 'squared' : 'logistic',
  };
}
