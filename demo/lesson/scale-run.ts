import {
  type Checkpoint,
  fit,
  type FitSteps,
  fitSteps,
  type GeneratedExamples,
  generateExamples,
  type GpuContext,
  resumeSteps,
  SEED_PROGRAM,
  type StopReason,
} from '../../src/index.js';
import type { Line } from './calculate.js';
import { LEAST_ROWS, ROW_STEPS, scaleData, type ScaleSettings, WATCHED } from './scale-data.js';
import { type Measured, measuredBy } from './scale-measure.js';

/** Rows of the probe, and its epochs: some milliseconds on a software adapter, too. */
const PROBE_ROWS = 2 ** 18;
const PROBE_EPOCHS = 10;

/** An epoch of a size that suits a device takes no more than a frame. */
const FRAME_MS = 16;

/** A size that suits a device. */
export interface Suggestion {
  rows: number;
  /** Of an epoch, about. */
  epochMs: number;
}

/** Examples on one device and descent on them, step by step. */
export class ScaleRun {
  /** Descent so far. */
  readonly losses: number[];
  readonly path: { epoch: number; w: number; b: number; loss: number }[] = [];
  line: Line;
  stopReason: StopReason | null;

  private constructor(
    readonly context: GpuContext,
    readonly settings: Pick<ScaleSettings, 'rows' | 'seed'>,
    readonly examples: GeneratedExamples,
    /** What the examples were made from. */
    readonly truth: Line,
    /** The λ over which descent diverges. */
    readonly limit: number | null,
    private readonly steps: FitSteps,
    start: { line: Line; losses: readonly number[] },
  ) {
    this.line = start.line;
    this.losses = [...start.losses];
    this.stopReason = this.epoch >= WATCHED.epochs ? 'epochs' : null;
  }

  /** Makes the examples by their seed, and begins; or goes on from a checkpoint of the same examples. */
  static async open(context: GpuContext, settings: ScaleSettings, saved: Checkpoint | null = null): Promise<ScaleRun> {
    const made = scaleData(settings);
    const examples = await generateExamples(made, { context });
    try {
      const options = { learningRate: settings.rate, context };
      const steps = saved
        ? resumeSteps(saved, examples, options)
        : fitSteps(examples, { ...WATCHED, ...options, seed: settings.seed });
      const { weights, bias, report } = await steps.model();
      const truth = { w: made.weights[0] as number, b: made.bias };
      return new ScaleRun(context, settings, examples, truth, report?.learningRateLimit ?? null, steps, {
        line: { w: weights[0] as number, b: bias },
        losses: report?.lossHistory ?? [],
      });
    } catch (error) {
      examples.destroy();
      throw error;
    }
  }

  /** Epochs finished. */
  get epoch(): number {
    return this.losses.length;
  }

  /** Trains for so many epochs. */
  async step(epochs: number, rate: number): Promise<void> {
    if (this.stopReason !== null) return;
    this.steps.epochsPerStep = epochs;
    this.steps.learningRate = rate;
    const { value, done } = await this.steps.next();
    if (done) return;
    const { weights, bias, losses, loss, epoch, stopReason } = value;
    this.line = { w: weights[0] as number, b: bias };
    this.losses.push(...losses);
    this.path.push({ epoch, ...this.line, loss });
    this.stopReason = stopReason;
  }

  /** Back to epoch 0, also of descent that went on from a checkpoint. */
  async restart(): Promise<void> {
    await this.steps.reset({ seed: this.settings.seed });
    const { weights, bias } = await this.steps.model();
    this.line = { w: weights[0] as number, b: bias };
    this.losses.length = this.path.length = 0;
    this.stopReason = null;
  }

  checkpoint(): Promise<Checkpoint> {
    return this.steps.checkpoint();
  }

  /** The program's hundred epochs in one go, nothing drawn in between. */
  async measure(rate: number): Promise<Measured> {
    const { context, settings, examples } = this;
    const model = await fit(examples, { ...SEED_PROGRAM, learningRate: rate, seed: settings.seed, context });
    return measuredBy('streaming', model);
  }

  dispose(): void {
    void this.steps.return().catch(() => undefined);
    this.examples.destroy();
  }
}

/** Times some epochs on a device, and says which size an epoch of a frame allows. */
export async function suggestedOn(context: GpuContext, mostRows: number): Promise<Suggestion> {
  const examples = await generateExamples(scaleData({ rows: PROBE_ROWS, seed: 0 }), { context });
  try {
    const { report } = await fit(examples, { ...SEED_PROGRAM, epochs: PROBE_EPOCHS, context });
    const msPerRow = (report?.timings.msPerEpoch ?? 0) / PROBE_ROWS;
    const fitting = ROW_STEPS.filter((rows) => rows <= mostRows && rows * msPerRow <= FRAME_MS);
    const rows = fitting.at(-1) ?? LEAST_ROWS;
    return { rows, epochMs: rows * msPerRow };
  } finally {
    examples.destroy();
  }
}
