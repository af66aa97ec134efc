import { type Dataset, fitSteps, type FitSteps, lossSurface, SEED_PROGRAM } from '../../src/index.js';
import { Player } from '../page/player.js';
import type { PageState } from '../page/state.js';
import type { Store } from '../page/store.js';
import {
  heldOutCurve,
  noisyCurve,
  type NoisyExamples,
  noisyLine,
  type Polynomial,
  polynomialsOf,
} from './noise-data.js';
import { ON_CPU } from './program-data.js';

const EPOCHS = 200;
const EPOCH_INTERVAL_MS = 90;

/** Examples about the curve, and all polynomials fitted to them. */
export interface CurvePicture {
  train: NoisyExamples;
  heldOut: NoisyExamples;
  polynomials: readonly Polynomial[];
}

/** Descent by batches on the examples about the line. */
export interface BatchPicture {
  train: Dataset;
  weights: readonly number[];
  bias: number;
  /** After each epoch. */
  trainLosses: readonly number[];
  heldOutLosses: readonly number[];
  isOver: boolean;
}

const CURVE_NAMES = ['noiseSigma', 'noiseSeed', 'examples'] as const;
const BATCH_STATE = ['noiseSigma', 'noiseSeed', 'batch'] as const;

/** Section 9: polynomials of all degrees, and a line that batches move. */
export class NoiseLesson {
  readonly player: Player;
  #curve: CurvePicture | null = null;
  #batches: BatchPicture | null = null;
  #steps: FitSteps | null = null;
  #heldOut: Dataset | null = null;
  #turns = { curve: 0, batches: 0 };
  readonly #listeners = new Set<() => void>();

  constructor(readonly store: Store) {
    this.player = new Player(
      () => this.step(),
      EPOCH_INTERVAL_MS,
      () => this.#tell(),
    );
    const differs = (names: readonly (keyof PageState)[], state: PageState, before: PageState) =>
      names.some((name) => state[name] !== before[name]);
    store.subscribe((state, before) => {
      if (differs(CURVE_NAMES, state, before)) void this.#fitCurve();
      if (differs(BATCH_STATE, state, before)) void this.restart();
    });
    void this.#fitCurve();
    void this.restart();
  }

  get curve(): CurvePicture | null {
    return this.#curve;
  }

  get batches(): BatchPicture | null {
    return this.#batches;
  }

  subscribe(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener('abort', () => this.#listeners.delete(listener), { once: true });
    listener();
  }

  /** One epoch: as many updates as there are batches. Returns true while there are more. */
  async step(): Promise<boolean> {
    const [steps, picture, heldOut] = [this.#steps, this.#batches, this.#heldOut];
    if (!steps || !picture || !heldOut || picture.isOver) return false;
    steps.learningRate = this.store.state.batchRate;
    const { value, done } = await steps.next();
    if (done || steps !== this.#steps) return false;
    const { weights, bias, stopReason } = value;
    const [trainLoss, heldOutLoss] = await Promise.all([picture.train, heldOut].map((data) => lossAt(data, value)));
    if (steps !== this.#steps) return false;
    const trainLosses = [...picture.trainLosses, trainLoss ?? Number.NaN];
    const heldOutLosses = [...picture.heldOutLosses, heldOutLoss ?? Number.NaN];
    this.#batches = { ...picture, weights, bias, trainLosses, heldOutLosses, isOver: stopReason !== null };
    this.#tell();
    return stopReason === null;
  }

  /** Back to the start, of which the losses are known. */
  async restart(): Promise<void> {
    const turn = ++this.#turns.batches;
    this.player.pause();
    void this.#steps?.return();
    this.#steps = null;
    const { noiseSigma, noiseSeed: seed, batch, batchRate: learningRate } = this.store.state;
    const { train, heldOut } = noisyLine(noiseSigma, seed);
    const batchSize = batch === 'full' ? 'full' : Number(batch);
    const steps = fitSteps(train, { ...SEED_PROGRAM, ...ON_CPU, epochs: EPOCHS, batchSize, learningRate, seed });
    const { weights, bias } = await steps.model();
    const start = { weights: [...weights], bias };
    const [trainLoss = Number.NaN, heldOutLoss = Number.NaN] = await Promise.all(
      [train, heldOut].map((data) => lossAt(data, start)),
    );
    if (turn !== this.#turns.batches) return void steps.return();
    this.#steps = steps;
    this.#heldOut = heldOut;
    this.#batches = { train, ...start, trainLosses: [trainLoss], heldOutLosses: [heldOutLoss], isOver: false };
    this.#tell();
  }

  async #fitCurve(): Promise<void> {
    const turn = ++this.#turns.curve;
    const { noiseSigma, noiseSeed, examples } = this.store.state;
    const train = noisyCurve(examples, noiseSigma, noiseSeed);
    const heldOut = heldOutCurve(noiseSigma, noiseSeed);
    const polynomials = await polynomialsOf(train, heldOut);
    if (turn !== this.#turns.curve) return;
    this.#curve = { train, heldOut, polynomials };
    this.#tell();
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}

async function lossAt(data: Dataset, { weights, bias }: { weights: readonly number[]; bias: number }): Promise<number> {
  const [loss = Number.NaN] = await lossSurface(data, { points: Float64Array.of(...weights, bias) }, ON_CPU);
  return loss;
}
