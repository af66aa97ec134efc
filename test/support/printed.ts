/** The fields of `fit --json` that the tests look into. */
export interface Printed {
  backend: string;
  dataset: { trueWeights: number[]; trueBias: number };
  weights: number[];
  bias: number;
  loss: { history: number[] };
  validation?: { history: number[]; bestEpoch: number; best: number };
  timing: { gpuMs: number | null };
  epochsRun: number;
  stopReason: string;
  converged: boolean;
  optimizer: string;
  relativeGradient: number | null;
  distanceToOptimum: number | null;
  learningRateLimit: number;
  check: { passed: boolean; maxRelativeDifference: number } | null;
  optimum: { reached: boolean; conditionNumber: number | null; weights: number[]; bias: number; maxDifference: number };
  warnings: { code: string; message: string }[];
  /** Of several targets. */
  models?: (Omit<Printed, 'models'> & { target: string })[];
}
