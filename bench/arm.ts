/**
 * The contract of a benchmark arm: one way of running full-batch gradient descent for h = X·w + b with the loss
 * L = 1/(2m) · Σ r². Every arm gets the same problem, and all of them are timed through the same four calls.
 */

/** The data, the starting point and the rate: everything that fixes the trajectory of the parameters. */
export interface Problem {
  /** m, the number of examples. */
  rows: number;
  /** d, the number of features. */
  features: number;
  /** d columns of [m]: each arm lays them out as suits it, in `open`, which is not timed. */
  columns: Float32Array[];
  /** y, [m]. */
  targets: Float32Array;
  /** The weights before the first epoch, [d]. */
  initialWeights: Float32Array;
  /** The bias before the first epoch. */
  initialBias: number;
  /** λ in w ← w − λ·∂L/∂w, constant over the run. */
  learningRate: number;
}

/** A problem that has been laid out and uploaded, with its current parameters. */
export interface ArmSession {
  /** Continues for `epochs` epochs from the current parameters; resolves when the device has finished them. */
  train(epochs: number): Promise<void>;
  /** Reads the current parameters back. */
  parameters(): Promise<{ weights: Float32Array | Float64Array; bias: number }>;
  /** Goes back to the initial parameters; the data stay where they are. */
  reset(): Promise<void>;
  /** Frees what the session holds: buffers, tensors, processes. */
  close(): Promise<void>;
  /** The time that the last `train` took by the arm's own clock, in ms; only arms in another process have one. */
  lastTrainMs?: number;
}

/** One way of writing the descent. Several arms may be forms of one library; the fastest form of a case speaks for it. */
export interface Arm {
  /** "library device: form". */
  name: string;
  /** The runner: this library, a rival on WebGPU, a rival on the CPU, or a plain loop. */
  kind: 'ours' | 'peer-webgpu' | 'peer-cpu' | 'cpu';
  /** The version, and the adapter or the backend it runs on. */
  describe: string;
  /** True for an arm of ours on the CPU: its speed is no share of the adapter's bandwidth. */
  isOnCpu?: boolean;
  /** Its epochs do not read the examples, so their time says nothing beside that of others: whole jobs alone compare. */
  isJobOnly?: boolean;
  /** Lays out and uploads the problem; rejects with the reason when this form cannot run this problem. */
  open(problem: Problem): Promise<ArmSession>;
  /**
   * Milliseconds of a whole job by the arm's own clock, from the problem's arrays to final parameters; without it the
   * calls of a session are timed from outside.
   */
  timeJob?(problem: Problem, epochs: number): Promise<number>;
}

/** The forms of one library; rejects with the reason when that library cannot run here. */
export type ArmFactory = () => Promise<Arm[]>;
