/** A line of the program of the slides; λ is put in for `{rate}`. */
export interface ProgramLine {
  code: string;
  /** The variable that the line sets; null for a line that sets none. */
  sets: Variable | null;
  /** The part of the code that is a derivative of the loss. */
  gradient?: string;
}

export type Variable = 'num_epoch' | 'learning_rate' | 'w1' | 'w2' | 'b' | 'epoch' | 'y_predict';

/** The program, with its blank lines. */
export const PROGRAM: readonly (ProgramLine | null)[] = [
  { code: 'num_epoch = {epochs}', sets: 'num_epoch' },
  { code: 'learning_rate = {rate}', sets: 'learning_rate' },
  null,
  { code: 'w1 = np.random.uniform(low=-1.0, high=1.0)', sets: 'w1' },
  { code: 'w2 = np.random.uniform(low=-1.0, high=1.0)', sets: 'w2' },
  { code: 'b = np.random.uniform(low=-1.0, high=1.0)', sets: 'b' },
  null,
  { code: 'for epoch in range(num_epoch):', sets: 'epoch' },
  { code: '    y_predict = x1 * w1 + x2 * w2 + b', sets: 'y_predict' },
  null,
  {
    code: '    w1 = w1 - learning_rate * ((y_predict - y) * x1).mean()',
    sets: 'w1',
    gradient: '((y_predict - y) * x1).mean()',
  },
  {
    code: '    w2 = w2 - learning_rate * ((y_predict - y) * x2).mean()',
    sets: 'w2',
    gradient: '((y_predict - y) * x2).mean()',
  },
  { code: '    b = b - learning_rate * (y_predict - y).mean()', sets: 'b', gradient: '(y_predict - y).mean()' },
];

/** Lines before the loop, and in it. */
export const SETUP_LINES = 5;
export const LOOP_LINES = 5;

/** The progress of the program. */
export interface Position {
  /** Lines executed, of all epochs. */
  executed: number;
  /** The place among the lines that are not blank of the one executed last; −1 before the first. */
  line: number;
  /** Epochs finished. */
  epochs: number;
  /** Lines of the running epoch that are executed, 0 to LOOP_LINES − 1. */
  inEpoch: number;
}

export function positionAt(executed: number): Position {
  const inLoop = Math.max(0, executed - SETUP_LINES);
  const epochs = Math.floor(inLoop / LOOP_LINES);
  const inEpoch = inLoop % LOOP_LINES;
  let line = executed - 1;
  if (inLoop > 0) line = SETUP_LINES + ((inLoop - 1) % LOOP_LINES);
  return { executed, line, epochs, inEpoch };
}

/** Lines executed when so many epochs are finished. */
export function executedAfter(epochs: number): number {
  return SETUP_LINES + LOOP_LINES * epochs;
}

/**
 * The entry of a run's path that holds the value of a variable: the parameters before epoch 0 are entry 0. undefined while
 * the variable has no value yet.
 */
export function entryOf(
  variable: 'w1' | 'w2' | 'b' | 'y_predict',
  { executed, epochs, inEpoch }: Position,
): number | undefined {
  if (variable === 'y_predict') {
    if (inEpoch >= 2) return epochs;
    return epochs > 0 ? epochs - 1 : undefined;
  }
  const [setupLine, loopLine] = { w1: [3, 3], w2: [4, 4], b: [5, 5] }[variable] as [number, number];
  if (executed < setupLine) return undefined;
  return inEpoch >= loopLine ? epochs + 1 : epochs;
}
