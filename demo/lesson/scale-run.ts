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
import {
  type Hypothesis,
  LEAST_ROWS,
  mostRowsOn,
  ROW_STEPS,
  scaleData,
  type ScaleSettings,
  type Shape,
  WATCHED,
} from './scale-data.js';
import { type Measured, measuredBy } from './scale-measure.js';

/** Rows of the probe, and its epochs: some milliseconds on a software adapter, too. */
const PROBE_ROWS = 2 ** 18;
const PROBE_EPOCHS = 10;

/** An epoch of a size that suits a device takes no more than a frame. */
const FRAME_MS = 16;

/** A size that suits a device. */
export interface Suggestion {
  shape: Shape;
  rows: number;
  /** Of an epoch, about. */
  epochMs: number;
}

/** Examples on one device and descent on them, step by step. */
export class ScaleRun {
  /** Descent so far. */
  readonly losses: number[];
  hypothesis: Hypothesis;
  stopReason: StopReason | null;

  private constructor(
    readonly context: GpuContext,
    readonly settings: Omit<ScaleSettings, 'rate'>,
    readonly examples: GeneratedExamples,
    /** What the examples were made from. */
    readonly truth: Hypothesis,
    /** The λ over which descent diverges. */
    readonly limit: number | null,
    private readonly steps: FitSteps,
    start: { hypothesis: Hypothesis; losses: readonly number[] },
  ) {
    this.hypothesis = start.hypothesis;
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
      const model = await steps.model();
      const { learningRateLimit = null, lossHistory = [] } = model.report ?? {};
      return new ScaleRun(context, settings, examples, hypothesisOf(made), learningRateLimit, steps, {
        hypothesis: hypothesisOf(model),
        losses: lossHistory,
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
    this.hypothesis = hypothesisOf(value);
    this.losses.push(...value.losses);
    this.stopReason = value.stopReason;
  }

  /** Back to epoch 0, also of descent that went on from a checkpoint. */
  async restart(): Promise<void> {
    await this.steps.reset({ seed: this.settings.seed });
    this.hypothesis = hypothesisOf(await this.steps.model());
    this.losses.length = 0;
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

/** The numbers of a model, of a step or of what data were made from. */
function hypothesisOf({ weights, bias }: { weights: Iterable<number>; bias: number }): Hypothesis {
  return { weights: [...weights], bias };
}

/** Times some epochs on a device, and says which size an epoch of a frame allows. */
export async function suggestedOn(context: GpuContext, shape: Shape): Promise<Suggestion> {
  const examples = await generateExamples(scaleData({ shape, rows: PROBE_ROWS, seed: 0 }), { context });
  try {
    const { report } = await fit(examples, { ...SEED_PROGRAM, epochs: PROBE_EPOCHS, context });
    const msPerRow = (report?.timings.msPerEpoch ?? 0) / PROBE_ROWS;
    const mostRows = mostRowsOn(context.limits, shape);
    const fitting = ROW_STEPS.filter((rows) => rows <= mostRows && rows * msPerRow <= FRAME_MS);
    const rows = fitting.at(-1) ?? LEAST_ROWS;
    return { shape, rows, epochMs: rows * msPerRow };
  } finally {
    examples.destroy();
  }
}
