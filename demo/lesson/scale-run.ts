import {
  type Checkpoint,
  fit,
  type FitSteps,
  fitSteps,
  type GeneratedExamples,
  type GpuContext,
  resumeSteps,
  SEED_PROGRAM,
  type StopReason,
  type SyntheticData,
} from '../../src/index.js';
import {
  type Hypothesis,
  hypothesisOf,
  LEAST_ROWS,
  mostRowsOn,
  ROW_STEPS,
  scaleData,
  type ScaleSettings,
  type Shape,
  WATCHED,
} from './scale-data.js';
import { type Measured, timed } from './scale-measure.js';

/** Rows of the probe, its epochs and how often they are timed: some milliseconds on a software adapter, too. */
const PROBE_ROWS = 2 ** 18;
const PROBE_EPOCHS = 10;
const PROBES = 3;

/** An epoch of a size that suits a device takes no more than a frame. */
const FRAME_MS = 16;

/** A size that suits a device. */
export interface Suggestion {
  shape: Shape;
  rows: number;
  /** The time of an epoch, about. */
  epochMs: number;
}

/** Examples somewhere and descent on them, step by step. */
export interface ScaleRun {
  readonly settings: Omit<ScaleSettings, 'rate'>;
  /** The hypothesis that the examples were made from. */
  readonly truth: Hypothesis;
  /** The λ over which descent diverges. */
  readonly limit: number | null;
  /** Descent so far. */
  readonly losses: readonly number[];
  readonly hypothesis: Hypothesis;
  readonly stopReason: StopReason | null;
  /** Epochs finished. */
  readonly epoch: number;
  /** Trains for so many epochs. */
  step(epochs: number, rate: number): Promise<void>;
  /** Back to epoch 0. */
  restart(): Promise<void>;
  dispose(): void;
}

/** On a device, which makes the examples. */
export class GpuRun implements ScaleRun {
  readonly losses: number[];
  hypothesis: Hypothesis;
  stopReason: StopReason | null;

  private constructor(
    readonly context: GpuContext,
    readonly settings: Omit<ScaleSettings, 'rate'>,
    readonly examples: GeneratedExamples,
    readonly truth: Hypothesis,
    readonly limit: number | null,
    private readonly steps: FitSteps,
    start: { hypothesis: Hypothesis; losses: readonly number[] },
  ) {
    this.hypothesis = start.hypothesis;
    this.losses = [...start.losses];
    this.stopReason = this.epoch >= WATCHED.epochs ? 'epochs' : null;
  }

  /** Makes the examples by their seed, and begins; or goes on from a checkpoint of the same examples. */
  static async open(context: GpuContext, settings: ScaleSettings, saved: Checkpoint | null = null): Promise<GpuRun> {
    const made = scaleData(settings);
    const examples = await generateOn(context, made);
    try {
      const options = { learningRate: settings.rate, context };
      const steps = saved
        ? resumeSteps(saved, examples, options)
        : fitSteps(examples, { ...WATCHED, ...options, seed: settings.seed });
      const model = await steps.model();
      const { learningRateLimit, lossHistory } = model.report;
      return new GpuRun(context, settings, examples, hypothesisOf(made), learningRateLimit, steps, {
        hypothesis: hypothesisOf(model),
        losses: lossHistory,
      });
    } catch (error) {
      examples.destroy();
      throw error;
    }
  }

  get epoch(): number {
    return this.losses.length;
  }

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

  /** Also of descent that went on from a checkpoint. */
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
  measure(rate: number): Promise<Measured> {
    const { context, settings, examples } = this;
    const options = { ...SEED_PROGRAM, learningRate: rate, seed: settings.seed, context };
    return timed('streaming', (epochs) => fit(examples, { ...options, epochs }));
  }

  dispose(): void {
    void this.steps.return().catch(() => undefined);
    this.examples.destroy();
  }
}

/** Times some epochs on a device, the fastest of a few tries, and says which size an epoch of a frame allows. */
export async function suggestedOn(context: GpuContext, shape: Shape): Promise<Suggestion> {
  const examples = await generateOn(context, scaleData({ shape, rows: PROBE_ROWS, seed: 0 }));
  try {
    const times: number[] = [];
    for (let probe = 0; probe < PROBES; probe++) {
      const { report } = await fit(examples, { ...SEED_PROGRAM, epochs: PROBE_EPOCHS, context });
      times.push(report.timings.msPerEpoch ?? Infinity);
    }
    const msPerRow = Math.min(...times) / PROBE_ROWS;
    const mostRows = mostRowsOn(context.limits, shape);
    const fitting = ROW_STEPS.filter((rows) => rows <= mostRows && rows * msPerRow <= FRAME_MS);
    const rows = fitting.at(-1) ?? LEAST_ROWS;
    return { shape, rows, epochMs: rows * msPerRow };
  } finally {
    examples.destroy();
  }
}

/** Makes the examples on the device. */
async function generateOn(context: GpuContext, data: SyntheticData): Promise<GeneratedExamples> {
  const { generateExamples } = await import('../page/open-device.js');
  return generateExamples(data, { context });
}
